// The order of functions in lists.
import type { FunctionSummary } from '../protocol.ts'
import { headroom } from '../words.ts'

export type Order = 'headroom' | 'name' | 'calls'

/** How far over the budget a near miss is at most; reports draw the same line. */
export const nearMiss = 20

/** The functions that are over their budget by little, the nearest first. */
export function nearMisses(functions: readonly FunctionSummary[]): FunctionSummary[] {
  const near = functions.filter((f) => {
    const room = headroom(f)
    return !f.inlinable && room !== undefined && room < 0 && room >= -nearMiss
  })
  return near.sort((a, b) => (headroom(b) ?? 0) - (headroom(a) ?? 0) || byName(a, b))
}

/**
 * The functions in an order: by headroom, the least first among the inlinable, then those
 * over the budget, the nearest first, then those without a number; by how many calls
 * stayed calls, the most first; or by name.
 */
export function sorted(functions: readonly FunctionSummary[], order: Order): FunctionSummary[] {
  const compare = {
    headroom: (a: FunctionSummary, b: FunctionSummary) =>
      rank(a) - rank(b) || distance(a) - distance(b) || byName(a, b),
    calls: (a: FunctionSummary, b: FunctionSummary) => stayed(b) - stayed(a) || byName(a, b),
    name: byName,
  }[order]
  return [...functions].sort(compare)
}

function rank(f: FunctionSummary): number {
  const room = headroom(f)
  if (room === undefined) return 2
  return room < 0 ? 1 : 0
}

function distance(f: FunctionSummary): number {
  return Math.abs(headroom(f) ?? 0)
}

function stayed(f: FunctionSummary): number {
  return f.calls.total - f.calls.inlined
}

function byName(a: FunctionSummary, b: FunctionSummary): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
