// The report of a package in Markdown, to be read, or for an issue or a review.
import { code, markdown as plain } from './escape.ts'
import { count, figure, listedStatuses, placeOf, plural } from './format.ts'
import type { CallItem, PackageFunctions } from './protocol.ts'
import { grouped } from './tree/group.ts'
import { nearMisses, sortedFunctions, sortedGroups, stayed } from './tree/order.ts'

/** How many callees the report lists. */
const calleesShown = 50

export function markdown(p: PackageFunctions, calls: readonly CallItem[]): string {
  const inlinable = p.functions.filter((f) => f.inlinable).length
  const statuses = listedStatuses.filter((s) => p.calls[s]).map((s) => `${count(p.calls[s] ?? 0)} ${s}`)
  const near = nearMisses(p)
  const others = sortedFunctions(p.functions, 'gain').filter((f) => !f.inlinable && !near.some((m) => m.of === f))
  const callees = sortedGroups(
    grouped(
      calls.filter((c) => c.status === 'not-inlined' || c.status === 'mixed'),
      'callee',
    ),
    'gain',
  )
  return [
    `## ${plain(p.path)}`,
    `${plural(p.functions.length, 'function')}, ${count(inlinable)} inlinable. Calls: ${statuses.join(', ') || 'none'}.`,
    ...table(
      'Near misses',
      ['over', 'cost/budget', 'calls', 'function', 'place'],
      near.map((m) => [count(m.over), figure(m.of), count(m.calls), code(m.of.name), plain(placeOf(m.of))]),
    ),
    ...table(
      'Calls that were not inlined',
      ['calls', 'callee', 'why', 'first'],
      callees.slice(0, calleesShown).map((g) => {
        const [first] = g.calls as [CallItem]
        return [count(g.calls.length), code(g.name), plain(figure(first)), plain(placeOf(first))]
      }),
      callees.length > calleesShown ? `And ${plural(callees.length - calleesShown, 'more callee')}.` : '',
    ),
    ...table(
      'Other functions that are not inlinable',
      ['why', 'calls not inlined', 'function', 'place'],
      others.map((f) => [plain(figure(f)), count(stayed(f)), code(f.name), plain(placeOf(f))]),
    ),
  ].join('\n\n')
}

/** A table with its title, aligned so that it can be read as text; nothing if it has no rows. */
function table(title: string, head: string[], rows: string[][], after = ''): string[] {
  if (rows.length === 0) return []
  const number = head.map((_, i) => rows.every((r) => /^[\d,/]+$/.test(r[i] as string)))
  const width = head.map((h, i) => rows.reduce((w, r) => Math.max(w, (r[i] as string).length), h.length))
  const line = (cells: string[]) =>
    `| ${cells.map((c, i) => (number[i] ? c.padStart(width[i] as number) : c.padEnd(width[i] as number))).join(' | ')} |`
  const rule = number.map((right, i) => {
    const w = width[i] as number
    return right ? `${'-'.repeat(w + 1)}:` : '-'.repeat(w + 2)
  })
  return [`### ${title}`, [line(head), `|${rule.join('|')}|`, ...rows.map(line)].join('\n'), ...(after ? [after] : [])]
}
