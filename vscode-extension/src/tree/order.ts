// The order of functions in lists.

import { headroom } from '../format.ts'
import type { FunctionSummary } from '../protocol.ts'

export type Order = 'headroom' | 'name' | 'calls'

/** How far over the budget a near miss is at most, as in reports. */
export const nearMiss = 20

/** The functions that are little over their budget, the nearest first. */
export function nearMisses(functions: readonly FunctionSummary[]): FunctionSummary[] {
  const near = functions.filter((f) => {
    const room = headroom(f)
    return !f.inlinable && room !== undefined && room < 0 && room >= -nearMiss
  })
  return near.sort((a, b) => (headroom(b) ?? 0) - (headroom(a) ?? 0) || byName(a, b))
}

/**
 * Sorts functions by headroom (first the inlinable, the least headroom first; then those over
 * the budget, the nearest first; then those without a cost), by the number of calls that were
 * not inlined, or by name.
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
