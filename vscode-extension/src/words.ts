// How verdicts are written and drawn wherever the extension lists them. The words are
// the server's.
import type { CallItem, FunctionSummary, Status } from './protocol.ts'

/** An icon of the editor, and the theme colour that it gets. */
export interface Look {
  icon: string
  color: string
}

const looks: Record<Status, Look> = {
  inlined: { icon: 'pass', color: 'inlinelens.inlined' },
  intrinsic: { icon: 'zap', color: 'inlinelens.inlined' },
  'not-inlined': { icon: 'call-outgoing', color: 'inlinelens.notInlined' },
  mixed: { icon: 'split-horizontal', color: 'inlinelens.notInlined' },
  dynamic: { icon: 'references', color: 'inlinelens.dynamic' },
  eliminated: { icon: 'circle-slash', color: 'inlinelens.dynamic' },
  unknown: { icon: 'question', color: 'inlinelens.dynamic' },
}

export function lookOf(status: Status): Look {
  return looks[status] ?? looks.unknown
}

/** budget − cost; undefined where the compiler told no cost. */
export function headroom(f: FunctionSummary): number | undefined {
  return f.cost === undefined || f.budget === undefined ? undefined : f.budget - f.cost
}

/** What a list says of a function: "12/80 · inlined at 5 of 7 calls", "150/80, 70 over", "defer". */
export function summary(f: FunctionSummary): string {
  const parts: string[] = []
  const room = headroom(f)
  if (!f.known) parts.push('not known')
  else if (room !== undefined && (f.inlinable || room < 0))
    parts.push(`${f.cost}/${f.budget}` + (room < 0 ? `, ${-room} over` : ''))
  else if (f.reason) parts.push(f.reason.message)
  else parts.push(f.inlinable ? 'inlinable' : 'not inlinable')
  if (f.calls.total > 0)
    parts.push(
      f.inlinable ? `inlined at ${f.calls.inlined} of ${plural(f.calls.total, 'call')}` : plural(f.calls.total, 'call'),
    )
  return parts.join(' · ')
}

/** What a list whose icons tell the status says of a call: "89/80 · reader.go:307", "defer · store.go:12". */
export function callSummary(call: CallItem): string {
  const file = decodeURIComponent(call.uri.slice(call.uri.lastIndexOf('/') + 1))
  const numbers = call.cost !== undefined && call.budget !== undefined ? `${call.cost}/${call.budget}` : undefined
  const why =
    numbers && (!call.reason || call.reason.code === 'too-expensive') ? numbers : (call.reason?.op ?? call.reason?.code)
  return [why?.toLowerCase(), `${file}:${call.range.start.line + 1}`].filter(Boolean).join(' · ')
}

export function plural(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`
}
