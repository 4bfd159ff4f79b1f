// The order of functions and calls in lists.

import { headroom } from '../format.ts'
import type { CallItem, FunctionSummary, NearMissSummary, PackageFunctions } from '../protocol.ts'

export type Order = 'gain' | 'headroom' | 'name' | 'place'

/** The orders, with what they put first. */
export const orders: Record<Order, { label: string; detail: string }> = {
  gain: {
    label: 'Gain',
    detail: 'Most calls that are not inlined first; near misses by calls for each point over budget',
  },
  headroom: { label: 'Headroom', detail: 'Nearest to the budget first' },
  name: { label: 'Name', detail: 'By name' },
  place: { label: 'Place', detail: 'By file and line' },
}

/** A near miss with its function. */
export interface NearMiss extends NearMissSummary {
  of: FunctionSummary
}

/** The near misses of a package, in the order of reports unless another one is given. */
export function nearMisses(p: PackageFunctions, order: Order = 'gain'): NearMiss[] {
  const near = p.nearMisses.flatMap((m) => {
    const of = p.functions[m.function]
    return of ? [{ ...m, of }] : []
  })
  if (order === 'gain') return near // the server ranks them
  const compare = functionOrders[order]
  return near.sort((a, b) => compare(a.of, b.of))
}

export function sortedFunctions(functions: readonly FunctionSummary[], order: Order): FunctionSummary[] {
  return [...functions].sort(functionOrders[order])
}

const functionOrders: Record<Order, (a: FunctionSummary, b: FunctionSummary) => number> = {
  gain: (a, b) => stayed(b) - stayed(a) || byHeadroom(a, b),
  headroom: byHeadroom,
  name: (a, b) => compareTexts(a.name, b.name) || byPlace(a, b),
  place: byPlace,
}

/** Calls of one group: those of one callee, or of one file. */
export function sortedCalls(calls: readonly CallItem[], order: Order, name: (c: CallItem) => string): CallItem[] {
  const compare =
    order === 'name' ? (a: CallItem, b: CallItem) => compareTexts(name(a), name(b)) || byPlace(a, b) : byPlace
  return [...calls].sort(compare)
}

/** Groups of calls. A group's first call stands for all where they have the callee in common. */
export function sortedGroups<G extends { name: string; calls: CallItem[] }>(groups: readonly G[], order: Order): G[] {
  const byName = (a: G, b: G) => compareTexts(a.name, b.name)
  const first = (g: G) => g.calls[0] as CallItem
  const compare = {
    gain: (a: G, b: G) => b.calls.length - a.calls.length || byName(a, b),
    headroom: (a: G, b: G) => distance(first(a)) - distance(first(b)) || byName(a, b),
    name: byName,
    place: (a: G, b: G) => byPlace(first(a), first(b)) || byName(a, b),
  }[order]
  return [...groups].sort(compare)
}

/** First the inlinable, the least headroom first; then those over budget, the nearest first; then those without a cost. */
function byHeadroom(a: FunctionSummary, b: FunctionSummary): number {
  return rank(a) - rank(b) || distance(a) - distance(b) || compareTexts(a.name, b.name)
}

function rank(f: FunctionSummary): number {
  const room = headroom(f)
  if (room === undefined) return 2
  return room < 0 ? 1 : 0
}

/** How far from the budget a cost is; those without a cost are last. */
function distance(f: { cost?: number; budget?: number }): number {
  return Math.abs(headroom(f) ?? Number.MAX_SAFE_INTEGER)
}

/** The calls of a function that were not inlined. */
export function stayed(f: FunctionSummary): number {
  return f.calls.total - f.calls.inlined
}

function byPlace(a: FunctionSummary | CallItem, b: FunctionSummary | CallItem): number {
  return (
    compareTexts(a.uri, b.uri) ||
    a.range.start.line - b.range.start.line ||
    a.range.start.character - b.range.start.character
  )
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
