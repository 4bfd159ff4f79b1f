// How often a server that ends by itself is started again.

const limit = 4
const within = 3 * 60_000 // milliseconds

/** Counts ends of the server. */
export class Crashes {
  private times: number[] = []

  /** Notes an end at a time, in milliseconds, and reports whether to start again. */
  again(now: number): boolean {
    this.times = this.times.filter((t) => now - t < within)
    this.times.push(now)
    return this.times.length <= limit
  }

  /** How many there were of late. */
  get count(): number {
    return this.times.length
  }

  forget(): void {
    this.times = []
  }
}
