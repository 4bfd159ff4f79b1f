// The server's life: found, started, watched, restarted. One server is for all folders
// of the window; it finds the module of each file itself. Nothing is started in a
// workspace that is not trusted.
import * as vscode from 'vscode'
import {
  CloseAction,
  CodeLensRequest,
  ErrorAction,
  InlayHintRequest,
  LanguageClient,
  RevealOutputChannelOn,
  type StaticFeature,
} from 'vscode-languageclient/node'
import { label, message as plainWords } from '../foreign.ts'
import type { PackageStatus, StatusParams } from '../protocol.ts'
import { Crashes } from './crashes.ts'
import { Insistence } from './insist.ts'
import { offerInstall } from './install.ts'
import { LensPlaces } from './lenses.ts'
import { locate } from './locator.ts'
import { follow, serverLevel } from './log.ts'
import { forServer, sets } from './shown.ts'
import { misfit } from './version.ts'

export type Phase = 'untrusted' | 'starting' | 'running' | 'missing' | 'ended'

/**
 * The client without the feature that makes an editor's command of each of the server's:
 * the extension has commands of these names itself, which are there before the server is.
 */
class Client extends LanguageClient {
  override registerFeature(feature: Parameters<LanguageClient['registerFeature']>[0]): void {
    if ('registrationType' in feature && feature.registrationType.method === 'workspace/executeCommand') return
    super.registerFeature(feature)
  }
}

const wantsStatus: StaticFeature = {
  fillClientCapabilities(capabilities) {
    capabilities.experimental = { ...capabilities.experimental, inlinelens: { status: true } }
  },
  initialize() {},
  getState: () => ({ kind: 'static' }),
  clear() {},
}

