import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { figure } from '../../src/format.ts'
import type { CallItem, FunctionSummary, PackageFunctions, PackageStatus, Reason } from '../../src/protocol.ts'
import { markdown } from '../../src/report.ts'
import { shortName, withoutTypes } from '../../src/tree/name.ts'
import { nearMisses, type Order, sortedFunctions } from '../../src/tree/order.ts'
import { type Contents, packageRows, type Row, shortPaths } from '../../src/tree/rows.ts'

const at = (line: number) => ({ start: { line, character: 0 }, end: { line, character: 0 } })
const tooExpensive: Reason = { code: 'too-expensive', words: 'too expensive', message: 'cost 89 exceeds budget 80' }
const unhandled: Reason = { code: 'unhandled-op', words: 'defer', message: 'unhandled op DEFER' }
let line = 0
const make = (name: string, cost: number | undefined, total = 0, inlined = 0): FunctionSummary => ({
  name,
  uri: 'file:///p/p.go',
  range: at(line++),
  known: true,
  inlinable: cost !== undefined && cost <= 80,
  ...(cost === undefined ? { reason: unhandled } : { cost, budget: 80 }),
  ...(cost !== undefined && cost > 80 ? { reason: tooExpensive } : {}),
  calls: { total, inlined },
})
const functions = [
  make('far', 900, 9),
  make('deferring', undefined, 2),
  make('tight', 79, 7, 7),
  make('near', 95, 30),
  make('nearest', 81, 1),
  make('small', 4, 5, 4),
  make('edge', 100),
]
const call = (callee: string, more: Partial<CallItem> = {}): CallItem => ({
  uri: 'file:///p/a%20b.go',
  range: at(line++),
  caller: 'F',
  callee,
  status: 'not-inlined',
  label: '',
  ...more,
})
const p: PackageFunctions = {
  path: 'example.com/p',
  dir: '/p',
  state: 'fresh',
  functions,
  nearMisses: [
    { function: 3, over: 15, calls: 30 },
    { function: 4, over: 1, calls: 1 },
    { function: 6, over: 20, calls: 0 },
  ],
  calls: { inlined: 11, 'not-inlined': 15 },
}

/** The labels of rows, and of those below that are expanded at first. */
async function shown(rows: Row[], indent = ''): Promise<string[]> {
  const lines: string[] = []
  for (const row of rows) {
    lines.push(`${indent}${row.label}${row.description ? ` | ${row.description}` : ''}`)
    if (row.expanded && row.children) lines.push(...(await shown(await row.children(), `${indent}  `)))
  }
  return lines
}

async function below(rows: Row[], ...labels: string[]): Promise<Row[]> {
  for (const label of labels) {
    const row = rows.find((r) => r.label.startsWith(label))
    assert.ok(row?.children, `${label} in ${rows.map((r) => r.label).join(', ')}`)
    rows = await row.children()
  }
  return rows
}

function contents(packages: PackageFunctions[], calls: CallItem[] = [], more: Partial<Contents> = {}): Contents {
  return {
    packages,
    active: undefined,
    status: () => undefined,
    calls: () => Promise.resolve(calls),
    order: 'gain',
    grouping: 'callee',
    filter: '',
    ...more,
  }
}

describe('functions', () => {
  it('are near misses as the server ranks them, unless another order is chosen', () => {
    const names = (order?: Order) => nearMisses(p, order).map((m) => m.of.name)
    assert.deepEqual(names(), ['near', 'nearest', 'edge'])
    assert.deepEqual(names('headroom'), ['nearest', 'near', 'edge'])
    assert.deepEqual(names('name'), ['edge', 'near', 'nearest'])
    assert.deepEqual(names('place'), ['near', 'nearest', 'edge'])
  })
  it('are sorted by calls that stayed, by headroom, by name and by place', () => {
    const names = (order: Order) => sortedFunctions(functions, order).map((f) => f.name)
    assert.deepEqual(names('gain'), ['near', 'far', 'deferring', 'small', 'nearest', 'tight', 'edge'])
    assert.deepEqual(names('headroom'), ['tight', 'small', 'nearest', 'near', 'edge', 'far', 'deferring'])
    assert.deepEqual(names('name'), ['deferring', 'edge', 'far', 'near', 'nearest', 'small', 'tight'])
    assert.deepEqual(
      names('place'),
      functions.map((f) => f.name),
    )
  })
  it('have a figure', () => {
    assert.deepEqual(functions.map(figure), ['900/80', 'defer', '79/80', '95/80', '81/80', '4/80', '100/80'])
    assert.equal(
      figure(call('g', { cost: 20, budget: 80, reason: { ...unhandled, code: 'recursive', words: 'recursive' } })),
      'recursive',
    )
    assert.equal(figure(call('g', { status: 'intrinsic' })), '')
  })
  it('are instances of one, whatever their types', () => {
    assert.equal(withoutTypes('(*Set[go.shape.int,[]string]).Add'), '(*Set).Add')
    assert.equal(withoutTypes('Map[K]'), 'Map')
  })
})

