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
    `## ${code(p.path)}`,
    `${plural(p.functions.length, 'function')}, ${count(inlinable)} inlinable. Calls: ${statuses.join(', ') || 'none'}.`,
    ...table(
      'Near misses',
      ['over', 'cost/budget', 'calls', 'place', 'function'],
      near.map((m) => [count(m.over), figure(m.of), count(m.calls), code(placeOf(m.of)), code(m.of.name)]),
    ),
    ...table(
      'Calls that were not inlined',
      ['calls', 'why', 'first call', 'callee'],
      callees.slice(0, calleesShown).map((g) => {
        const [first] = g.calls as [CallItem]
        return [count(g.calls.length), plain(figure(first)), code(placeOf(first)), code(g.name)]
      }),
      callees.length > calleesShown ? `And ${plural(callees.length - calleesShown, 'more callee')}.` : '',
    ),
    ...table(
      'Other functions that are not inlinable',
      ['why', 'calls not inlined', 'place', 'function'],
      others.map((f) => [plain(figure(f)), count(stayed(f)), code(placeOf(f)), code(f.name)]),
    ),
  ].join('\n\n')
}

/** The widest cell that others are aligned with. */
const widest = 30

/**
 * A table with its title, aligned so that it can be read as text; nothing if it has no
 * rows. The last column is not padded.
 */
function table(title: string, head: string[], rows: string[][], after = ''): string[] {
  if (rows.length === 0) return []
  const columns = head.map((name, i) => {
    const cells = rows.map((r) => r[i] as string)
    const longest = cells.reduce((w, c) => Math.max(w, c.length), name.length)
    return {
      number: cells.every((c) => /^[\d,/]+$/.test(c)),
      width: i < head.length - 1 ? Math.min(longest, widest) : 0,
    }
  })
  const line = (cells: string[]) =>
    `| ${columns.map((c, i) => cells[i]?.[c.number ? 'padStart' : 'padEnd'](c.width)).join(' | ')} |`
  const rule = columns.map(({ number, width }) => `${'-'.repeat(Math.max(width, 3) + 1)}${number ? ':' : '-'}`)
  return [`### ${title}`, [line(head), `|${rule.join('|')}|`, ...rows.map(line)].join('\n'), ...(after ? [after] : [])]
}
