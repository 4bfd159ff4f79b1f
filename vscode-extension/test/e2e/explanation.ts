// The page that explains a call or a function, in a frame of the editor.
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { until, waitLimit } from './until.ts'

export class Explanation {
  private readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** The words of the page, once they have a text. */
  has(text: string): Promise<string> {
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
      waitLimit,
      words,
    )
  }

  /** What is wider than the page. */
  async cut(): Promise<string[]> {
    const cut = await Promise.all(
      this.page.frames().map((f) =>
        f
          .evaluate(() => {
            if (document.title !== 'Inlining Explained') return []
            return [...document.body.querySelectorAll('*')]
              .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
              .map((e) => e.textContent ?? '')
          })
          .catch(() => []),
      ),
    )
    return cut.flat()
  }

  /**
   * What axe finds wrong with the page, by the rules of WCAG 2.1 A and AA. It looks at
   * a copy, on the editor's background: timers, which it needs, do not run in a frame of a view.
   */
  async faults(): Promise<string[]> {
    for (const frame of this.page.frames()) {
      if ((await frame.title().catch(() => '')) !== 'Inlining Explained') continue
      const copy = await this.page.context().newPage()
      try {
        await copy.setContent(await frame.content())
        await copy.evaluate(axe.source)
        return await copy.evaluate(async () => {
          document.documentElement.style.background = 'var(--vscode-editor-background)'
          const { run } = (window as unknown as { axe: typeof import('axe-core') }).axe
          const { violations, passes } = await run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })
          if (!passes.some((p) => p.id === 'color-contrast')) return ['the contrast of no text is known']
          return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html}: ${n.failureSummary}`))
        })
      } finally {
        await copy.close()
      }
    }
    return ['there is no such page']
  }

  /** Clicks the first link on the page whose words are so. */
  async followLink(words: RegExp): Promise<void> {
    for (const frame of this.page.frames()) {
      const link = frame.locator('a[href^="command:"]').filter({ hasText: words }).first()
      if ((await link.count().catch(() => 0)) > 0) return link.click()
    }
    throw new Error(`no page has a link ${words}`)
  }
}
