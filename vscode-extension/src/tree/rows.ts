// The rows of the view: packages with their near misses, functions and calls. Figures stand
// first in a row, as the side bar cuts off what does not fit.

import { code, hover, oneLine } from '../escape.ts'
import { count, figure, icons, listedStatuses, placeOf, plural, statusIcon } from '../format.ts'
import type { Status } from '../generated.ts'
import type { CallItem, FunctionSummary, PackageFunctions, PackageStatus, Place } from '../protocol.ts'
import { type Filter, filterOf } from './filter.ts'
import { type Group, type Grouping, grouped, groupings } from './group.ts'
import { shortName, withoutTypes } from './name.ts'
import { type NearMiss, nearMisses, type Order, sortedCalls, sortedFunctions, sortedGroups, stayed } from './order.ts'

export interface Row {
  /** The same after a refresh, so that expanded rows stay expanded. */
  id: string
  label: string
  description?: string
  icon?: { icon: string; color?: string }
  /** What screen readers read, if that is not the label and the description. */
  spoken?: string
  /** Markdown. */
  tooltip?: () => string
  /** The rows below; absent if there can be none. */
  children?: () => Row[] | Promise<Row[]>
  expanded?: boolean
  /** What a click leads to. */
  place?: Place
  command?: string
  /** The directory of the package that the row is. */
  package?: string
  /** The function that the row is about. */
  function?: FunctionSummary
}

/** What the view shows, and how. */
export interface Contents {
  packages: readonly PackageFunctions[]
  /** The directory of the package of the active editor. */
  active: string | undefined
  status: (dir: string) => PackageStatus | undefined
  calls: (p: PackageFunctions) => Promise<CallItem[]>
  order: Order
  grouping: Grouping
  filter: string
}

/** How many near misses are shown at once, and how many rows of other lists. */
const few = 20
const page = 200

export function packageRows(contents: Contents): Row[] {
  const names = shortPaths(contents.packages.map((p) => p.path || p.dir))
  return contents.packages.map((p, i) => packageRow(contents, p, names[i] as string))
}

/** The last elements of paths, as many as it takes to tell them apart. */
export function shortPaths(paths: readonly string[]): string[] {
  const last = (path: string, n: number) => path.split('/').slice(-n).join('/')
  return paths.map((path) => {
    // The last element of a module of a later major version says little.
    let n = /\/v\d+$/.test(path) ? 2 : 1
    while (n < path.split('/').length && paths.some((other) => other !== path && last(other, n) === last(path, n))) n++
    return last(path, n)
  })
}

function packageRow(contents: Contents, p: PackageFunctions, name: string): Row {
  const total = sum(p.calls)
  const numbers = `${count(p.calls.inlined ?? 0)} of ${count(total)} inlined`
  const failed = p.state === 'failed'
  const description = {
    compiling: total > 0 ? `compiling · ${numbers}` : 'compiling',
    failed: total > 0 ? 'tests do not compile' : 'does not compile',
    fresh: numbers,
    stale: `unsaved edits · ${numbers}`,
  }[p.state]
  return {
    id: `package ${p.dir} ${p.path}`,
    label: oneLine(name),
    description,
    icon: failed ? icons.error : icons.package,
    spoken: `${oneLine(p.path)}, ${description}`,
    tooltip: () => {
      const inlinable = `${count(p.functions.filter((f) => f.inlinable).length)} of ${count(p.functions.length)}`
      return paragraphs(
        `**${hover(p.path || name)}**`,
        hover(p.dir),
        failed
          ? description
          : `${inlinable} functions are inlinable. ${numbers.replace('inlined', 'calls are inlined')}.`,
      )
    },
    package: p.dir,
    expanded: contents.packages.length === 1 || p.dir === contents.active,
    children: async () => {
      const errors = failed ? errorRows(p, contents.status(p.dir)) : []
      // Where only the tests do not compile, there is something to show on the rest.
      return failed && p.functions.length === 0 ? errors : [...errors, ...(await lists(contents, p))]
    },
  }
}

