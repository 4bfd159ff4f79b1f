import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { callSummary, summary } from '../../src/format.ts'
import type { CallItem, FunctionSummary, PackageFunctions, Reason } from '../../src/protocol.ts'
import { markdown } from '../../src/report.ts'
import { nearMisses, sorted } from '../../src/tree/order.ts'

const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }
const make = (name: string, cost: number | undefined, total = 0, inlined = 0): FunctionSummary => ({
  name,
  uri: 'file:///p/p.go',
  range,
  known: true,
  inlinable: cost !== undefined && cost <= 80,
  ...(cost === undefined ? { reason: { code: 'unhandled-op', message: 'unhandled op DEFER' } } : { cost, budget: 80 }),
  calls: { total, inlined },
})
const functions = [
  make('far', 900, 9),
  make('deferring', undefined, 2),
  make('tight', 79, 7, 7),
  make('near', 95, 3),
  make('nearest', 81, 1),
  make('small', 4, 5, 4),
  make('edge', 100),
]

describe('functions', () => {
  it('are near misses up to 20 over, the nearest first', () => {
    assert.deepEqual(
      nearMisses(functions).map((f) => f.name),
      ['nearest', 'near', 'edge'],
    )
  })
  it('are sorted by headroom, by calls that stayed, and by name', () => {
    const names = (order: 'headroom' | 'calls' | 'name') => sorted(functions, order).map((f) => f.name)
    assert.deepEqual(names('headroom'), ['tight', 'small', 'nearest', 'near', 'edge', 'far', 'deferring'])
    assert.deepEqual(names('calls'), ['far', 'near', 'deferring', 'nearest', 'small', 'edge', 'tight'])
    assert.deepEqual(names('name'), ['deferring', 'edge', 'far', 'near', 'nearest', 'small', 'tight'])
  })
  it('are summed up in a line', () => {
    assert.deepEqual(functions.map(summary), [
      '900/80, 820 over · 9 calls',
      'unhandled op DEFER · 2 calls',
      '79/80 · inlined at 7 of 7 calls',
      '95/80, 15 over · 3 calls',
      '81/80, 1 over · 1 call',
      '4/80 · inlined at 4 of 5 calls',
      '100/80, 20 over',
    ])
    assert.equal(summary({ ...make('f', undefined), known: false }), 'not known')
  })
})

describe('calls', () => {
  it('are summed up by what decided', () => {
    const call: CallItem = {
      uri: 'file:///p/a%20b.go',
      range: { start: { line: 6, character: 0 }, end: { line: 6, character: 1 } },
      caller: 'F',
      callee: 'g',
      status: 'not-inlined',
      label: '',
    }
    const tooExpensive: Reason = { code: 'too-expensive', message: 'cost 89 exceeds budget 80' }
    assert.equal(callSummary({ ...call, cost: 89, budget: 80, reason: tooExpensive }), '89/80 · a b.go:7')
    assert.equal(callSummary({ ...call, cost: 8, budget: 80, status: 'inlined' }), '8/80 · a b.go:7')
    assert.equal(
      callSummary({ ...call, reason: { code: 'unhandled-op', op: 'DEFER', message: 'unhandled op DEFER' } }),
      'defer · a b.go:7',
    )
    assert.equal(
      callSummary({ ...call, cost: 20, budget: 80, reason: { code: 'recursive', message: 'recursive' } }),
      'recursive · a b.go:7',
    )
    assert.equal(callSummary({ ...call, status: 'intrinsic' }), 'a b.go:7')
  })
})

describe('a report', () => {
  it('has the near misses, and the others apart', () => {
    const p: PackageFunctions = {
      path: 'example.com/p',
      dir: '/p',
      state: 'fresh',
      functions,
      calls: { inlined: 11, 'not-inlined': 15 },
    }
    const text = markdown(p)
    assert.match(
      text,
      /^## example\.com\/p\n\n7 functions, 2 inlinable\. Calls: 15 not-inlined, 11 inlined\.\n\n### Near misses\n\n\| function \| \|\n\|---\|---\|\n\| `nearest` \| 81\/80, 1 over · 1 call \|\n/,
    )
    assert.match(
      text,
      /### Other functions that are not inlinable\n\n\| function \| \|\n\|---\|---\|\n\| `far` .*\n\| `deferring` /,
    )
  })
})
