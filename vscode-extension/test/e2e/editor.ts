// A VS Code on a screen: code-server, driven through Chromium as a person would use it.
// Tests assert what is on the screen.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Browser, chromium, errors, type Page } from 'playwright-core'
import { CodeServer, type Options as ServerOptions, tool } from './codeserver.ts'
import { Explanation } from './explanation.ts'
import { list, SideBar } from './sidebar.ts'
import { until, waitLimit } from './until.ts'

/** Where screenshots and logs are kept; git ignores it. */
const output = join(import.meta.dirname, '..', '..', 'out', 'e2e')

/** The root of the repository. */
export const repository = dirname(dirname(dirname(import.meta.dirname)))

interface Window {
  /** The prefix of the names of screenshots. */
  name: string
  folder: string
}

interface Options extends Window, ServerOptions {
  /** A .code-workspace file to open, with several folders; otherwise folder is opened. */
  workspace?: string
  /** An extension and a bundle with a function run: the tests to run inside the extension host. */
  hostTests?: { extension: string; tests: string }
}

/** A bar in the gutter. */
interface Bar {
  /** In pixels of the page; height is that of its image, which is a square. */
  top: number
  height: number
  /** In sixteenths of the image. */
  width: number
  color: string
  /** The text of its line. */
  line: string
}
/** The label of the extension's item in the status bar. */
const statusItem = '.statusbar-item[id$="inlinelens.status"] .statusbar-item-label'

export class Editor {
  readonly page: Page
  /** The page with an explanation. */
  readonly explanation: Explanation
  /** The view in the side bar. */
  readonly view: SideBar
  private readonly window: Window
  private readonly browser: Browser
  /** Ends what was started for it. */
  private readonly end: () => Promise<void>
  /** The process that serves the page; undefined if the test started it otherwise. */
  private readonly server: CodeServer | undefined
  private readonly hostLines: string[] = []
  private hostExit: Promise<number> | undefined
  /** The texts of all notifications that have been on the screen. */
  private readonly notified = new Set<string>()
  private readonly expected: (string | RegExp)[] = []
  /** The folder's settings before the test changed them. */
  private settingsBefore: Record<string, unknown> | undefined

  private constructor(
    window: Window,
    browser: Browser,
    page: Page,
    server: CodeServer | undefined,
    end: () => Promise<void>,
  ) {
    this.window = window
    this.browser = browser
    this.page = page
    this.explanation = new Explanation(page)
    this.view = new SideBar(page)
    this.server = server
    this.end = end
  }

  /** Starts an editor with a profile of its own, and waits until it can be used. */
  static async start(options: Options): Promise<Editor> {
    const server = await CodeServer.start({ ...options, testDriver: options.hostTests !== undefined })
    const query = new URLSearchParams(options.workspace ? { workspace: options.workspace } : { folder: options.folder })
    if (options.hostTests) {
      const remote = (path: string) => `vscode-remote://127.0.0.1:${server.port}${path}`
      const payload = [
        ['extensionDevelopmentPath', remote(options.hostTests.extension)],
        ['extensionTestsPath', remote(options.hostTests.tests)],
      ]
      query.set('payload', JSON.stringify(payload))
    }
    try {
      return await Editor.browse(options, `${server.address}/?${query}`, server)
    } catch (error) {
      await server.close()
      throw error
    }
  }

  /** Opens an editor that runs at an address, and waits until it can be used. */
  static async browse(window: Window, address: string, server?: CodeServer): Promise<Editor> {
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
    return Editor.visit(window, browser, address, server, async () => {
      await browser.close()
      await server?.close()
    })
  }

  /** Opens a window that remembers nothing, with a file of the folder. It is to be closed before this one. */
  async newWindow(file: string): Promise<Editor> {
    assert.ok(this.server)
    const { port, address } = this.server
    const path = `vscode-remote://127.0.0.1:${port}${join(this.window.folder, file)}`
    const query = new URLSearchParams({ folder: this.window.folder, payload: JSON.stringify([['openFile', path]]) })
    const editor = await Editor.visit(this.window, this.browser, `${address}/?${query}`, this.server, () =>
      editor.page.context().close(),
    )
    return editor
  }