/** Why there is nothing on a package: its first error, and how many others there are. */
function errorRows(p: PackageFunctions, status: PackageStatus | undefined): Row[] {
  const id = `error ${p.dir} ${p.path}`
  const error = status?.error
  const message = error?.message ?? 'the output says why'
  const at = error?.location
  const rows: Row[] = [
    {
      id,
      label: oneLine(message),
      ...(at ? { description: placeOf(at), place: at } : { command: 'inlinelens.showOutput' }),
      icon: icons.error,
      spoken: `does not compile: ${oneLine(message)}`,
      tooltip: () => paragraphs(hover(message), at ? hover(placeOf(at)) : ''),
    },
  ]
  const more = (status?.errors ?? 1) - 1
  if (more > 0) {
    const label = `${plural(more, 'more error')}`
    rows.push({ id: `${id} more`, label, icon: icons.more, command: 'workbench.actions.view.problems' })
  }
  return rows
}

/** The lists of a package, without those that are empty. */
async function lists(contents: Contents, p: PackageFunctions): Promise<Row[]> {
  const filter = filterOf(contents.filter)
  // What is left by a filter is expanded, whatever was before.
  const id = `${filter ? 'filtered ' : ''}${p.dir} ${p.path}`
  const near = nearMisses(p, contents.order).filter((m) => filter?.functions(m.of) ?? true)
  const functions = sortedFunctions(p.functions, contents.order).filter((f) => filter?.functions(f) ?? true)
  const calls = filter ? (await contents.calls(p)).filter(filter.calls) : undefined
  const counts = calls ? counted(calls) : p.calls
  const rows: Row[] = []
  if (near.length > 0) {
    rows.push({
      id: `near ${id}`,
      label: 'Near Misses',
      description: `${count(near.length)} · over · calls`,
      icon: icons.near,
      tooltip: () =>
        'Functions that are over budget by at most 20. *\\+12 · 3×* says by how much, and how many calls would be inlined.',
      expanded: true,
      children: () => divided(`near ${id}`, near, (m) => nearRow(contents, p, m), few),
    })
  }
  if (functions.length > 0) {
    rows.push({
      id: `functions ${id}`,
      label: 'Functions',
      description: `${count(functions.filter((f) => f.inlinable).length)} of ${count(functions.length)} inlinable`,
      icon: icons.functions,
      expanded: filter !== undefined && functions.length <= few,
      children: () => divided(`functions ${id}`, functions, (f) => functionRow(contents, p, f)),
    })
  }
  if (sum(counts) > 0) rows.push(callsRow(contents, p, `calls ${id}`, counts, filter))
  if (rows.length > 0) return rows
  const label = filter
    ? `Nothing matches “${oneLine(contents.filter)}”`
    : p.state === 'compiling'
      ? 'Compiling…'
      : 'No functions and no calls'
  return [
    { id: `nothing ${id}`, label, icon: icons.note, ...(filter ? { command: 'inlinelens.tree.clearFilter' } : {}) },
  ]
}

/** A list's first rows, and the others below rows of their own. */
export function divided<T>(id: string, items: readonly T[], row: (item: T) => Row, first = page): Row[] {
  const rows = items.slice(0, first).map(row)
  const rest = items.slice(first)
  if (rest.length === 0) return rows
  if (rest.length <= page || first < page) {
    const more = `${id} more`
    const label = `${count(rest.length)} more`
    return [...rows, { id: more, label, icon: icons.more, children: () => divided(more, rest, row) }]
  }
  for (let start = 0; start < rest.length; start += page) {
    const part = rest.slice(start, start + page)
    const label = `${count(first + start + 1)}–${count(first + start + part.length)} of ${count(items.length)}`
    rows.push({ id: `${id} from ${first + start}`, label, icon: icons.more, children: () => part.map(row) })
  }
  return rows
}

