// Five tasks of a user who has read nothing, each in a window that remembers nothing, with the
// keyboard alone and in at most five steps. A step is an entry of the command palette, a key,
// a text with Enter, or the choice of an entry from a list.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Editor } from './editor.ts'
import { until } from './until.ts'
import { installed } from './vsix.ts'
import { type Folder, sampleProgram } from './workspace.ts'

const mostSteps = 5

/** What a user does in a window, counted. */
class User {
  readonly editor: Editor
  readonly steps: string[] = []

  constructor(editor: Editor) {
    this.editor = editor
  }

  /** Runs the first command that the palette shows for some words; the entry has to be this one. */
  async palette(words: string, entry: string): Promise<void> {
    this.steps.push(`palette: ${words}`)
    await this.input('F1')
    await this.editor.page.keyboard.insertText(words)
    await this.accept(entry)
  }

  /** Accepts the entry of a list that starts so, going down to it with arrows. */
  async choose(entry: string): Promise<void> {
    this.steps.push(`choose: ${entry}`)
    await this.accept(entry)
  }

  async key(key: string): Promise<void> {
    this.steps.push(`key: ${key}`)
    await this.editor.page.keyboard.press(key)
  }

  /** Goes to a place with the key that asks for one. */
  async goTo(place: string): Promise<void> {
    this.steps.push('key: Control+g', `type: ${place}`)
    await this.input('Control+g')
    await this.editor.page.keyboard.insertText(place)
    await this.editor.page.keyboard.press('Enter')
    await this.editor.page.waitForSelector('.quick-input-widget', { state: 'hidden' })
  }

  /** Opens an input with a key. A window that has just opened may still move the focus, and lose the key. */
  private async input(key: string): Promise<void> {
    const { page } = this.editor
    await until(`${key} opens an input`, async () => {
      await page.keyboard.press(key)
      return page.waitForSelector('.quick-input-widget input:focus', { timeout: 5_000 }).catch(() => undefined)
    })
  }

  private async accept(entry: string): Promise<void> {
    const { page } = this.editor
    const row = `.quick-input-list .monaco-list-row[aria-label*="${entry}"]`
    await page.waitForSelector(row)
    await until(`${entry} is focused`, async () => {
      if (await page.$(`${row}.focused`)) return true
      await page.keyboard.press('ArrowDown')
      return (await page.$(`${row}.focused`)) !== null
    })
    await page.keyboard.press('Enter')
    await page.waitForSelector(row, { state: 'hidden' })
  }
}

describe('a task by keyboard alone', () => {
  let folder: Folder
  let editor: Editor

  before(async () => {
    folder = sampleProgram()
    editor = await Editor.start({ name: 'tasks', folder: folder.path, extensions: installed.withGopls })
  })
  after(async () => {
    await editor.close()
    folder.remove()
  })

  const task = (name: string, run: (user: User) => Promise<void>) =>
    it(name, { timeout: 600_000 }, async () => {
      const window = await editor.newWindow('market.go')
      try {
        await window.line('o.Check✗ 95/80')
        const user = new User(window)
        await run(user)
        await window.screenshot(name.replaceAll(' ', '-'))
        console.log(`${name}: ${user.steps.length} steps: ${user.steps.join('; ')}`)
        assert.ok(user.steps.length <= mostSteps, user.steps.join('\n'))
      } catch (error) {
        await window.keep(name)
        throw error
      } finally {
        await window.close()
      }
    })

  const lineOf = (text: string) => folder.find('market.go', text).line
  const cursorAt = (editor: Editor, text: string) =>
    until(`the cursor is at ${text}`, async () => (await editor.cursor()).line === lineOf(text))

  task('find the function that is cheapest to make inlinable', async (user) => {
    await user.palette('near miss', 'Inlinelens: Go to Near Miss')
    const [first] = await user.editor.picks(/over/)
    assert.match(first ?? '', /^bar\b.*1 over/)
    await user.choose('bar')
    await cursorAt(user.editor, 'func bar[')
  })

  task('make it inlinable', async (user) => {
    await user.palette('near miss', 'Inlinelens: Go to Near Miss')
    await user.choose('Order.Check')
    await cursorAt(user.editor, 'func (o Order) Check(')
    await user.key('Control+.')
    const row = '.action-widget .monaco-list-row'
    const offer = 'make Order.Check inlinable (' // not that it is being tried
    const { page } = user.editor
    await until('the change is offered, and has the focus', async () => {
      if (!(await page.waitForSelector(`${row}:has-text("${offer}")`, { timeout: 5_000 }).catch(() => undefined))) {
        await page.keyboard.press('Escape')
        await page.keyboard.press('Control+.')
        return false
      }
      if (((await page.textContent(`${row}.focused`)) ?? '').includes(offer)) return true
      await page.keyboard.press('ArrowDown') // gopls' may stand above it
      return false
    })
    await user.key('Enter')
    await user.editor.line(/return o\.checkFail\(\)/)
    await user.key('Control+s')
    await user.editor.noLens(/not inlinable: 95\/80/)
    await user.editor.lens(/^inlinable \d+\/80 · inlined at 1 of 1 call/)
    await user.editor.page.keyboard.press('Control+z')
    await user.editor.save()
    await user.editor.lens(/not inlinable: 95\/80/)
  })

  task('find out why a call of another package stays', async (user) => {
    const { line, column } = folder.find('market.go', 'ToUpper(o.Item)')
    await user.goTo(`${line}:${column}`)
    await user.palette('explain call', 'Inlinelens: Explain Call or Function')
    await user.editor.explanation.has('cost 355 exceeds budget 80')
  })

  task('show only what stays', async (user) => {
    await user.palette('which calls', 'Inlinelens: Choose Which Calls Have Hints')
    await user.choose('What stays')
    await user.editor.noLine('b.mu.Lock✓')
    await user.editor.line('o.Check✗ 95/80')
  })

  task('explain a cost', async (user) => {
    await user.goTo(`${lineOf('return fmt.Errorf')}`)
    await user.palette('explain cost', 'Inlinelens: Explain Cost of Function')
    await user.editor.line(/\+88 = 93\/80 over.*fmt\.Errorf 80/)
  })
})
