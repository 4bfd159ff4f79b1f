// A code-server process, installed by scripts/editors/vscode.sh, with a profile of its own.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from './until.ts'

export interface Options {
  /** A directory with installed extensions, as installExtensions makes one. It is copied. */
  extensions: string
  settings?: Record<string, unknown>
  /** Whether the editor asks for trust in the folder; without it everything is trusted. */
  asksForTrust?: boolean
  /** Whether tests inside the extension host can be started. */
  testDriver?: boolean
  env?: NodeJS.ProcessEnv
}

export class CodeServer {
  /** The directory of the profile. */
  readonly home: string
  readonly port: number
  private readonly process: ChildProcess

  private constructor(home: string, port: number, options: Options) {
    this.home = home
    this.port = port
    cpSync(options.extensions, join(home, 'extensions'), { recursive: true })
    mkdirSync(join(home, 'data', 'User'), { recursive: true })
    const settings = { ...baseSettings, ...options.settings }
    writeFileSync(join(home, 'data', 'User', 'settings.json'), JSON.stringify(settings, null, 2))
    // Sockets and other temporary files are removed with the profile.
    const temporary = join(home, 'tmp')
    mkdirSync(temporary)
    this.process = spawn(
      tool('NODE'),
      [
        ...commonArguments(home, join(home, 'extensions')),
        `--bind-addr=127.0.0.1:${port}`,
        '--auth=none',
        '--disable-telemetry',
        '--disable-update-check',
        '--vscode-option=force-disable-user-env',
        ...(options.testDriver ? ['--vscode-option=enable-smoke-test-driver'] : []),
        ...(options.asksForTrust ? [] : ['--disable-workspace-trust']),
      ],
      {
        detached: true,
        stdio: 'ignore',
        env: { ...process.env, TMPDIR: temporary, XDG_RUNTIME_DIR: temporary, XDG_DATA_HOME: home, ...options.env },
      },
    )
    // When the test process ends, however it does, so does the editor.
    const kill = () => signal(-(this.process.pid ?? 0), 'SIGKILL')
    process.once('exit', kill)
    this.process.once('exit', () => process.off('exit', kill))
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(1))
  }

  static async start(options: Options): Promise<CodeServer> {
    const server = new CodeServer(mkdtempSync(join(tmpdir(), 'inlinelens-editor-')), await freePort(), options)
    await until(
      'code-server answers',
      async () => (await fetch(`${server.address}/healthz`).catch(() => undefined))?.ok,
    )
    return server
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** The extension's output, which has the server's log. */
  log(): string {
    const logs = join(this.home, 'data', 'logs')
    if (!existsSync(logs)) return ''
    return readdirSync(logs, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('Inlinelens.log'))
      .map((name) => readFileSync(join(logs, name), 'utf8'))
      .join('\n')
  }

  /** Ends the process and everything that it started, and removes the profile. */
  async close(): Promise<void> {
    const { pid } = this.process
    if (pid !== undefined && this.process.exitCode === null) {
      const ended = new Promise((resolve) => this.process.once('exit', resolve))
      signal(-pid, 'SIGTERM')
      await Promise.race([ended, sleep(10_000, undefined, { ref: false })])
      signal(-pid, 'SIGKILL')
    }
    rmSync(this.home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}

/** Installs VSIX files into a directory, as a user's editor does. */
export function installExtensions(into: string, files: string[]): void {
  rmSync(into, { recursive: true, force: true })
  const home = mkdtempSync(join(tmpdir(), 'inlinelens-install-'))
  try {
    const r = spawnSync(
      tool('NODE'),
      [...commonArguments(home, into), ...files.flatMap((file) => ['--install-extension', file])],
      { encoding: 'utf8', env: { ...process.env, XDG_DATA_HOME: home } },
    )
    if (r.status !== 0) throw new Error(`installing ${files.join(', ')}: ${r.error ?? ''}${r.stdout}${r.stderr}`)
  } finally {
    rmSync(home, { recursive: true })
  }
}

function commonArguments(home: string, extensions: string): string[] {
  const config = join(home, 'config.yaml')
  writeFileSync(config, 'auth: none\n')
  return [
    tool('CODE_SERVER'),
    `--config=${config}`,
    `--user-data-dir=${join(home, 'data')}`,
    `--extensions-dir=${extensions}`,
  ]
}

/** Settings that keep the editor from doing anything else. */
const baseSettings = {
  'files.autoSave': 'off',
  'editor.autoIndent': 'none', // what tests type is all that there is to be
  'editor.inlayHints.enabled': 'on',
  'editor.minimap.enabled': false,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.editor.useModal': 'off',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.colorTheme': 'Dark Modern',
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.untrustedFiles': 'open',
  'git.enabled': false,
}

/** A path that scripts/editors/vscode.sh printed. */
export function tool(name: 'NODE' | 'CODE_SERVER' | 'CHROMIUM'): string {
  const path = process.env[name]
  if (!path) throw new Error(`${name} is not set: run the tests with make test-vscode`)
  return path
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended.
  }
}