function nearRow(contents: Contents, p: PackageFunctions, m: NearMiss): Row {
  const { icon: _, ...row } = functionRow(contents, p, m.of)
  return {
    ...row,
    id: `near ${functionId(p, m.of)}`,
    label: `+${m.over} · ${count(m.calls)}×  ${oneLine(shortName(m.of.name).name)}`,
    description: placeOf(m.of),
    spoken: `${oneLine(m.of.name)}, ${m.over} over, ${plural(m.calls, 'call')}, ${placeOf(m.of)}`,
    tooltip: () => functionTooltip(p, m.of, m),
  }
}

function functionRow(contents: Contents, p: PackageFunctions, f: FunctionSummary): Row {
  const { total, inlined } = f.calls
  const numbers = [stayed(f) > 0 ? `${count(stayed(f))} stay` : '', inlined > 0 ? `${count(inlined)} inlined` : '']
  const description = numbers.filter(Boolean).join(', ')
  const name = oneLine(f.name)
  const words = oneLine(figure(f))
  const row: Row = {
    id: functionId(p, f),
    label: [words, oneLine(shortName(f.name).name)].filter(Boolean).join('  '),
    description,
    icon: f.inlinable ? icons.inlinable : icons.notInlinable,
    spoken: [name, f.inlinable ? 'inlinable' : 'not inlinable', words, description && `calls: ${description}`]
      .filter(Boolean)
      .join(', '),
    tooltip: () => functionTooltip(p, f),
    place: f,
    function: f,
  }
  if (total > 0) row.children = async () => callersOf(row.id, f, await contents.calls(p), contents.order)
  return row
}

function functionId(p: PackageFunctions, f: FunctionSummary): string {
  return `function ${p.dir} ${p.path} ${f.name} ${f.uri} ${f.range.start.line}`
}

/** The calls of a function in its package. */
function callersOf(id: string, f: FunctionSummary, calls: readonly CallItem[], order: Order): Row[] {
  const name = withoutTypes(f.name)
  const own = calls.filter(
    (c) =>
      c.status !== 'eliminated' &&
      withoutTypes(c.callee) === name &&
      (c.calleeLocation === undefined || c.calleeLocation.uri === f.uri),
  )
  return divided(id, sortedCalls(own, order, caller), (c) => ({
    ...callRow(id, c, placeOf(c), caller(c)),
    icon: statusIcon(c.status),
  }))
}

/** The calls of a package by status. */
function callsRow(
  contents: Contents,
  p: PackageFunctions,
  id: string,
  counts: Partial<Record<Status, number>>,
  filter: Filter | undefined,
): Row {
  const by = groupings[contents.grouping].label.toLowerCase()
  return {
    id,
    label: 'Calls',
    description: `${count(counts.inlined ?? 0)} of ${count(sum(counts))} inlined`,
    icon: icons.calls,
    tooltip: () => `The calls of the package, by status and ${by}.`,
    expanded: filter !== undefined,
    children: () =>
      listedStatuses
        .filter((s) => counts[s])
        .map((status) => ({
          id: `${id} ${status}`,
          label: status,
          description: count(counts[status] ?? 0),
          icon: statusIcon(status),
          expanded: filter !== undefined && (counts[status] ?? 0) <= few,
          children: async () => {
            const calls = (await contents.calls(p)).filter((c) => c.status === status && (filter?.calls(c) ?? true))
            return groupRows(contents, `${id} ${status}`, calls, contents.grouping)
          },
        })),
  }
}

function groupRows(contents: Contents, id: string, calls: readonly CallItem[], by: Grouping): Row[] {
  // Calls that were inlined have no reason.
  if (by === 'reason' && !calls.some((c) => c.reason)) by = 'callee'
  const groups = sortedGroups(grouped(calls, by), contents.order)
  return divided(id, groups, (g) => groupRow(contents, id, g, by))
}

