// A real VS Code: code-server, which scripts/editors/vscode.sh installs, used through
// Chromium as a person would. What a test sees is what stands on the screen.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Browser, chromium, type Page } from 'playwright-core'

/** Where screenshots and logs are kept; git ignores it. */
export const output = join(import.meta.dirname, '..', '..', 'out', 'e2e')

/** How long something that will come is waited for, in milliseconds: a machine that has other work to do is slow. */
export const patience = 45_000

/** Where an editor is, and what is open in it. */
export interface Place {
  /** Names the screenshots. */
  name: string
  folder: string
}

export interface Options extends Place {
  /** A .code-workspace file to open, with several folders; otherwise folder is opened. */
  workspace?: string
  /** VSIX files to install. */
  extensions: string[]
  settings?: Record<string, unknown>
  /** Whether the editor asks for trust in the folder; without it all is trusted. */
  asksForTrust?: boolean
  env?: NodeJS.ProcessEnv
  /** A folder with an extension, and a bundle with a function run, for tests inside the extension host. */
  hostTests?: { extension: string; tests: string }
}

export class Editor {
  readonly page: Page
  private readonly place: Place
  private readonly browser: Browser
  /** The folder of the profile; "" if the editor is somebody else's. */
  home = ''
  private settingsBefore: Record<string, unknown> = {}
  private server: ChildProcess | undefined

  private constructor(place: Place, browser: Browser, page: Page) {
    this.place = place
    this.browser = browser
    this.page = page
  }

  /** Starts an editor with a profile of its own, and waits until it can be used. */
  static async start(options: Options): Promise<Editor> {
    const home = mkdtempSync(join(tmpdir(), 'inlinelens-editor-'))
    const config = join(home, 'config.yaml')
    writeFileSync(config, 'auth: none\n')
    mkdirSync(join(home, 'data', 'User'), { recursive: true })
    writeFileSync(join(home, 'data', 'User', 'settings.json'), settingsText(options.settings ?? {}))
    const common = [
      tool('CODE_SERVER'),
      '--config',
      config,
      '--user-data-dir',
      join(home, 'data'),
      '--extensions-dir',
      join(home, 'extensions'),
    ]
    for (const vsix of options.extensions) {
      const r = spawnSync(tool('NODE'), [...common, '--install-extension', vsix], {
        encoding: 'utf8',
        timeout: 120_000,
        env: { ...process.env, XDG_DATA_HOME: home },
      })
      if (r.status !== 0) throw new Error(`installing ${vsix}: ${r.error ?? ''}${r.stdout}${r.stderr}`)
    }
    // Its sockets and other temporary files go with the profile.
    const temporary = join(home, 'tmp')
    mkdirSync(temporary)
    const port = await freePort()
    const server = spawn(
      tool('NODE'),
      [
        ...common,
        '--bind-addr',
        `127.0.0.1:${port}`,
        '--auth',
        'none',
        '--disable-telemetry',
        '--disable-update-check',
        '--vscode-option',
        'force-disable-user-env',
        ...(options.hostTests ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
        ...(options.asksForTrust ? [] : ['--disable-workspace-trust']),
      ],
      {
        detached: true,
        stdio: ['ignore', 'ignore', 'ignore'],
        env: { ...process.env, TMPDIR: temporary, XDG_RUNTIME_DIR: temporary, XDG_DATA_HOME: home, ...options.env },
      },
    )
    // A test that is ended from outside takes the editor along.
    const end = () => signal(-(server.pid ?? 0), 'SIGKILL')
    process.once('exit', end)
    server.once('exit', () => process.off('exit', end))
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(1))
    const address = `http://127.0.0.1:${port}`
    await until(
      'the editor answers',
      async () => (await fetch(`${address}/healthz`).catch(() => undefined))?.ok,
      60_000,
    )
    const query = new URLSearchParams(options.workspace ? { workspace: options.workspace } : { folder: options.folder })
    if (options.hostTests) {
      const remote = (path: string) => `vscode-remote://127.0.0.1:${port}${path}`
      query.set(
        'payload',
        JSON.stringify([
          ['extensionDevelopmentPath', remote(options.hostTests.extension)],
          ['extensionTestsPath', remote(options.hostTests.tests)],
        ]),
      )
    }
    return Editor.browse(options, `${address}/?${query}`, async (editor) => {
      editor.home = home
      editor.settingsBefore = options.settings ?? {}
      editor.server = server
      if (options.hostTests) await editor.listen()
    })
  }

