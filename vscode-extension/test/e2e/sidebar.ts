// The extension's view in the side bar: its rows as they are read out and as they are drawn.
import type { Page } from 'playwright-core'
import { until, waitLimit } from './until.ts'

/** The rows of a list as they are read out, from the top: the page has them in any order. */
export function list(page: Page, selector: string): Promise<string[]> {
  return page.$$eval(selector, (all) =>
    all
      .sort((a, b) => Number(a.getAttribute('data-index')) - Number(b.getAttribute('data-index')))
      .map((e) => e.getAttribute('aria-label') ?? ''),
  )
}

export class SideBar {
  private readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** The rows, as they are read out. */
  async rows(): Promise<string> {
    return (await list(this.page, '.pane-body .monaco-list-row')).join('\n')
  }

  /** Waits until the rows are like this. */
  async row(like: RegExp): Promise<void> {
    await until(
      `the view has ${like}`,
      async () => like.test(await this.rows()),
      waitLimit,
      () => this.rows(),
    )
  }

  /** Clicks the row that starts so. */
  async clickRow(start: string): Promise<void> {
    await this.page.click(`.pane-body .monaco-list-row[aria-label^="${start}"]`)
  }

  /** The labels of the rows, as they stand on the screen. */
  async rowLabels(): Promise<string> {
    return (
      await this.page.$$eval('.pane-body .monaco-list-row .label-name', (all) =>
        all.map((e) => (e.textContent ?? '').replaceAll('\u00a0', ' ')),
      )
    ).join('\n')
  }

  /** The labels of the rows that are cut off. */
  cutRows(): Promise<string[]> {
    return this.page.$$eval('.pane-body .monaco-list-row', (all) =>
      all.flatMap((row) => {
        const label = row.querySelector('.label-name')
        const room = label?.closest('.monaco-icon-label-container')
        const cut = label && room && label.getBoundingClientRect().right > room.getBoundingClientRect().right + 1
        return cut ? [label.textContent ?? ''] : []
      }),
    )
  }

  /** Waits until the hover of the row that starts so is like this. */
  async hoverRow(start: string, like: RegExp): Promise<void> {
    await this.page.mouse.move(200, 5) // it may be there already, and a hover comes with a move
    await this.page.hover(`.pane-body .monaco-list-row[aria-label^="${start}"] .label-name`)
    const words = async () =>
      (await this.page.$$eval('.monaco-hover .hover-contents', (all) => all.map((e) => e.textContent ?? ''))).join('\n')
    await until(`the hover of ${start} is like ${like}`, async () => like.test(await words()), waitLimit, words)
    await this.page.mouse.move(200, 5)
    await this.page.waitForSelector('.monaco-hover:not(.hidden) .hover-contents', { state: 'hidden' })
  }
}
