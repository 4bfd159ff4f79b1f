// Finds, starts, watches and restarts the server. One server serves all folders of the
// window; it finds the module of each file itself. Nothing is started in a workspace that
// is not trusted.
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
import { message as escapeMessage, label } from '../escape.ts'
import { method, section } from '../generated.ts'
import type { HintState, PackageStatus, StatusParams } from '../protocol.ts'
import { offerInstall } from './install.ts'
import { LensPositions } from './lenses.ts'
import { locate } from './locator.ts'
import { follow, serverLevel } from './log.ts'
import { RefreshRetry } from './refresh.ts'
import { serverSettings } from './settings.ts'
import { versionProblem } from './version.ts'

type Phase = 'untrusted' | 'starting' | 'running' | 'missing' | 'ended'

/**
 * The client without the feature that registers an editor command for each command of the
 * server: the extension registers these itself, before the server runs. What goes wrong
 * while no server runs it logs only: the extension says what happened.
 */
class Client extends LanguageClient {
  /** Whether its server has ended by itself. */
  over = false

  override error(message: string, data?: unknown, showNotification?: boolean | 'force'): void {
    super.error(message, data, this.isRunning() ? showNotification : false)
  }

  override registerFeature(feature: Parameters<LanguageClient['registerFeature']>[0]): void {
    if ('registrationType' in feature && feature.registrationType.method === 'workspace/executeCommand') return
    super.registerFeature(feature)
  }
}

const statusCapability: StaticFeature = {
  fillClientCapabilities(capabilities) {
    capabilities.experimental = { ...capabilities.experimental, inlinelens: { status: true, advice: true } }
  },
  initialize() {},
  getState: () => ({ kind: 'static' }),
  clear() {},
}

/** How often within three minutes a server that ends by itself is restarted. */
const maxRestarts = 4
const threeMinutes = 3 * 60_000