function groupRow(contents: Contents, parent: string, g: Group, by: Grouping): Row {
  const id = `${parent} ${by} ${by === 'file' ? g.calls[0]?.uri : g.name}`
  const [first] = g.calls as [CallItem, ...CallItem[]]
  const { name, of } = by === 'callee' ? shortName(g.name) : { name: g.name, of: '' }
  const why = by === 'callee' ? figures(g.calls) : ''
  const label = `${count(g.calls.length)}×  ${oneLine(name)}`
  const spoken = `${oneLine(g.name)}, ${plural(g.calls.length, 'call')}${why && `, ${why}`}`
  const tooltip = () => paragraphs(code(g.name), `${plural(g.calls.length, 'call')}, ${first.status}`, hover(why))
  if (by === 'callee' && g.calls.length === 1) {
    const row = callRow(parent, first, label, [of, why, placeOf(first)].filter(Boolean).join(' · '))
    return { ...row, id, spoken: `${spoken}, ${placeOf(first)}, ${first.status}` }
  }
  const children = () => {
    if (by === 'reason') return groupRows(contents, id, g.calls, 'callee')
    const calls = sortedCalls(g.calls, contents.order, by === 'file' ? callee : caller)
    return divided(id, calls, (c) =>
      by === 'file'
        ? callRow(id, c, `${c.range.start.line + 1}  ${oneLine(shortName(c.callee).name)}`, figure(c))
        : callRow(id, c, placeOf(c), caller(c)),
    )
  }
  const description = [of, why].filter(Boolean).map(oneLine).join(' · ')
  return { id, label, description, ...(by === 'file' ? { icon: icons.file } : {}), spoken, tooltip, children }
}

/** What decided on calls, at most two words: "91/80", "91/80, defer statement". */
function figures(calls: readonly CallItem[]): string {
  const all = [...new Set(calls.map(figure))].filter(Boolean)
  return oneLine(all.length > 2 ? `${all.slice(0, 2).join(', ')}, …` : all.join(', '))
}

const caller = (c: CallItem) => oneLine(c.caller)
const callee = (c: CallItem) => oneLine(c.callee)

function callRow(parent: string, c: CallItem, label: string, description: string): Row {
  const { start } = c.range
  return {
    id: `${parent} call ${c.uri} ${start.line}:${start.character} ${c.callee} ${c.caller}`,
    label,
    description: oneLine(description),
    spoken: [label, oneLine(description), c.status].filter(Boolean).join(', '),
    tooltip: () =>
      paragraphs(
        `**${c.via ? `${c.via} ` : ''}**${code(c.callee)} in ${code(c.caller)}`,
        hover(c.label),
        hover(placeOf(c)),
      ),
    place: c,
  }
}

function functionTooltip(p: PackageFunctions, f: FunctionSummary, m?: NearMiss): string {
  const verdict = f.inlinable ? `inlinable, ${figure(f)}` : `not inlinable: ${f.reason?.message ?? figure(f)}`
  const { total, inlined } = f.calls
  return paragraphs(
    code(`${p.path}.${f.name}`),
    hover(f.known ? verdict : 'not known'),
    total > 0
      ? `Inlined at ${count(inlined)} of ${plural(total, 'call')} in its package.`
      : 'Its package does not call it.',
    m && m.calls > 0 ? `If it cost ${m.over} less, ${plural(m.calls, 'more call')} would be inlined.` : '',
    hover(placeOf(f)),
  )
}

function paragraphs(...texts: string[]): string {
  return texts.filter(Boolean).join('\n\n')
}

function counted(calls: readonly CallItem[]): Partial<Record<Status, number>> {
  const counts: Partial<Record<Status, number>> = {}
  for (const c of calls) counts[c.status] = (counts[c.status] ?? 0) + 1
  return counts
}

function sum(counts: Partial<Record<Status, number>>): number {
  return Object.values(counts).reduce((total, n) => total + n, 0)
}
