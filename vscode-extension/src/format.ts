// Texts and icons for verdicts in lists. The words are those of the server.
import type { Status } from './generated.ts'
import type { CallItem, FunctionSummary } from './protocol.ts'

/** An icon and its theme color. */
interface StatusIcon {
  icon: string
  color: string
}

// In the order of lists.
const statusIcons: Record<Status, StatusIcon> = {
  'not-inlined': { icon: 'call-outgoing', color: 'inlinelens.notInlined' },
  mixed: { icon: 'split-horizontal', color: 'inlinelens.notInlined' },
  dynamic: { icon: 'references', color: 'inlinelens.dynamic' },
  unknown: { icon: 'question', color: 'inlinelens.dynamic' },
  inlined: { icon: 'pass', color: 'inlinelens.inlined' },
  intrinsic: { icon: 'zap', color: 'inlinelens.inlined' },
  eliminated: { icon: 'circle-slash', color: 'inlinelens.dynamic' },
}

/** The statuses, in the order of lists. */
export const listedStatuses = Object.keys(statusIcons) as Status[]

export function statusIcon(status: Status): StatusIcon {
  return statusIcons[status] ?? statusIcons.unknown
}

/** Budget minus cost; undefined if the compiler reported no cost. */
export function headroom(f: FunctionSummary): number | undefined {
  return f.cost === undefined || f.budget === undefined ? undefined : f.budget - f.cost
}

/** The description of a function in a list: "12/80 · inlined at 5 of 7 calls", "150/80, 70 over", "defer". */
export function summary(f: FunctionSummary): string {
  const parts: string[] = []
  const room = headroom(f)
  if (!f.known) parts.push('not known')
  else if (room !== undefined && room < 0) parts.push(`${f.cost}/${f.budget}, ${-room} over`)
  else if (room !== undefined && f.inlinable) parts.push(`${f.cost}/${f.budget}`)
  else if (f.reason) parts.push(f.reason.message)
  else parts.push(f.inlinable ? 'inlinable' : 'not inlinable')
  if (f.calls.total > 0)
    parts.push(
      f.inlinable ? `inlined at ${f.calls.inlined} of ${plural(f.calls.total, 'call')}` : plural(f.calls.total, 'call'),
    )
  return parts.join(' · ')
}

/** The description of a call in a list whose icons show the status: "89/80 · reader.go:307", "defer · store.go:12". */
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
