// The filter of the view: words that must all be in a function's or a call's name, file or
// reason.

import { fileOf } from '../format.ts'
import type { CallItem, FunctionSummary } from '../protocol.ts'

export interface Filter {
  functions: (f: FunctionSummary) => boolean
  calls: (c: CallItem) => boolean
}

/** A filter of words; undefined if there are none. Letters match in either case. */
export function filterOf(text: string): Filter | undefined {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return undefined
  const has = (...texts: (string | undefined)[]) => {
    const all = texts.join('\n').toLowerCase()
    return words.every((w) => all.includes(w))
  }
  return {
    functions: (f) => has(f.name, fileOf(f.uri), f.reason?.code, f.reason?.message),
    calls: (c) => has(c.callee, c.caller, fileOf(c.uri), c.status, c.reason?.code, c.reason?.message),
  }
}