  private static async visit(
    window: Window,
    browser: Browser,
    address: string,
    server: CodeServer | undefined,
    end: () => Promise<void>,
  ): Promise<Editor> {
    const context = await browser.newContext({
      viewport: { width: 1500, height: 950 },
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    const page = await context.newPage()
    page.setDefaultTimeout(waitLimit)
    const editor = new Editor(window, browser, page, server, end)
    await editor.listenToHost()
    await editor.watchNotifications()
    await page.goto(address)
    await page.waitForSelector('.monaco-workbench .part.statusbar')
    return editor
  }

  /** Notes every notification, wherever it is shown and however briefly. */
  private async watchNotifications(): Promise<void> {
    await this.page.exposeFunction('inlinelensNotified', (text: string) => this.notified.add(text))
    await this.page.addInitScript(() => {
      const told = new Set<string>()
      const messages = document.getElementsByClassName('notification-list-item-message')
      const look = () => {
        for (const { textContent: text } of messages) {
          if (!text || told.has(text)) continue
          told.add(text)
          ;(window as unknown as { inlinelensNotified(text: string): void }).inlinelensNotified(text)
        }
      }
      new MutationObserver(look).observe(document, { subtree: true, childList: true })
    })
  }

  /** Says that a notification is no failure of the test. Those that a test waits for are none either. */
  expectNotification(text: string | RegExp): void {
    this.expected.push(text)
  }

  /** Fails if there was a notification that no test expects. */
  checkNotifications(): void {
    const unexpected = [...this.notified].filter((text) => !this.expected.some((e) => matches(text, e)))
    for (const text of unexpected) this.notified.delete(text) // once is enough
    if (unexpected.length > 0) throw new Error(`unexpected notifications:\n${unexpected.join('\n')}`)
  }

  /** Receives what tests inside the extension host send to the page. */
  private async listenToHost(): Promise<void> {
    await this.page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
      this.hostLines.push(args.map(String).join(' '))
    })
    const { promise, resolve } = Promise.withResolvers<number>()
    this.hostExit = promise
    await this.page.exposeFunction('codeAutomationExit', resolve)
  }

  /** Waits for the end of the tests inside the extension host; what they wrote, and their exit code. */
  async hostTests(): Promise<{ lines: string[]; code: number }> {
    const code = await this.hostExit
    return { lines: this.hostLines, code: code ?? -1 }
  }

  /** The directory of the profile. */
  get home(): string {
    return this.server?.home ?? ''
  }

  /** Opens a file of the folder, at a 1-based line. */
  async open(file: string, line = 1): Promise<void> {
    const base = file.slice(file.lastIndexOf('/') + 1)
    await this.choose('Control+p', join(this.window.folder, file), `.focused[aria-label^="${base}"]`)
    await this.page.waitForSelector(`.tab.active[data-resource-name="${base}"]`)
    await this.goTo(line)
  }

  /** Puts the cursor at the start of a 1-based line and column. */
  async goTo(line: number, column = 1): Promise<void> {
    await this.choose('Control+g', `:${line}:${column}`, `[aria-label*="line ${line}"]`)
    await until(`the cursor is in line ${line}`, async () => (await this.cursor()).line === line)
  }

  /** Runs a command by its title in the command palette. */
  async run(title: string): Promise<void> {
    await this.choose('F1', `>${title}`, `.focused[aria-label*="${title}"]`)
  }

