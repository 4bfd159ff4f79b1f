// The sample program in every kind of theme. PICTURES=1 updates the walkthrough's images in
// media/walkthrough.
import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe } from 'node:test'
import { Editor, repository } from './editor.ts'
import { SlowCompiler } from './slowcompiler.ts'
import { stepsOf } from './steps.ts'
import { until } from './until.ts'
import { contrast, cutOff, inEveryTheme, textsAfter } from './views.ts'
import { installed } from './vsix.ts'
import { type Folder, sampleProgram } from './workspace.ts'

const media = join(repository, 'vscode-extension', 'media', 'walkthrough')

describe('the sample program', () => {
  let folder: Folder
  let editor: Editor
  let compiler: SlowCompiler
  const step = stepsOf(() => editor)

  const picture = async (name: string, clip: { x: number; y: number; width: number; height: number }) => {
    const path = await editor.screenshot(name, clip)
    if (process.env['PICTURES'] === '1') copyFileSync(path, join(media, `${name}.png`))
  }

  before(async () => {
    folder = sampleProgram()
    compiler = new SlowCompiler()
    editor = await Editor.start({
      name: 'sample',
      folder: folder.path,
      extensions: installed.withGopls,
      env: compiler.env,
    })
  })
  after(async () => {
    await editor.close()
    folder.remove()
    compiler.remove()
  })
  const lineOf = (text: string) => folder.find('market.go', text).line

  step('shows hints and lenses from the start', async () => {
    // The introduction and the first calls are on the first screen.
    await editor.open('market.go')
    await editor.line('Inlinelens shows at each call')
    await editor.line(/o\.Check✗ 95\/80\(/)
    await editor.line(/b\.ledger\.Record\(o\)/)
    await editor.lens('not inlinable: defer')
    await editor.screenshot('start')
  })

  step('has hints at calls', async () => {
    await editor.open('market.go', lineOf('func (b *Book) Add('))
    await editor.line(/o\.Check✗ 95\/80/)
    await editor.lens('not inlinable: defer')
    await picture('hints', { x: 352, y: (await editor.top('func (b *Book) Add(')) - 33, width: 900, height: 362 })
  })

  step('shows the cost of each line', async () => {
    await editor.goTo(lineOf('func (o Order) Check('), 18)
    await editor.run('Inlinelens: Explain Cost')
    await editor.line(/cost 95 of 80: 15 over, from line \d+ on/)
    await editor.line(/\+88 = 93\/80 over.*fmt\.Errorf 80/)
    await picture('cost', { x: 352, y: (await editor.top('func (o Order) Check(')) - 110, width: 900, height: 250 })
  })

  step('is listed in the view', async () => {
    await editor.run('View: Show Inlinelens')
    await editor.page.waitForSelector('.pane-body .monaco-list-row[aria-label^="Order.Check, 15 over"]')
    await editor.page.click('.pane-body .monaco-list-row[aria-label^="Calls"]')
    await editor.page.waitForSelector('.pane-body .monaco-list-row[aria-label^="not-inlined"]')
    await picture('tree', { x: 0, y: 30, width: 900, height: 560 })
    // The costs of the step before are still shown.
    await inEveryTheme(editor, 'view', async (where) => {
      const { texts, background } = await textsAfter(editor)
      const costs = texts.filter((t) => /^cost |^\+\d|^ fmt\.Errorf 80/.test(t.text))
      assert.equal(costs.length, 5, `${where}: ${JSON.stringify(texts)}`)
      for (const t of costs) {
        assert.ok(t.room >= 0, `${where}: ${t.text} is cut off: ${t.room}`)
        assert.ok(contrast(t.color, background) >= 4.5, `${where}: ${t.text} is ${t.color} on ${background}`)
      }
      const bars = await editor.bars()
      assert.deepEqual(
        bars.map((b) => b.width),
        [2, 16, 2],
        where,
      )
      const colors = new Set(bars.map((b) => b.color))
      assert.equal(colors.size, 2, 'two colors: within and over the budget')
      for (const c of colors) assert.ok(contrast(c, background) >= 3, `${where}: ${c} on ${background}`)
      assert.deepEqual(await editor.view.cutRows(), [], where)
    })
  })

  step('is explained on a page and in a hover', async () => {
    const [line, column] = [lineOf('func (o Order) Check('), 18]
    await editor.goTo(line, column)
    await editor.run('Inlinelens: Explain Cost') // hides it
    await editor.run('Inlinelens: Explain Call or Function')
    await editor.explanation.has('cost 95 exceeds budget 80')
    const hover = () => editor.hover(line, column, /not inlinable Order\.Check: cost 95 exceeds budget 80/)
    await inEveryTheme(
      editor,
      'explanation',
      async (where, first) => {
        assert.deepEqual(await cutOff(editor, '.monaco-hover:not(.hidden) .hover-contents'), [], where)
        assert.deepEqual(await editor.explanation.cut(), [], where)
        if (first) assert.deepEqual(await editor.explanation.faults(), [], where)
      },
      async () => (await editor.page.$('.monaco-hover:not(.hidden) .hover-contents')) ?? hover(),
    )
    await editor.run('View: Close Editors in Other Groups')
  })

  step('lists calls with their places first', async () => {
    await editor.goTo(lineOf('func (b *Book) Add('), 18)
    await editor.run('Inlinelens: List Calls of Function')
    await editor.picks(/^market\.go:\d+, /, 5)
    await inEveryTheme(editor, 'calls', async (where) => {
      assert.deepEqual(await cutOff(editor, '.quick-input-list .monaco-list-row .label-name'), [], where)
      assert.deepEqual(await cutOff(editor, '.quick-input-list .monaco-list-row .label-description'), [], where)
    })
    await editor.page.keyboard.press('Escape')
  })

  step('offers a change that makes a function inlinable', async () => {
    await editor.open('market.go', lineOf('func (o Order) Check('))
    await editor.goTo(lineOf('func (o Order) Check('), 18)
    // The server waits two seconds for the compiler; a later request gets the result.
    await until('the change is offered', async () => {
      await editor.page.keyboard.press('Escape')
      await editor.page.keyboard.press('Control+.')
      return editor.page
        .waitForSelector('.action-widget .monaco-list-row:has-text("make Order.Check inlinable")', { timeout: 5_000 })
        .catch(() => undefined)
    })
    await picture('advice', { x: 352, y: 480, width: 1060, height: 275 })
    const row = '.action-widget .monaco-list-row:has-text("make Order.Check inlinable")'
    const show = async () => {
      if (await editor.page.$(row)) return
      await editor.page.keyboard.press('Control+.')
      await editor.page.waitForSelector(row)
    }
    await inEveryTheme(
      editor,
      'actions',
      async (where) => assert.deepEqual(await cutOff(editor, '.action-widget .monaco-list-row .title'), [], where),
      show,
    )
    // The editor closes the list when its window changes, also a moment later.
    await until('the change is taken', async () => {
      await show()
      return editor.page.click(row, { timeout: 5_000 }).then(
        () => true,
        () => false,
      )
    })
    await editor.line(/return o\.checkFail\(\)/)
    await editor.save()
    await editor.lens(/^inlinable \d+\/80 · inlined at 1 of 1 call/)
    await editor.screenshot('advice-taken')
    await editor.page.keyboard.press('Control+z')
    await editor.save()
    await editor.lens(/not inlinable: 95\/80/)
  })

  step('says that changes are being tried, until it has them', async () => {
    const menu = (text: string) => `.action-widget .monaco-list-row:has-text("${text}")`
    const trying = 'trying changes to make Order.Check inlinable'
    const progress = `.notification-list-item:has-text("trying changes to make main.Order.Check inlinable")`
    editor.expectNotification(/trying changes to make/)
    const wait = async () => {
      await editor.goTo(lineOf('func (o Order) Check(') + 1)
      await editor.type('\t// Nothing is known of this text.\n')
      await editor.save()
      await editor.goTo(lineOf('func (o Order) Check('), 18)
      await editor.lens('not inlinable: 95/80 (15 over)')
      await until('it says that changes are being tried', async () => {
        await editor.page.keyboard.press('Escape')
        await editor.page.keyboard.press('Control+.')
        return editor.page.waitForSelector(menu(trying), { timeout: 10_000 }).catch(() => undefined)
      })
      await editor.screenshot('trying')
      await editor.page.click(menu(trying))
      await editor.run('Notifications: Show Notifications')
      await editor.page.waitForSelector(progress)
    }
    compiler.slow(true)
    await wait()
    await editor.screenshot('trying-progress')
    await editor.page.click(`${progress} .monaco-button:has-text("Cancel")`)
    await editor.page.waitForSelector(progress, { state: 'detached' })
    assert.equal(await editor.page.$(menu('make Order.Check')), null, 'a cancelled wait opens nothing')
    await wait()
    compiler.slow(false)
    await editor.page.waitForSelector(menu('make Order.Check inlinable ('))
    await editor.screenshot('tried')
    await editor.page.keyboard.press('Escape')
  })

  step('has a walkthrough', async () => {
    await editor.run('Welcome: Open Walkthrough...')
    await editor.picks(/See What the Go Compiler Inlines/)
    await editor.page.keyboard.insertText('See What the Go Compiler')
    await editor.page.keyboard.press('Enter')
    await editor.page.waitForSelector('.gettingStartedContainer :text("Where the cost comes from")')
    const image = () =>
      editor.page.$$eval('.gettingStartedContainer img', (all) =>
        all.some((e) => (e as HTMLImageElement).naturalWidth > 0),
      )
    await until('the picture of the first step is there', image)
    await editor.screenshot('walkthrough')
  })

  step('has settings', async () => {
    await editor.run('Preferences: Open Settings (UI)')
    await editor.page.waitForSelector('.settings-editor .suggest-input-container')
    await editor.page.keyboard.insertText('@ext:inlinelens.inlinelens')
    await editor.page.waitForSelector('.settings-editor .setting-item-contents:has-text("Inlinelens")')
    await editor.page.waitForSelector('.settings-editor .setting-item-contents:has-text("Font Size")', {
      state: 'detached',
    })
    await picture('settings', { x: 352, y: 30, width: 1140, height: 640 })
  })
})
