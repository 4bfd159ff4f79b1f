// The report of a package in Markdown, for an issue or a review.
import { code, markdown as plain } from './escape.ts'
import { listedStatuses, plural, summary } from './format.ts'
import type { PackageFunctions } from './protocol.ts'
import { nearMisses, sorted } from './tree/order.ts'

export function markdown(p: PackageFunctions): string {
  const inlinable = p.functions.filter((f) => f.inlinable).length
  const counted = listedStatuses.filter((s) => p.calls[s]).map((s) => `${p.calls[s]} ${s}`)
  const lines = [
    `## ${plain(p.path)}`,
    '',
    `${plural(p.functions.length, 'function')}, ${inlinable} inlinable. Calls: ${counted.join(', ') || 'none'}.`,
  ]
  const table = (title: string, functions: typeof p.functions) => {
    if (functions.length === 0) return
    lines.push(
      '',
      `### ${title}`,
      '',
      '| function | |',
      '|---|---|',
      ...functions.map((f) => `| ${code(f.name)} | ${plain(summary(f))} |`),
    )
  }
  const near = nearMisses(p.functions)
  table('Near misses', near)
  table(
    'Other functions that are not inlinable',
    sorted(p.functions, 'headroom').filter((f) => !f.inlinable && !near.includes(f)),
  )
  return lines.join('\n')
}