  /**
   * Opens the quick input with a key, enters a text, accepts once there is a row like this,
   * and waits until that row is gone. Something else may still take the focus and close the
   * input, so nothing is typed but into it, and it is opened again if it has closed.
   */
  private async choose(key: string, text: string, row: string): Promise<void> {
    await this.page.waitForSelector('.quick-input-widget', { state: 'hidden' })
    const input = this.page.locator('.quick-input-filter input.input')
    const rows = this.page.locator(`.quick-input-list .monaco-list-row${row}`)
    await until(`the quick input with ${text} is accepted`, async () => {
      await this.page.keyboard.press(key)
      try {
        await input.fill(text, { timeout: 10_000 })
        await rows.first().waitFor({ timeout: 20_000 })
        await input.press('Enter', { timeout: 10_000 })
        return true
      } catch (error) {
        if (error instanceof errors.TimeoutError) return false
        throw error
      }
    })
    await rows.first().waitFor({ state: 'hidden' })
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
  line(text: string | RegExp, timeout = waitLimit): Promise<string> {
    return until(
      `a line has ${text}`,
      async () => (await this.lines()).find((l) => matches(l, text)),
      timeout,
      async () => (await this.lines()).join('\n'),
    )
  }

  async noLine(text: string | RegExp, timeout = waitLimit): Promise<void> {
    await until(
      `no line has ${text}`,
      async () => !(await this.lines()).some((l) => matches(l, text)),
      timeout,
      async () => (await this.lines()).join('\n'),
    )
  }

  /** The bars in the gutter of the editor that has the focus, from the top. */
  bars(): Promise<Bar[]> {
    return this.page.$$eval('.editor-group-container.active .monaco-editor .margin *', (all) => {
      const lines = [...document.querySelectorAll('.editor-group-container.active .view-line')].map((e) => ({
        top: e.getBoundingClientRect().top,
        text: (e.textContent ?? '').replaceAll('\u00a0', ' '),
      }))
      const found: Bar[] = []
      for (const e of all) {
        const data = /base64,([^"]+)/.exec(getComputedStyle(e).backgroundImage)?.[1]
        const image = data && /<rect .*width="(\d+)".* fill="([^"]+)"/.exec(atob(data))
        if (!image) continue
        const { top, height, width } = e.getBoundingClientRect()
        const line = lines.find((l) => Math.abs(l.top - top) < 2)
        found.push({
          top,
          height: Math.min(height, width),
          width: Number(image[1]),
          color: image[2] as string,
          line: line?.text ?? '',
        })
      }
      return found.sort((a, b) => a.top - b.top)
    })
  }

  lenses(): Promise<string[]> {
    return this.page.$$eval('.editor-group-container.active .codelens-decoration', (all) =>
      all.map((e) => (e.textContent ?? '').replaceAll('\u00a0', ' ')),
    )
  }

  lens(text: string | RegExp, timeout = waitLimit): Promise<string> {
    return until(
      `a lens says ${text}`,
      async () => (await this.lenses()).find((l) => matches(l, text)),
      timeout,
      async () => (await this.lenses()).join('\n'),
    )
  }

  async noLens(text: string | RegExp): Promise<void> {
    await until(
      `no lens says ${text}`,
      async () => !(await this.lenses()).some((l) => matches(l, text)),
      waitLimit,
      async () => (await this.lenses()).join('\n'),
    )
  }

  /**
   * Clicks a lens that has a text until the page has what the click brings. The editor
   * draws a lens again whenever a server has answered, and forgets a click that is half done.
   * Where two answers follow each other, it has for a moment lenses on the screen whose
   * commands it has thrown away, and says so at a click.
   */
  async clickLens(text: string, brings: string): Promise<void> {
    this.expectNotification('Actual command not found')
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
      waitLimit,
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
    const rows = () => list(this.page, '.quick-input-list .monaco-list-row')
    return until(
      `a row is like ${like}`,
      async () => {
        const all = await rows()
        return all.filter((r) => like.test(r)).length >= number && all
      },
      waitLimit,
      async () => (await rows()).join('\n'),
    )
  }

  /** Picks the row that starts so of the list that the editor shows. */
  async pick(label: string): Promise<void> {
    await this.picks(new RegExp(`^${label}`))
    await this.page.keyboard.insertText(label)
    await this.page.waitForSelector(`.quick-input-list .monaco-list-row.focused[aria-label^="${label}"]`)
    await this.page.keyboard.press('Enter')
    await this.page.waitForSelector('.quick-input-widget', { state: 'hidden' })
  }

  /** Saves the file that has the focus. */
  async save(): Promise<void> {
    await this.page.keyboard.press('Control+s')
    await this.page.waitForSelector('.tab.active:not(.dirty)')
  }

  /** Changes settings of the folder, in their file, which the editor watches; without an argument, back to what they were. */
  settings(settings: Record<string, unknown> = {}): void {
    const file = join(this.window.folder, '.vscode', 'settings.json')
    if (existsSync(file)) this.settingsBefore ??= JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    this.settingsBefore ??= {}
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify({ ...this.settingsBefore, ...settings }, null, 2))
  }

