// Texts and icons for verdicts in lists. The words are those of the server.
import { oneLine } from './escape.ts'
import type { Status } from './generated.ts'
import type { CallItem, FunctionSummary, Place } from './protocol.ts'

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

/** The icons of rows that show no call. */
export const icons = {
  package: { icon: 'package' },
  near: { icon: 'target', color: 'inlinelens.notInlined' },
  functions: { icon: 'symbol-function' },
  calls: { icon: 'call-incoming' },
  file: { icon: 'go-to-file' },
  inlinable: { icon: 'pass', color: 'inlinelens.inlined' },
  notInlinable: { icon: 'circle-large-outline', color: 'inlinelens.dynamic' },
  error: { icon: 'error', color: 'list.errorForeground' },
  more: { icon: 'ellipsis' },
  note: { icon: 'info' },
} as const

/** Budget minus cost; undefined if the compiler reported no cost. */
export function headroom(f: { cost?: number; budget?: number }): number | undefined {
  return f.cost === undefined || f.budget === undefined ? undefined : f.budget - f.cost
}

/** What decided on a function or a call, in a word: "89/80", "defer"; "" if nothing is known. */
export function figure(of: FunctionSummary | CallItem): string {
  const costs = of.cost !== undefined && of.budget !== undefined ? `${of.cost}/${of.budget}` : ''
  if (costs && (!of.reason || of.reason.code === 'too-expensive')) return costs
  return of.reason?.words ?? ''
}

/** The name of a file. */
export function fileOf(uri: string): string {
  return oneLine(decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1)))
}

/** "reader.go:307" */
export function placeOf({ uri, range }: Place): string {
  return `${fileOf(uri)}:${range.start.line + 1}`
}

/** A number with its thousands apart. */
export function count(n: number): string {
  return n.toLocaleString('en-US')
}

export function plural(n: number, word: string): string {
  return `${count(n)} ${word}${n === 1 ? '' : 's'}`
}