describe('names', () => {
  it('are the receiver and the function, and the package where it is needed', () => {
    const short = (name: string) => Object.values(shortName(name)).filter(Boolean).join(' | ')
    assert.equal(short('nextRune'), 'nextRune')
    assert.equal(short('fmt.Sprintf'), 'fmt.Sprintf')
    assert.equal(short('(*Reader).readRecord'), 'Reader.readRecord')
    assert.equal(short('sync.(*RWMutex).Unlock'), 'RWMutex.Unlock | sync')
    assert.equal(short('(*Set[go.shape.int]).Add.func1'), 'Set.Add.func1')
    assert.equal(short('(*streamAssignment).legacyMoveOrigin'), 'stream….legacyMoveOrigin')
    assert.equal(short('(*T).aVeryLongNameThatFitsNowhereAtAll'), 'T.aVeryLongNameThatFitsNowhereAtAll')
    assert.equal(short('aVeryLongNameThatFitsNowhereAtAll'), 'aVeryLongNameThatFitsNowhereAtAll')
  })
})

describe('the view', () => {
  it('shows near misses first, with their figures in front', async () => {
    assert.deepEqual(await shown(packageRows(contents([p]))), [
      'p | 11 of 26 inlined',
      '  Near Misses | 3 · over · calls',
      '    +15 · 30×  near | p.go:4',
      '    +1 · 1×  nearest | p.go:5',
      '    +20 · 0×  edge | p.go:7',
      '  Functions | 2 of 7 inlinable',
      '  Calls | 11 of 26 inlined',
    ])
  })
  it('has the twenty best near misses, and the others below one row', async () => {
    const many = Array.from({ length: 45 }, (_, i) => make(`f${i}`, 90, 1))
    const near = many.map((_, i) => ({ function: i, over: 10, calls: 1 }))
    const rows = await below(packageRows(contents([{ ...p, functions: many, nearMisses: near }])), 'p', 'Near Misses')
    assert.equal(rows.length, 21)
    assert.equal(rows[20]?.label, '25 more')
    assert.equal((await below(rows, '25 more')).length, 25)
  })
  it('groups calls by callee, reason and file', async () => {
    const calls = [
      call('g[int]', { reason: tooExpensive, cost: 89, budget: 80 }),
      call('g[string]', { reason: tooExpensive, cost: 89, budget: 80, caller: 'A' }),
      call('h', { reason: unhandled, uri: 'file:///p/other.go' }),
      call('g', { status: 'inlined', cost: 8, budget: 80 }),
    ]
    const of = async (more: Partial<Contents>, ...labels: string[]) =>
      (
        await below(
          packageRows(contents([{ ...p, calls: { 'not-inlined': 3, inlined: 1 } }], calls, more)),
          'p',
          'Calls',
          'not-inlined',
          ...labels,
        )
      ).map((r) => `${r.label} | ${r.description}`)
    assert.deepEqual(await of({}), [
      '2×  g | 89/80',
      `1×  h | defer · other.go:${(calls[2]?.range.start.line ?? 0) + 1}`,
    ])
    const lines = calls.map((c) => c.range.start.line + 1)
    assert.deepEqual(await of({}, '2×  g'), [`a b.go:${lines[0]} | F`, `a b.go:${lines[1]} | A`])
    assert.deepEqual(await of({ order: 'name' }, '2×  g'), [`a b.go:${lines[1]} | A`, `a b.go:${lines[0]} | F`])
    assert.deepEqual(await of({ grouping: 'reason' }), ['2×  too-expensive | ', '1×  unhandled-op | '])
    assert.deepEqual(await of({ grouping: 'reason' }, '2×  too-expensive'), ['2×  g | 89/80'])
    assert.deepEqual(await of({ grouping: 'file' }), ['2×  a b.go | ', '1×  other.go | '])
    assert.deepEqual(await of({ grouping: 'file' }, '2×  a b.go'), [`${lines[0]}  g | 89/80`, `${lines[1]}  g | 89/80`])
  })
  it('divides long lists', async () => {
    const calls = Array.from({ length: 1_003 }, () => call('g'))
    const rows = await below(
      packageRows(contents([{ ...p, calls: { 'not-inlined': 1_003 } }], calls)),
      'p',
      'Calls',
      'not-inlined',
      '1,003×  g',
    )
    assert.deepEqual(
      rows.slice(200).map((r) => r.label),
      ['201–400 of 1,003', '401–600 of 1,003', '601–800 of 1,003', '801–1,000 of 1,003', '1,001–1,003 of 1,003'],
    )
    assert.equal((await below(rows, '201')).length, 200)
    assert.equal((await below(rows, '1,001')).length, 3)
  })
  it('shows what a filter leaves, in names, files and reasons', async () => {
    const calls = [call('near', { reason: tooExpensive }), call('h', { reason: unhandled, uri: 'file:///p/other.go' })]
    const of = (filter: string) =>
      shown(packageRows(contents([{ ...p, calls: { 'not-inlined': 2 } }], calls, { filter })))
    assert.deepEqual((await of('DEFER')).slice(1), [
      '  Functions | 0 of 1 inlinable',
      '    defer  deferring | 2 stay',
      '  Calls | 0 of 1 inlined',
      '    not-inlined | 1',
      `      1×  h | defer · other.go:${(calls[1]?.range.start.line ?? 0) + 1}`,
    ])
    assert.deepEqual((await of('near p.go')).slice(0, 4), [
      'p | 0 of 2 inlined',
      '  Near Misses | 2 · over · calls',
      '    +15 · 30×  near | p.go:4',
      '    +1 · 1×  nearest | p.go:5',
    ])
    assert.deepEqual((await of('no such thing')).slice(1), ['  Nothing matches “no such thing”'])
  })
  it('says why there is nothing on a package that does not compile', async () => {
    const failed: PackageStatus = {
      dir: '/p',
      state: 'failed',
      error: { message: 'undefined: x', location: { uri: 'file:///p/p.go', range: at(6) } },
      errors: 3,
      tookMs: 1,
      calls: 0,
      hinted: 0,
    }
    const broken = { ...p, state: 'failed' as const, functions: [], nearMisses: [], calls: {} }
    const rows = packageRows(contents([broken], [], { status: () => failed }))
    assert.deepEqual(await shown(rows), ['p | does not compile', '  undefined: x | p.go:7', '  2 more errors'])
    assert.equal((await below(rows, 'p'))[0]?.place?.range.start.line, 6)
    // What compiles of it is there.
    const tests = packageRows(contents([{ ...p, state: 'failed' }], [], { status: () => failed }))
    assert.deepEqual((await shown(tests)).slice(0, 4), [
      'p | tests do not compile',
      '  undefined: x | p.go:7',
      '  2 more errors',
      '  Near Misses | 3 · over · calls',
    ])
  })
  it('expands the package of the active editor, and tells packages apart by the end of their paths', () => {
    const others = [p, { ...p, path: 'example.com/x/v2', dir: '/x' }, { ...p, path: 'example.com/y/p', dir: '/y' }]
    assert.deepEqual(
      packageRows(contents(others, [], { active: '/x' })).map((r) => [r.label, r.expanded]),
      [
        ['example.com/p', false],
        ['x/v2', true],
        ['y/p', false],
      ],
    )
    assert.deepEqual(shortPaths(['a/b/c']), ['c'])
  })
  it('has no two rows with the same id below one row', async () => {
    const calls = [call('g'), call('g'), call('h')]
    const walk = async (rows: Row[]): Promise<void> => {
      assert.equal(new Set(rows.map((r) => r.id)).size, rows.length, rows.map((r) => r.id).join('\n'))
      for (const row of rows) if (row.children) await walk(await row.children())
    }
    await walk(packageRows(contents([{ ...p, calls: { 'not-inlined': 3 } }], calls)))
  })
  it('has tooltips without links of the repository', async () => {
    const evil = '[click](command:workbench.action.quit) https://evil.example'
    const hostile = { ...make('f', undefined), reason: { ...unhandled, message: evil } }
    const [row] = await below(packageRows(contents([{ ...p, functions: [hostile], nearMisses: [] }])), 'p', 'Functions')
    const text = row?.tooltip?.() ?? ''
    assert.match(text, /click/)
    assert.doesNotMatch(text, /\[click\]\(|https:/)
  })
})

describe('a report', () => {
  it('has the near misses, what was not inlined by callee, and the others apart', () => {
    const text = markdown(p, [
      call('g', { cost: 89, budget: 80, reason: tooExpensive }),
      call('g', { status: 'inlined' }),
    ])
    assert.ok(
      text.startsWith(
        [
          '## `example.com/p`',
          '',
          '7 functions, 2 inlinable. Calls: 15 not-inlined, 11 inlined.',
          '',
          '### Near misses',
          '',
          '| over | cost/budget | calls | place    | function |',
          '|-----:|------------:|------:|----------|-----|',
          '|   15 |       95/80 |    30 | `p.go:4` | `near` |',
          '',
        ]
          .join('\n')
          .trim(),
      ),
      text,
    )
    assert.match(
      text,
      /### Calls that were not inlined\n\n\| calls \| +why \| first call +\| callee \|\n.*\n\| +1 \| 89\/80 \| `a b\.go:\d+` +\| `g` \|/,
    )
    assert.match(
      text,
      /### Other functions that are not inlinable\n\n.*\n.*\n\| 900\/80 \| +9 \| `p\.go:1` +\| `far` \|\n\| defer +\| +2 \| `p\.go:2` +\| `deferring` \|/,
    )
  })
})