  /** The item of the extension in the status bar, as it is read out; "" if there is none. */
  status(): Promise<string> {
    return this.page.$eval(statusItem, (e) => e.getAttribute('aria-label') ?? '').catch(() => '')
  }

  /** Waits until the status is like this. */
  async statusLike(like: RegExp): Promise<void> {
    await until(
      `the status is like ${like}`,
      async () => like.test(await this.status()),
      waitLimit,
      () => this.status(),
    )
  }

  /** Clicks the status. */
  async clickStatus(): Promise<void> {
    await this.page.click(statusItem)
  }

  /** Opens the hover of the status; what it says, and its links. It is drawn again when the status changes. */
  statusHover(): Promise<{ text: string; links: string[] }> {
    return until('the hover of the status is there', async () => {
      await this.page.mouse.move(200, 5)
      await this.page.hover(statusItem)
      const hover = await this.page
        .waitForSelector('.monaco-hover .hover-contents:has-text("Inlinelens")', { timeout: 5_000 })
        .catch(() => undefined)
      return hover
        ?.evaluate((e) => ({
          text: e.textContent ?? '',
          links: [...e.querySelectorAll('a')].map((a) => a.textContent ?? ''),
        }))
        .then((found) => found.links.length > 0 && found)
    })
  }

  /** Shows the notifications, and waits until one says something. */
  async notification(text: string | RegExp): Promise<void> {
    this.expectNotification(text)
    await this.run('Notifications: Show Notifications')
    await until(
      `a notification says ${text}`,
      async () => matches(await this.notifications(), text),
      waitLimit,
      () => this.notifications(),
    )
  }

  /** Clicks the button of the notification that says something. */
  async answer(text: string, button: string): Promise<void> {
    await this.notification(text)
    await this.page.click(`.notification-list-item:has-text("${text}") .monaco-button:has-text("${button}")`)
  }

  /** The words of the notifications that are on the screen. */
  async notifications(): Promise<string> {
    return (
      await this.page.$$eval('.notification-list-item-message', (all) => all.map((e) => e.textContent ?? ''))
    ).join('\n')
  }

  /** Where the first visible line that has a text begins on the screen. */
  async top(text: string): Promise<number> {
    return (await this.viewLine(text).boundingBox())?.y ?? 0
  }

  /** Where the first token of the first visible line that has a text begins on the screen. */
  async left(text: string): Promise<number> {
    const spans = await this.viewLine(text)
      .locator('span > span')
      .evaluateAll((all) =>
        all.filter((e) => (e.textContent ?? '').trim() !== '').map((e) => e.getBoundingClientRect().left),
      )
    return spans[0] ?? 0
  }

  private viewLine(text: string) {
    return this.page
      .locator('.editor-group-container.active .view-line', {
        hasText: new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s')),
      })
      .first()
  }

  /** Keeps a picture of the screen, or of a part of it. */
  async screenshot(name: string, clip?: { x: number; y: number; width: number; height: number }): Promise<string> {
    mkdirSync(output, { recursive: true })
    const path = join(output, `${this.window.name}-${name}.png`)
    await this.page.screenshot({ path, ...(clip ? { clip } : {}) })
    return path
  }

  /** The extension's output, which has the server's log. */
  log(): string {
    return this.server?.log() ?? ''
  }

  /** Keeps what helps to see why a test failed. */
  async keep(test: string): Promise<void> {
    const name = `failed-${test.replace(/[^a-z0-9]+/gi, '-')}`
    await this.screenshot(name).catch(() => undefined)
    const notified = [...this.notified].map((text) => `notification: ${text}\n`).join('')
    writeFileSync(join(output, `${this.window.name}-${name}.log`), notified + this.log())
  }

  /** Ends the editor and everything that it started, and removes its profile. Fails if there was an unexpected notification. */
  async close(): Promise<void> {
    await this.end()
    this.checkNotifications()
  }
}

function matches(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)
}
