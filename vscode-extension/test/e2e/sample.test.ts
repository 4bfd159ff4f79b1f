// The sample program in every kind of theme. PICTURES=1 updates the walkthrough's images in
// media/walkthrough.
import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe } from 'node:test'
import { Editor, repository } from './editor.ts'
import { stepsOf } from './steps.ts'
import { until } from './until.ts'
import { installed } from './vsix.ts'
import { type Folder, sampleProgram } from './workspace.ts'

const media = join(repository, 'vscode-extension', 'media', 'walkthrough')

describe('the sample program', () => {
  let folder: Folder
  let editor: Editor
  const step = stepsOf(() => editor)

  const picture = async (name: string, clip: { x: number; y: number; width: number; height: number }) => {
    const path = await editor.screenshot(name, clip)
    if (process.env['PICTURES'] === '1') copyFileSync(path, join(media, `${name}.png`))
  }

  before(async () => {
    folder = sampleProgram()
    editor = await Editor.start({ name: 'sample', folder: folder.path, extensions: installed.withGopls })
  })
  after(async () => {
    await editor.close()
    folder.remove()
  })
  const lineOf = (text: string) => folder.find('market.go', text).line

  step('shows hints and lenses from the start', async () => {
    await editor.open('market.go', lineOf('func (b *Book) Add('))
    await editor.line('This program demonstrates inlining')
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
    await editor.line(/cost 95 of 80: 15 over/)
    await editor.line('over the budget here')
    // The texts after the lines are long.
    const size = editor.page.viewportSize()
    assert.ok(size)
    await editor.page.setViewportSize({ ...size, width: 2000 })
    await editor.line('over the budget here')
    await picture('cost', { x: 352, y: 300, width: 1490, height: 330 })
    await editor.page.setViewportSize(size)
  })

  for (const [theme, kind] of [
    ['Light Modern', 'vs'],
    ['Default High Contrast', 'hc-black'],
    ['Default High Contrast Light', 'hc-light'],
    ['Dark Modern', 'vs-dark'],
  ] as const) {
    step(`has distinguishable bars in ${theme}`, async () => {
      editor.settings({ 'workbench.colorTheme': theme })
      await editor.page.waitForSelector(`.monaco-workbench.${kind}`)
      await until('the bars are there', async () => (await editor.lines()).some((l) => l.includes('█')))
      const colors = await editor.page.evaluate(() => {
        const found = new Set<string>()
        for (const e of document.querySelectorAll('.view-line span')) {
          const before = getComputedStyle(e, '::before')
          if (/[█▏▎▍▌▋▊▉]/.test(before.content)) found.add(before.color)
        }
        const background = getComputedStyle(
          document.querySelector('.monaco-editor-background') as Element,
        ).backgroundColor
        return { bars: [...found], background }
      })
      assert.equal(colors.bars.length, 2, 'two colors: within and over the budget')
      for (const bar of colors.bars) assert.ok(contrast(bar, colors.background) >= 3, `${bar} on ${colors.background}`)
      await editor.screenshot(`theme-${kind}`)
    })
  }

  step('is listed in the view', async () => {
    await editor.run('View: Show Inlining')
    await editor.page.waitForSelector('.pane-body .monaco-list-row[aria-label*="Order.Check"]')
    await editor.page.click('.pane-body .monaco-list-row[aria-label^="Calls"]')
    await editor.page.waitForSelector('.pane-body .monaco-list-row[aria-label^="not-inlined"]')
    await picture('tree', { x: 0, y: 30, width: 900, height: 560 })
  })

  step('offers a change that makes a function inlinable', async () => {
    await editor.open('market.go', lineOf('func (o Order) Check('))
    await editor.goTo(lineOf('func (o Order) Check('), 18)
    // The server waits two seconds for the compiler; a later request gets the result.
    const action = await until('the change is offered', async () => {
      await editor.page.keyboard.press('Escape')
      await editor.page.keyboard.press('Control+.')
      return editor.page
        .waitForSelector('.action-widget .monaco-list-row:has-text("make Order.Check inlinable")', { timeout: 5_000 })
        .catch(() => undefined)
    })
    await picture('advice', { x: 352, y: 480, width: 1060, height: 275 })
    await action.click()
    await editor.line(/return o\.checkFail\(\)/)
    await editor.save()
    await editor.lens(/^inlinable \d+\/80 · inlined at 1 of 1 call/)
    await editor.screenshot('advice-taken')
    await editor.page.keyboard.press('Control+z')
    await editor.save()
    await editor.lens(/not inlinable: 95\/80/)
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

/** The contrast of two colours as the Web Content Accessibility Guidelines define it, from 1 to 21. */
function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)].sort((m, n) => n - m) as [number, number]
  return (x + 0.05) / (y + 0.05)
}

function luminance(color: string): number {
  const [r, g, b] = (color.match(/[\d.]+/g) ?? []).slice(0, 3).map((c) => {
    const v = Number(c) / 255
    return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
