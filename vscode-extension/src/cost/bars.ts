// The texts and bars of a cost breakdown. This file does not import the editor's API.
import { markdown } from '../escape.ts'
import type { Breakdown, CostLine } from '../protocol.ts'

/** The width of a bar in characters. */
export const barWidth = 8

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']
const blank = '\u00a0' // ordinary spaces would be collapsed

/** The bar of a line's cost, in proportion to the greatest cost of a line. */
export function bar(cost: number, greatest: number): string {
  if (cost <= 0 || greatest <= 0) return ''
  // Every cost has a visible bar.
  const units = Math.max(1, Math.round((Math.min(cost, greatest) / greatest) * barWidth * 8))
  return '█'.repeat(units >> 3) + eighths[units & 7]
}

/** The text before a line: the cost, right-aligned, and its bar; spaces for a line without a cost. */
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

/** The line on which the total exceeds the budget, if one does. */
export function crossing(b: Breakdown): CostLine | undefined {
  return b.lines.find((l) => l.over)
}

/** The text after the function's first line: "cost 150 of 80: 70 over". */
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

/** The text after any other line. */
export function lineText(b: Breakdown, line: CostLine): string {
  return line === crossing(b) ? `◀ over the budget here, ${line.total} of ${b.budget} · ${line.text}` : line.text
}

/** The breakdown as a Markdown list, for screen readers. */
export function accessibleText(b: Breakdown): string {
  const lines = b.lines.map(
    (l) =>
      `- line ${l.line + 1}: ${l.cost}, ${l.total} so far${l.over ? ', over the budget' : ''}; ${markdown(l.text)}`,
  )
  return [`**${markdown(b.function)}**: ${markdown(heading(b))}`, '', ...lines].join('\n')
}
