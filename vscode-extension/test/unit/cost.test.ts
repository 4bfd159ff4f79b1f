import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accessibleText, bar, barWidth, crossing, gutter, gutterWidth, heading, lineText } from '../../src/cost/bars.ts'
import type { Breakdown } from '../../src/protocol.ts'

const range = { start: { line: 0, character: 5 }, end: { line: 0, character: 6 } }
const breakdown: Breakdown = {
  uri: 'file:///p/p.go',
  function: 'F',
  range,
  cost: 150,
  budget: 80,
  printed: true,
  inlinable: false,
  reason: 'cost 150 exceeds budget 80',
  lines: [
    { line: 1, cost: 62, total: 62, over: false, text: 'fmt.Errorf 58 · name 4' },
    { line: 2, cost: 60, total: 122, over: true, text: 'g 58 · name 2' },
    { line: 4, cost: 28, total: 150, over: true, text: 'operator 28' },
  ],
}

describe('bars', () => {
  it('are as long as the share', () => {
    assert.equal(bar(80, 80), '█'.repeat(barWidth))
    assert.equal(bar(40, 80), '████')
    assert.equal(bar(45, 80), '████▌')
    assert.equal(bar(0, 80), '')
    assert.equal(bar(100, 80).length, barWidth)
  })
  it('can be seen for the least cost', () => assert.equal(bar(1, 10_000), '▏'))
  it('stand in columns of one width', () => {
    for (const greatest of [1, 80, 999, 1341]) {
      for (const cost of [0, 1, greatest])
        assert.equal(gutter(cost, greatest).length, gutterWidth(greatest), `${cost} of ${greatest}`)
    }
    assert.ok(!gutter(62, 80).includes(' '), 'an ordinary blank would be collapsed')
  })
})

describe('words of a breakdown', () => {
  it('sum up', () => {
    assert.equal(heading(breakdown), 'cost 150 of 80: 70 over')
    assert.equal(heading({ ...breakdown, cost: 34, inlinable: true }), 'cost 34 of 80: 46 left')
    assert.equal(
      heading({ ...breakdown, cost: 34, reason: 'unhandled op DEFER', unexplained: 2 }),
      'cost 34 of 80: 46 left · unhandled op DEFER · 2 on no line',
    )
  })
  it('say where the budget is crossed, once', () => {
    assert.equal(crossing(breakdown)?.line, 2)
    assert.deepEqual(
      breakdown.lines.map((l) => lineText(breakdown, l)),
      ['fmt.Errorf 58 · name 4', '◀ over the budget here, 122 of 80 · g 58 · name 2', 'operator 28'],
    )
  })
  it('can be read without the bars', () => {
    assert.match(accessibleText(breakdown), /^\*\*F\*\*: cost 150 of 80: 70 over\n\n- line 2: 62, 62 so far; fmt/)
    assert.match(accessibleText(breakdown), /- line 3: 60, 122 so far, over the budget; g/)
  })
})