export class Session implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>()
  /** Fires when phase, packages or shown are others. */
  readonly onDidChange = this.changed.event

  phase: Phase = 'starting'
  packages: readonly PackageStatus[] = []
  /** The server's version and program, while it runs. */
  version = ''
  program = ''
  /** Whether the user has hidden the hints. */
  hidden = false

  private shownIndex = 0
  private client: Client | undefined
  private readonly crashes = new Crashes()
  private readonly lenses = new LensPlaces()
  // Nothing happens in the editor when it does not listen, nor when it is about to ask.
  private readonly newHints = new Insistence(Array(60).fill(250), visible, () => {
    const feature = this.client?.getFeature(InlayHintRequest.method)
    for (const p of new Set(goDocuments().map((d) => feature?.getProvider(d)))) p?.onDidChangeInlayHints.fire()
  })
  // Each time puts off what it is about to ask.
  private readonly newLenses = new Insistence([2000, 4000, 8000], visible, () => {
    const feature = this.client?.getFeature(CodeLensRequest.method)
    for (const p of new Set(goDocuments().map((d) => feature?.getProvider(d)))) p?.onDidChangeCodeLensEmitter.fire()
  })
  private queue: Promise<void> = Promise.resolve()
  private readonly subscriptions: vscode.Disposable[] = []
  private readonly channel: vscode.LogOutputChannel
  private readonly extension: vscode.ExtensionContext

  constructor(extension: vscode.ExtensionContext, channel: vscode.LogOutputChannel) {
    this.extension = extension
    this.channel = channel
    this.subscriptions.push(
      this.lenses,
      this.newHints,
      this.newLenses,
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.restart()),
      vscode.workspace.onDidChangeConfiguration((e) => {
        if (e.affectsConfiguration('inlinelens.server')) void this.restart()
        else if (e.affectsConfiguration('inlinelens.hints')) {
          this.hidden = false // a change of the settings ends that in the server, too
          this.changed.fire()
        }
      }),
      channel.onDidChangeLogLevel(() => this.pushSettings()),
    )
  }

  /** The set of calls that have hints now. */
  get shown() {
    return sets[this.shownIndex] ?? sets[0]!
  }

  /** The number of the server's process, while it runs. */
  get pid(): number | undefined {
    return this.client?.serverProcess?.pid
  }

  /** Starts the server, or starts it anew; one at a time, in the order of the calls. */
  restart(): Promise<void> {
    this.crashes.forget()
    this.queue = this.queue
      .then(async () => {
        await this.stop()
        await this.start()
      })
      .catch((error: unknown) => {
        this.channel.error(`starting the server: ${String(error)}`)
        this.become('ended')
      })
    return this.queue
  }

  private async start(): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      this.become('untrusted')
      return
    }
    this.become('starting')
    const setting = vscode.workspace.getConfiguration('inlinelens').get<string>('server.path', '')
    const found = await locate({
      setting,
      extension: this.extension.extensionPath,
      env: process.env,
      platform: process.platform,
    })
    if (!found.ok) {
      this.channel.warn(found.problem ?? `there is no server; looked for ${found.tried.join(', ')}`)
      this.become('missing')
      void offerInstall(this, this.channel, found.problem)
      return
    }
    this.program = found.path
    this.channel.info(`server: ${found.path} (${found.source})`)
    await this.run(found.path)
  }

  private async run(command: string): Promise<void> {
    const client: Client = new Client(
      'inlinelens',
      'Inlinelens',
      { command, args: ['serve'] },
      {
        documentSelector: [{ scheme: 'file', language: 'go' }],
        outputChannel: this.channel,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        initializationOptions: forServer(
          plain(vscode.workspace.getConfiguration('inlinelens')),
          this.shown,
          serverLevel(this.channel.logLevel),
        ),
        stdioOptions: { stdout() {}, stderr: (input) => follow(input, this.channel) },
        markdown: { isTrusted: false, supportHtml: false },
        errorHandler: {
          error: () => ({ action: ErrorAction.Continue, handled: true }),
          closed: () => this.closed(client),
        },
        connectionOptions: {
          messageStrategy: {
            handleMessage: (message, next) => {
              next(plainMessage(message))
              if (!('method' in message)) return
              if (message.method === 'workspace/inlayHint/refresh') this.newHints.told()
              if (message.method === 'workspace/codeLens/refresh') this.newLenses.told()
            },
          },
        },
        middleware: {
          provideInlayHints: (document, range, token, next) => {
            this.newHints.asked(document.uri.toString())
            return next(document, range, token)
          },
          provideCodeLenses: (document, token, next) => {
            this.newLenses.asked(document.uri.toString())
            return next(document, token)
          },
          resolveCodeLens: async (lens, token, next) => {
            const resolved = await next(lens, token)
            if (resolved?.command) resolved.command.title = label(resolved.command.title)
            return this.lenses.follow(resolved)
          },
          workspace: {
            configuration: async (params, token, next) => {
              const values = await next(params, token)
              if (!Array.isArray(values)) return values
              return values.map((value: unknown, i) =>
                params.items[i]?.section === 'inlinelens'
                  ? forServer(value, this.shown, serverLevel(this.channel.logLevel))
                  : value,
              )
            },
            // The server asks, and gets what the above makes of the settings.
            didChangeConfiguration: async (_, next) => {
              if (this.client === client && client.isRunning()) await next(undefined)
            },
          },
        },
      },
    )
    client.registerFeature(wantsStatus)
    client.onNotification('inlinelens/status', (params: StatusParams) => {
      this.packages = params.packages
      this.changed.fire()
    })
    this.client = client
    await client.start()
    this.runs(client)
    const wrong = misfit(this.version)
    if (wrong !== undefined) void offerInstall(this, this.channel, wrong)
  }

  private runs(client: Client): void {
    this.version = client.initializeResult?.serverInfo?.version ?? ''
    this.channel.info(`server ${this.version} runs as process ${this.pid}`)
    this.become('running')
  }

  /** Decides what to do when the server has ended by itself, and says so. */
  private closed(client: Client) {
    this.packages = []
    this.hidden = false
    const again = this.crashes.again(Date.now())
    const message = again
      ? "Inlinelens' server ended unexpectedly and was started again."
      : `Inlinelens' server ended ${this.crashes.count} times within three minutes and is not started again.`
    this.channel.error(message)
    this.become(again ? 'starting' : 'ended')
    if (again) {
      if (this.crashes.count === 1) void this.say(vscode.window.showWarningMessage, message, ['Show Output'])
      const running = client.onDidChangeState(() => {
        if (!client.isRunning()) return
        running.dispose()
        this.runs(client)
      })
      return { action: CloseAction.Restart, handled: true, message }
    }
    void this.say(vscode.window.showErrorMessage, message, ['Restart', 'Show Output'])
    return { action: CloseAction.DoNotRestart, handled: true, message }
  }

  private async say(
    show: (message: string, ...items: string[]) => Thenable<string | undefined>,
    message: string,
    items: string[],
  ): Promise<void> {
    const chosen = await show(message, ...items)
    if (chosen === 'Show Output') this.channel.show()
    if (chosen === 'Restart') await this.restart()
  }

  /** Sends a request; undefined if no server runs. */
  async request<R>(method: string, params: unknown): Promise<R | undefined> {
    if (!this.client?.isRunning()) return undefined
    return (await this.client.sendRequest<R | null>(method, params)) ?? undefined
  }

  /** Runs a command of the server. */
  execute<R>(command: string, ...args: unknown[]): Promise<R | undefined> {
    return this.request<R>('workspace/executeCommand', { command, arguments: args })
  }

  /** Shows hints at the next set of calls. */
  cycle(): void {
    this.shownIndex = (this.shownIndex + 1) % sets.length
    this.hidden = false
    this.pushSettings()
    this.changed.fire()
  }

  setHidden(hidden: boolean): void {
    this.hidden = hidden
    this.changed.fire()
  }

  private pushSettings(): void {
    if (this.client?.isRunning())
      void this.client.sendNotification('workspace/didChangeConfiguration', { settings: null })
  }

  private become(phase: Phase): void {
    this.phase = phase
    void vscode.commands.executeCommand('setContext', 'inlinelens.phase', phase)
    this.changed.fire()
  }

  private async stop(): Promise<void> {
    const client = this.client
    this.client = undefined
    this.packages = []
    // A server that ended by itself has nothing to be stopped.
    if (client?.needsStop())
      await client.stop().catch((error: unknown) => this.channel.warn(`stopping the server: ${String(error)}`))
    await client?.dispose().catch(() => undefined)
  }

  async dispose(): Promise<void> {
    for (const s of this.subscriptions) s.dispose()
    await this.queue
    await this.stop()
    this.changed.dispose()
  }
}

/** A message of the server whose words the client shows as they are, without links and icons in them. */
function plainMessage<M extends object>(message: M): M {
  if (!('method' in message) || !('params' in message)) return message
  if (message.method === 'window/showMessage') {
    const params = message.params as { message: string }
    return { ...message, params: { ...params, message: plainWords(params.message) } }
  }
  if (message.method === '$/progress') {
    const params = message.params as { value?: { message?: unknown } }
    if (typeof params.value?.message === 'string')
      return { ...message, params: { ...params, value: { ...params.value, message: label(params.value.message) } } }
  }
  return message
}

/** The Go files on the screen. */
function goDocuments(): vscode.TextDocument[] {
  return vscode.window.visibleTextEditors
    .map((e) => e.document)
    .filter((d) => d.languageId === 'go' && d.uri.scheme === 'file')
}

function visible(): string[] {
  return goDocuments().map((d) => d.uri.toString())
}

/** A configuration object without its methods. */
function plain(configuration: vscode.WorkspaceConfiguration): unknown {
  return JSON.parse(JSON.stringify(configuration))
}
