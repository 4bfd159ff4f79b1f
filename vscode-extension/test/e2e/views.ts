// Every view in every kind of theme and at common widths: a picture of each, and a look at
// whether something is cut off or hard to read.
import assert from 'node:assert/strict'
import type { Editor } from './editor.ts'

/** Themes, with the class of the workbench in each. */
const themes = [
  ['Light Modern', 'vs'],
  ['Default High Contrast', 'hc-black'],
  ['Default High Contrast Light', 'hc-light'],
  ['Dark Modern', 'vs-dark'],
] as const

const widths = [1280, 1440, 1920]

/**
 * Shows what is on the screen in each theme at each width, keeps a picture, and looks at it;
 * first is true at a theme's first width.
 * Show brings back what the editor may have closed meanwhile. Ends as it was.
 */
export async function inEveryTheme(
  editor: Editor,
  name: string,
  look: (where: string, first: boolean) => Promise<void>,
  show: () => Promise<unknown> = async () => undefined,
): Promise<void> {
  const size = editor.page.viewportSize()
  assert.ok(size)
  for (const [theme, kind] of themes) {
    editor.settings({ 'workbench.colorTheme': theme })
    await editor.page.waitForSelector(`.monaco-workbench.${kind}`)
    for (const width of widths) {
      await editor.page.setViewportSize({ ...size, width })
      await show()
      await editor.screenshot(`${name}-${kind}-${width}`)
      await look(`${name} in ${theme} at ${width} pixels`, width === widths[0])
    }
  }
  editor.settings()
  await editor.page.setViewportSize(size)
}

/** The texts of elements that do not fit into what is around them, or into the page. */
export function cutOff(editor: Editor, selector: string): Promise<string[]> {
  return editor.page.$$eval(selector, (all) =>
    all
      .filter((e) => {
        const { left, right, width } = e.getBoundingClientRect()
        if (width === 0) return false
        let edge = window.innerWidth
        for (let around = e.parentElement; around; around = around.parentElement) {
          if (getComputedStyle(around).overflowX !== 'visible')
            edge = Math.min(edge, around.getBoundingClientRect().right)
        }
        return left < 0 || right > edge + 1
      })
      .map((e) => e.textContent ?? ''),
  )
}

/** A text that stands after a line, as the cost of it does. */
interface After {
  text: string
  color: string
  /** How far it is from the right edge of the editor, in pixels; less than 0 if it is cut off. */
  room: number
}

/** The texts after the lines of the editor, from the top, and the editor's background. */
export function textsAfter(editor: Editor): Promise<{ texts: After[]; background: string }> {
  return editor.page.evaluate(() => {
    const active = document.querySelector('.editor-group-container.active') as Element
    const code = (active.querySelector('.editor-scrollable') as Element).getBoundingClientRect()
    const bar = active.querySelector('.editor-scrollable > .scrollbar.vertical')?.getBoundingClientRect().width ?? 0
    const texts: (After & { top: number })[] = []
    for (const e of active.querySelectorAll('.view-line span')) {
      for (const which of ['::before', '::after']) {
        const style = getComputedStyle(e, which)
        const text = /^"(.*)"$/.exec(style.content)?.[1]
        if (!text) continue
        const { right, top } = e.getBoundingClientRect()
        texts.push({ text: text.replaceAll('\u00a0', ' '), color: style.color, room: code.right - bar - right, top })
      }
    }
    const background = getComputedStyle(active.querySelector('.monaco-editor-background') as Element).backgroundColor
    return { texts: texts.sort((a, b) => a.top - b.top), background }
  })
}

/** The contrast of two colors as the Web Content Accessibility Guidelines define it, from 1 to 21. */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)].sort((m, n) => n - m) as [number, number]
  return (x + 0.05) / (y + 0.05)
}

/** The luminance of a color: rgb(61, 143, 209), or #3d8fd1. */
function luminance(color: string): number {
  const parts = color.startsWith('#')
    ? [1, 3, 5].map((i) => Number.parseInt(color.slice(i, i + 2), 16))
    : (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number)
  const [r, g, b] = parts.map((c) => {
    const v = c / 255
    return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
