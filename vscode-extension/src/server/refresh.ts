// Asks the editor again for new hints or lenses. A server says that it has new ones, and
// the editor may miss that: it ignores the message while it waits for the hints of other
// servers, and drops its lenses when the text loses the focus at that moment.
// This file does not import the editor's API.

export class RefreshRetry {
  private readonly pauses: readonly number[]
  private readonly visible: () => string[]
  private readonly refresh: () => void
  private waiting = new Set<string>()
  private timer: NodeJS.Timeout | undefined

  /**
   * visible returns the documents on the screen, and refresh tells the editor that they
   * have something new. refresh is called again after each of the pauses, in milliseconds,
   * until the editor has asked for every document.
   */
  constructor(pauses: readonly number[], visible: () => string[], refresh: () => void) {
    this.pauses = pauses
    this.visible = visible
    this.refresh = refresh
  }

  /** The server has told the editor that there is something new. */
  refreshed(): void {
    clearTimeout(this.timer)
    this.waiting = new Set(this.visible())
    this.retry(0)
  }

  /** The editor has asked for what a document has. */
  requested(document: string): void {
    this.waiting.delete(document)
  }

  private retry(attempt: number): void {
    const pause = this.pauses[attempt]
    if (pause === undefined || this.waiting.size === 0) return
    this.timer = setTimeout(() => {
      const visible = new Set(this.visible())
      for (const document of this.waiting) if (!visible.has(document)) this.waiting.delete(document)
      if (this.waiting.size === 0) return
      this.refresh()
      this.retry(attempt + 1)
    }, pause)
  }

  dispose(): void {
    clearTimeout(this.timer)
  }
}
