// Has the editor ask a server again until it does ask. A server says that its hints or
// lenses are others, and the editor does not always hear it: it listens to nobody while
// it waits for the hints of other servers, and forgets lenses when the focus leaves the
// text just then. Nothing here knows the editor.

export class Insistence {
  private readonly pauses: readonly number[]
  private readonly visible: () => string[]
  private readonly say: () => void
  private waiting = new Set<string>()
  private timer: NodeJS.Timeout | undefined

  /**
   * visible returns the documents that are on the screen, and say tells the editor that
   * they have something new. It is said again after each of the pauses, in milliseconds.
   */
  constructor(pauses: readonly number[], visible: () => string[], say: () => void) {
    this.pauses = pauses
    this.visible = visible
    this.say = say
  }

  /** The editor was told once that there is something new. */
  told(): void {
    clearTimeout(this.timer)
    this.waiting = new Set(this.visible())
    this.wait(0)
  }

  /** The editor asks for what a document has. */
  asked(document: string): void {
    this.waiting.delete(document)
  }

  private wait(time: number): void {
    const pause = this.pauses[time]
    if (pause === undefined || this.waiting.size === 0) return
    this.timer = setTimeout(() => {
      const visible = new Set(this.visible())
      for (const document of this.waiting) if (!visible.has(document)) this.waiting.delete(document)
      if (this.waiting.size === 0) return
      this.say()
      this.wait(time + 1)
    }, pause)
  }

  dispose(): void {
    clearTimeout(this.timer)
  }
}