  /** Opens an editor that runs at an address, and waits until it can be used; first, what is to be done before the page loads. */
  static async browse(place: Place, address: string, first?: (editor: Editor) => Promise<void>): Promise<Editor> {
    const browser = await chromium.launch({
      executablePath: tool('CHROMIUM'),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    })
    const context = await browser.newContext({
      viewport: { width: 1500, height: 950 },
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    const page = await context.newPage()
    page.setDefaultTimeout(patience)
    const editor = new Editor(place, browser, page)
    await first?.(editor)
    await page.goto(address, { timeout: 60_000 })
    await page.waitForSelector('.monaco-workbench .part.statusbar', { timeout: 60_000 })
    return editor
  }

  private readonly told: string[] = []
  private exitCode: Promise<number> | undefined

  /** Takes what the tests inside the extension host tell the page. */
  private async listen(): Promise<void> {
    await this.page.exposeFunction(
      'codeAutomationLog',
      (_type: string, args: unknown[]) => void this.told.push(args.map(String).join(' ')),
    )
    this.exitCode = new Promise(
      (resolve) => void this.page.exposeFunction('codeAutomationExit', (code: number) => resolve(code)),
    )
  }

  /** Waits for the end of the tests inside the extension host; what they wrote, and their exit code. */
  async hostTests(): Promise<{ lines: string[]; code: number }> {
    const code = await this.exitCode
    return { lines: this.told, code: code ?? -1 }
  }

  /** Opens a file of the folder, at a 1-based line. */
  async open(file: string, line = 1): Promise<void> {
    await this.page.keyboard.press('Control+p')
    await this.quickInput()
    await this.page.keyboard.insertText(join(this.place.folder, file))
    const base = file.slice(file.lastIndexOf('/') + 1)
    await this.page.waitForSelector(`.quick-input-list .monaco-list-row.focused[aria-label^="${base}"]`)
    await this.page.keyboard.press('Enter')
    await this.page.waitForSelector(`.tab.active[data-resource-name="${base}"]`)
    await this.goTo(line)
  }

  /** Puts the cursor at the start of a 1-based line and column. */
  async goTo(line: number, column = 1): Promise<void> {
    await this.page.waitForSelector('.quick-input-widget', { state: 'hidden' })
    await this.page.keyboard.press('Control+g')
    await this.quickInput()
    await this.page.keyboard.insertText(`${line}:${column}`) // behind the colon that is there
    await this.page.waitForSelector(`.quick-input-list .monaco-list-row[aria-label*="line ${line}"]`)
    await this.page.keyboard.press('Enter')
    await this.page.waitForSelector('.quick-input-widget', { state: 'hidden' })
    await until(`the cursor is in line ${line}`, async () => (await this.cursor()).line === line)
  }

  /** Runs a command by the title that the palette shows. */
  async run(title: string): Promise<void> {
    await this.page.waitForSelector('.quick-input-widget', { state: 'hidden' })
    await this.page.keyboard.press('F1')
    await this.quickInput()
    await this.page.keyboard.insertText(title)
    await this.page.waitForSelector(`.quick-input-list .monaco-list-row.focused[aria-label*="${title}"]`)
    await this.page.keyboard.press('Enter')
  }

  /** Waits until what is typed goes into the editor's input box. */
  private async quickInput(): Promise<void> {
    await this.page.waitForFunction(() => document.activeElement?.closest('.quick-input-widget') instanceof HTMLElement)
  }

  /** The visible lines of the editor that has the focus, as they stand on the screen, with blanks as blanks. */
  async lines(): Promise<string[]> {
    const lines = await this.page.$$eval('.editor-group-container.active .monaco-editor .view-line', (all) => {
      // Texts of decorations are in the style of an element, before and after what it has.
      const words = (node: Node): string => {
        if (!(node instanceof Element)) return node.textContent ?? ''
        const drawn = (which: string) => /^"(.*)"$/.exec(getComputedStyle(node, which).content)?.[1] ?? ''
        return drawn('::before') + [...node.childNodes].map(words).join('') + drawn('::after')
      }
      return all.map((e) => ({ top: (e as HTMLElement).offsetTop, text: words(e) }))
    })
    return lines.sort((a, b) => a.top - b.top).map((l) => l.text.replaceAll('\u00a0', ' ').replaceAll('\u200d', ''))
  }

  /** The first visible line that has a text, waited for. */
  line(text: string | RegExp, timeout = patience): Promise<string> {
    return until(
      `a line has ${text}`,
      async () => (await this.lines()).find((l) => matches(l, text)),
      timeout,
      async () => (await this.lines()).join('\n'),
    )
  }

  async noLine(text: string | RegExp, timeout = patience): Promise<void> {
    await until(
      `no line has ${text}`,
      async () => !(await this.lines()).some((l) => matches(l, text)),
      timeout,
      async () => (await this.lines()).join('\n'),
    )
  }

  async lenses(): Promise<string[]> {
    return this.page.$$eval('.editor-group-container.active .codelens-decoration', (all) =>
      all.map((e) => (e.textContent ?? '').replaceAll('\u00a0', ' ')),
    )
  }

  lens(text: string | RegExp, timeout = patience): Promise<string> {
    return until(
      `a lens says ${text}`,
      async () => (await this.lenses()).find((l) => matches(l, text)),
      timeout,
      async () => (await this.lenses()).join('\n'),
    )
  }

  /**
   * Clicks a lens that has a text until the page has what the click brings. The editor
   * draws a lens anew whenever a server has answered, and forgets a click that is half done.
   */
  async clickLens(text: string, brings: string): Promise<void> {
    await until(`a click on ${text} brings ${brings}`, async () => {
      await this.page.click(`.editor-group-container.active .codelens-decoration a:has-text("${text}")`)
      return this.page.waitForSelector(brings, { timeout: 5_000 }).catch(() => undefined)
    })
  }

  /** Shows the hover at a 1-based line and column, and waits until it has all these words: each server's come when they are there. */
  async hover(line: number, column: number, ...like: RegExp[]): Promise<void> {
    await this.goTo(line, column)
    await this.run('Show or Focus Hover')
    const words = async () =>
      (
        await this.page.$$eval('.monaco-hover:not(.hidden) .hover-contents', (all) =>
          all.map((e) => e.textContent ?? ''),
        )
      ).join('\n')
    await until(
      `the hover has ${like.join(' and ')}`,
      async () => {
        const text = await words()
        return like.every((l) => l.test(text))
      },
      patience,
      words,
    )
  }

  /** Writes at the start of the cursor's line, without the editor's help with brackets and blanks. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.insertText(text)
  }

  /** Deletes a 1-based line. */
  async deleteLine(line: number): Promise<void> {
    await this.goTo(line)
    await this.page.keyboard.press('Control+Shift+k')
  }

  /** Where the cursor is, 1-based, as the status bar says. */
  async cursor(): Promise<{ line: number; column: number }> {
    const text = await this.page.textContent('#status\\.editor\\.selection')
    const m = /Ln (\d+), Col (\d+)/.exec(text ?? '')
    return { line: Number(m?.[1] ?? 0), column: Number(m?.[2] ?? 0) }
  }

  /** The rows of the list that the editor shows to pick from, once so many are like this. */
  picks(like: RegExp, number = 1): Promise<string[]> {
    const rows = () => this.list('.quick-input-list .monaco-list-row')
    return until(
      `a row is like ${like}`,
      async () => {
        const all = await rows()
        return all.filter((r) => like.test(r)).length >= number && all
      },
      patience,
      async () => (await rows()).join('\n'),
    )
  }

  /** The words of the page with an explanation, once they have a text. */
  explanation(text: string): Promise<string> {
    const words = async () => {
      const texts = await Promise.all(
        this.page
          .frames()
          .map((f) =>
            f.evaluate(() => (document.title === 'Inlining Explained' ? document.body.innerText : '')).catch(() => ''),
          ),
      )
      return texts.join('')
    }
    return until(
      `the page has ${text}`,
      async () => {
        const all = await words()
        return all.includes(text) && all
      },
      patience,
      words,
    )
  }

  /** Clicks the first link on the page with an explanation whose words are so. */
  async followLink(words: RegExp): Promise<void> {
    for (const frame of this.page.frames()) {
      const link = frame.locator('a[href^="command:"]').filter({ hasText: words }).first()
      if ((await link.count().catch(() => 0)) > 0) return link.click()
    }
    throw new Error(`no page has a link ${words}`)
  }

  /** Saves the file that has the focus. */
  async save(): Promise<void> {
    await this.page.keyboard.press('Control+s')
    await this.page.waitForSelector('.tab.active:not(.dirty)')
  }

  /** Changes the user's settings, in their file, with the editor. */
  async settings(settings: Record<string, unknown>): Promise<void> {
    await this.run('Preferences: Open User Settings (JSON)')
    await this.page.waitForSelector('.tab.active[data-resource-name="settings.json"]')
    await this.line('"files.autoSave"')
    await this.page.keyboard.press('Control+a')
    await this.page.keyboard.insertText(settingsText({ ...this.settingsBefore, ...settings }))
    await this.save()
    await this.page.keyboard.press('Control+w')
    await this.page.waitForSelector('.tab[data-resource-name="settings.json"]', { state: 'detached' })
  }

  /** The words of the language status items. */
  async status(): Promise<string> {
    const item = await this.page.$('#status\\.languageStatus')
    await item?.hover()
    await sleep(600)
    const text = (await this.page.$$eval('.hover-language-status', (all) => all.map((e) => e.textContent ?? ''))).join(
      '\n',
    )
    await this.page.mouse.move(700, 400)
    return text
  }

  /** Shows the notifications, and waits until one says something. */
  async notification(text: string | RegExp): Promise<void> {
    await this.run('Notifications: Show Notifications')
    await until(
      `a notification says ${text}`,
      async () => matches(await this.notifications(), text),
      patience,
      () => this.notifications(),
    )
  }

  /** Clicks the button of the notification that says something. */
  async answer(text: string, button: string): Promise<void> {
    await this.notification(text)
    await this.page.click(`.notification-list-item:has-text("${text}") .monaco-button:has-text("${button}")`)
  }

  /** The rows of a list as they are read out, from the top: the page has them in any order. */
  private list(selector: string): Promise<string[]> {
    return this.page.$$eval(selector, (all) =>
      all
        .sort((a, b) => Number(a.getAttribute('data-index')) - Number(b.getAttribute('data-index')))
        .map((e) => e.getAttribute('aria-label') ?? ''),
    )
  }

  /** The rows of the view in the side bar, as they are read out. */
  async rows(): Promise<string> {
    return (await this.list('.pane-body .monaco-list-row')).join('\n')
  }

  /** Waits until the rows of the view in the side bar are like this. */
  async row(like: RegExp): Promise<void> {
    await until(
      `the view has ${like}`,
      async () => like.test(await this.rows()),
      patience,
      () => this.rows(),
    )
  }

  /** Clicks the row of the view in the side bar that starts so. */
  async clickRow(start: string): Promise<void> {
    await this.page.click(`.pane-body .monaco-list-row[aria-label^="${start}"]`)
  }

  /** The words of the notifications that are on the screen. */
  async notifications(): Promise<string> {
    return (
      await this.page.$$eval('.notification-list-item-message', (all) => all.map((e) => e.textContent ?? ''))
    ).join('\n')
  }

  /** Where the first visible line that has a text begins on the screen. */
  async top(text: string): Promise<number> {
    const line = this.page
      .locator('.editor-group-container.active .view-line', {
        hasText: new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s')),
      })
      .first()
    return (await line.boundingBox())?.y ?? 0
  }

  /** Keeps a picture of the screen, or of a part of it. */
  async screenshot(name: string, clip?: { x: number; y: number; width: number; height: number }): Promise<string> {
    mkdirSync(output, { recursive: true })
    const path = join(output, `${this.place.name}-${name}.png`)
    await this.page.screenshot({ path, ...(clip ? { clip } : {}) })
    return path
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

  /** Keeps what helps to see why a test failed. */
  async keep(test: string): Promise<void> {
    const name = `failed-${test.replace(/[^a-z0-9]+/gi, '-')}`
    await this.screenshot(name).catch(() => undefined)
    writeFileSync(join(output, `${this.place.name}-${name}.log`), this.log())
  }

  /** Ends the editor and all that it started, and forgets its profile. */
  async close(): Promise<void> {
    await this.browser.close()
    const { server } = this
    const pid = server?.pid
    if (pid !== undefined) {
      const ended = new Promise((resolve) => server?.once('exit', resolve))
      signal(-pid, 'SIGTERM')
      await Promise.race([ended, sleep(5_000)])
      signal(-pid, 'SIGKILL')
    }
    if (this.home) rmSync(this.home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}

/** Settings that keep the editor from doing anything else. */
const quiet = {
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

function settingsText(settings: Record<string, unknown>): string {
  return JSON.stringify({ ...quiet, ...settings }, null, 2)
}

function matches(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)
}

/** A path that scripts/editors/vscode.sh printed. */
function tool(name: 'NODE' | 'CODE_SERVER' | 'CHROMIUM'): string {
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

/** Waits until look finds something, and returns it; after the timeout, in milliseconds, it fails with what can be seen. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  timeout = patience,
  seen?: () => Promise<string>,
): Promise<T> {
  const end = Date.now() + timeout
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > end)
      throw new Error(`${timeout} ms passed before ${what}${seen ? `; there is\n${await seen()}` : ''}`)
    await sleep(50)
  }
}

/** The folder of the module that the tests are in. */
export const repository = dirname(dirname(dirname(import.meta.dirname)))
