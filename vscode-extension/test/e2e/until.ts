// Waiting for a condition.
import { setTimeout as sleep } from 'node:timers/promises'

/** How long to wait for something that should come, in milliseconds; generous, as the machine may be busy. */
export const waitLimit = 120_000

/**
 * Waits until look returns something, and returns that. After the limit, in milliseconds, it
 * fails with what seen returns.
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  limit = waitLimit,
  seen?: () => Promise<string>,
): Promise<T> {
  const end = Date.now() + limit
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > end)
      throw new Error(`${limit} ms passed before ${what}${seen ? `; there is\n${await seen()}` : ''}`)
    await sleep(50)
  }
}