export class Session implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>()
  /** Fires when phase, packages or hints have changed. */
  readonly onDidChange = this.changed.event

  phase: Phase = 'starting'
  packages: readonly PackageStatus[] = []
  /** The server's version, while it runs. */
  version = ''
  /** Which calls have hints. */
  hints: HintState = { preset: '', title: '' }

  private client: Client | undefined
  /** When the server ended by itself, in milliseconds, since the user last restarted it. */
  private ends: number[] = []
  private readonly lenses = new LensPositions()
  // Often, as a refresh costs nothing if the editor ignores it or is about to send its request.
  private readonly hintRefresh = new RefreshRetry(Array(60).fill(250), visible, () => {
    const feature = this.client?.getFeature(InlayHintRequest.method)
    for (const p of new Set(goDocuments().map((d) => feature?.getProvider(d)))) p?.onDidChangeInlayHints.fire()
  })
  // Rarely, as each refresh delays the request that the editor is about to send.
  private readonly lensRefresh = new RefreshRetry([2000, 4000, 8000], visible, () => {
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
      this.hintRefresh,
      this.lensRefresh,
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.restart()),
      vscode.workspace.onDidChangeConfiguration((e) => {
        if (e.affectsConfiguration('inlinelens.server')) void this.restart()
      }),
      channel.onDidChangeLogLevel(() => this.pushSettings()),
    )
  }

  /** The id of the server's process, while it runs. */
  get pid(): number | undefined {
    return this.client?.serverProcess?.pid
  }

  /** Starts or restarts the server. Calls are worked off one at a time, in order. */
  restart(): Promise<void> {
    this.ends = []
    return this.startAgain()
  }

  private startAgain(): Promise<void> {
    this.queue = this.queue
      .then(async () => {
        await this.stop()
        await this.start()
      })
      .catch((error: unknown) => {
        this.channel.error(`starting the server: ${String(error)}`)
        this.setPhase('ended')
      })
    return this.queue
  }

  private async start(): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      this.setPhase('untrusted')
      return
    }
    this.setPhase('starting')
    const setting = vscode.workspace.getConfiguration(section).get<string>('server.path', '')
    const found = await locate({
      setting,
      extension: this.extension.extensionPath,
      env: process.env,
      platform: process.platform,
    })
    if (!found.ok) {
      this.channel.warn(found.problem ?? `no server found; looked for ${found.tried.join(', ')}`)
      this.setPhase('missing')
      void offerInstall(this, this.channel, found.problem)
      return
    }
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
        initializationOptions: serverSettings(
          plain(vscode.workspace.getConfiguration(section)),
          serverLevel(this.channel.logLevel),
        ),
        stdioOptions: { stdout() {}, stderr: (input) => follow(input, this.channel) },
        markdown: { isTrusted: false, supportHtml: false },
        errorHandler: {
          error: () => ({ action: ErrorAction.Continue, handled: true }),
          // The client could start the server again, but not one that ends while it starts.
          closed: () => {
            this.ended(client)
            return { action: CloseAction.DoNotRestart, handled: true }
          },
        },
        connectionOptions: {
          messageStrategy: {
            handleMessage: (message, next) => {
              next(plainMessage(message))
              if (!('method' in message)) return
              if (message.method === 'workspace/inlayHint/refresh') this.hintRefresh.refreshed()
              if (message.method === 'workspace/codeLens/refresh') this.lensRefresh.refreshed()
            },
          },
        },
        middleware: {
          provideInlayHints: (document, range, token, next) => {
            this.hintRefresh.requested(document.uri.toString())
            return next(document, range, token)
          },
          provideCodeLenses: (document, token, next) => {
            this.lensRefresh.requested(document.uri.toString())
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
                params.items[i]?.section === section
                  ? serverSettings(value, serverLevel(this.channel.logLevel))
                  : value,
              )
            },
            // The server then requests the settings, which configuration above adapts.
            didChangeConfiguration: async (_, next) => {
              if (this.client === client && client.isRunning()) await next(undefined)
            },
          },
        },
      },
    )
    client.registerFeature(statusCapability)
    client.onNotification(method.status, (params: StatusParams) => {
      this.packages = params.packages
      this.hints = params.hints
      this.changed.fire()
    })
    this.client = client
    try {
      await client.start()
    } catch (error) {
      this.channel.error(`starting the server: ${String(error)}`)
      this.ended(client)
      return
    }
    this.version = client.initializeResult?.serverInfo?.version ?? ''
    this.channel.info(`server ${this.version} runs as process ${this.pid}`)
    this.setPhase('running')
    const wrong = versionProblem(this.version)
    if (wrong !== undefined) void offerInstall(this, this.channel, wrong)
  }

  /** Restarts a server that has ended by itself, unless it did so too often, and says so. */
  private ended(client: Client): void {
    if (this.client !== client || client.over) return // one that ends while it starts tells so twice
    client.over = true
    this.packages = []
    const now = Date.now()
    this.ends = [...this.ends.filter((t) => now - t < threeMinutes), now]
    const restart = this.ends.length <= maxRestarts
    const message = restart
      ? 'The Inlinelens server ended unexpectedly and was restarted.'
      : `The Inlinelens server ended ${this.ends.length} times in three minutes and is not restarted.`
    this.channel.error(message)
    this.setPhase(restart ? 'starting' : 'ended')
    if (!restart) void this.say(vscode.window.showErrorMessage, message, ['Restart', 'Show Output'])
    else {
      if (this.ends.length === 1) void this.say(vscode.window.showWarningMessage, message, ['Show Output'])
      void this.startAgain()
    }
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

  private pushSettings(): void {
    if (this.client?.isRunning())
      void this.client.sendNotification('workspace/didChangeConfiguration', { settings: null })
  }

  private setPhase(phase: Phase): void {
    this.phase = phase
    void vscode.commands.executeCommand('setContext', 'inlinelens.phase', phase)
    this.changed.fire()
  }

  private async stop(): Promise<void> {
    const client = this.client
    this.client = undefined
    this.packages = []
    // A server that ended by itself need not be stopped.
    if (client && !client.over && client.needsStop())
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

/** A message of the server, with links and icons escaped in the texts that the client shows. */
function plainMessage<M extends object>(message: M): M {
  if (!('method' in message) || !('params' in message)) return message
  if (message.method === 'window/showMessage') {
    const params = message.params as { message: string }
    return { ...message, params: { ...params, message: escapeMessage(params.message) } }
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
