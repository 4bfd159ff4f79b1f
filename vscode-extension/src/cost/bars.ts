// The texts and bars of a cost breakdown. This file does not import the editor's API.
import { markdown, oneLine } from '../escape.ts'
import type { Breakdown, CostLine, CostPart } from '../protocol.ts'

/** The width of the longest bar, and that of the shortest, which must be seen. */
export const barSteps = 16
const shortest = 2

/**
 * The colors of bars. The editor draws images in the gutter as they are, so these are no
 * theme colors; high contrast themes have those of dark or light ones.
 */
export const barColors = {
  dark: { within: '#3d8fd1', over: '#e8833a' },
  light: { within: '#1a6fb5', over: '#b54708' },
} as const

/** The width of the bar of a line's cost, in proportion to the greatest cost of a line; 0 for none. */
export function barStep(cost: number, greatest: number): number {
  if (cost <= 0 || greatest <= 0) return 0
  return Math.max(shortest, Math.round((Math.min(cost, greatest) / greatest) * barSteps))
}

/** The image of a bar, as a data URI. The editor scales it to the height of a line; its border may cover the edge. */
export function barImage(step: number, color: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><rect x="3" y="3" width="${step}" height="14" fill="${color}"/></svg>`
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`
}

/** The line on which the total exceeds the budget, if one does. */
export function crossing(b: Breakdown): CostLine | undefined {
  return b.lines.find((l) => l.over)
}

/** The text after the function's first line: "cost 150 of 80: 70 over, from line 29 on". */
export function heading(b: Breakdown): string {
  const parts: string[] = []
  const room = b.budget - b.cost
  const cross = crossing(b)
  const from = cross && cross.line !== b.range.start.line ? `, from line ${cross.line + 1} on` : ''
  parts.push(
    b.budget > 0
      ? `cost ${b.cost} of ${b.budget}: ${room < 0 ? `${-room} over${from}` : `${room} left`}`
      : `cost ${b.cost}`,
  )
  if (!b.inlinable && b.reason && room >= 0) parts.push(b.reason)
  if (b.unexplained) parts.push(`${b.unexplained} on no line`)
  return parts.join(' · ')
}

/** What a line adds: "+62"; where the budget is crossed with the total: "+62 = 118/80 over". */
export function figure(b: Breakdown, line: CostLine): string {
  const added = `+${line.cost}`
  return line === crossing(b) ? `${added} = ${line.total}/${b.budget} over` : added
}

/** What a call or the like has to cost to be named after its line. */
const worth = 5
const worthNaming = new Set([
  'call',
  'inlined-call',
  'interface-call',
  'param-call',
  'throw-call',
  'likely-test',
  'pointer-check',
  'closure',
  'append',
  'panic',
])

/** How many parts are named after a line, so that the text fits beside the code; the hover has all. */
const named = 2

/** The calls of a line that cost most, in a few words: "fmt.Errorf 58 · f 18". */
export function largest(line: CostLine): string {
  const parts = byCost(line).filter((p) => p.cost >= worth && worthNaming.has(p.what))
  const words = parts.slice(0, named).map((p) => `${oneLine(p.name)} ${p.cost}`)
  if (parts.length > named) words.push('…')
  return words.join(' · ')
}

/** The parts of a line, those that cost most first. */
export function byCost(line: CostLine): CostPart[] {
  return (line.parts ?? []).toSorted((a, b) => b.cost - a.cost)
}

/** The breakdown as a Markdown list, for screen readers. */
export function accessibleText(b: Breakdown): string {
  const lines = b.lines.map(
    (l) => `- line ${l.line + 1}: ${l.cost}, ${l.total} so far${l.over ? ', over budget' : ''}; ${markdown(l.text)}`,
  )
  return [`**${markdown(b.function)}**: ${markdown(heading(b))}`, '', ...lines].join('\n')
}
