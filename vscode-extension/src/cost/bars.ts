// How a cost breakdown is drawn and worded, line by line. Nothing here knows the editor.
import { markdown } from '../foreign.ts'
import type { Breakdown, CostLine } from '../protocol.ts'

/** The width of a bar in characters. */
export const barWidth = 8

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']
const blank = '\u00a0' // an ordinary one would be collapsed

/** A bar of a cost as a share of the greatest of all lines; as wide as it is long. */
export function bar(cost: number, greatest: number): string {
  if (cost <= 0 || greatest <= 0) return ''
  // The least cost has a bar that can be seen.
  const units = Math.max(1, Math.round((Math.min(cost, greatest) / greatest) * barWidth * 8))
  return '█'.repeat(units >> 3) + eighths[units & 7]
}

/** What stands before a line: the cost, right-aligned, and its bar; blanks for a line that costs nothing. */
export function gutter(cost: number, greatest: number): string {
  const digits = cost > 0 ? String(cost) : ''
  return pad(digits.padStart(digitsOf(greatest))) + blank + pad(bar(cost, greatest).padEnd(barWidth))
}

/** The width of every gutter of a breakdown, in characters. */
export function gutterWidth(greatest: number): number {
  return digitsOf(greatest) + 1 + barWidth
}

function digitsOf(greatest: number): number {
  return Math.max(3, String(greatest).length)
}

function pad(text: string): string {
  return text.replaceAll(' ', blank)
}

/** The line on which the budget is crossed, if it is. */
export function crossing(b: Breakdown): CostLine | undefined {
  return b.lines.find((l) => l.over)
}

/** The sum, to stand behind the function's first line: "cost 150 of 80: 70 over". */
export function heading(b: Breakdown): string {
  const parts: string[] = []
  const room = b.budget - b.cost
  parts.push(
    b.budget > 0 ? `cost ${b.cost} of ${b.budget}: ${room < 0 ? `${-room} over` : `${room} left`}` : `cost ${b.cost}`,
  )
  if (!b.inlinable && b.reason && room >= 0) parts.push(b.reason)
  if (b.unexplained) parts.push(`${b.unexplained} on no line`)
  return parts.join(' · ')
}

/** What stands behind a line. */
export function remark(b: Breakdown, line: CostLine): string {
  return line === crossing(b) ? `◀ over the budget here, ${line.total} of ${b.budget} · ${line.text}` : line.text
}

/** A breakdown as a list, for those who do not see the bars: Markdown. */
export function spoken(b: Breakdown): string {
  const lines = b.lines.map(
    (l) =>
      `- line ${l.line + 1}: ${l.cost}, ${l.total} so far${l.over ? ', over the budget' : ''}; ${markdown(l.text)}`,
  )
  return [`**${markdown(b.function)}**: ${markdown(heading(b))}`, '', ...lines].join('\n')
}
