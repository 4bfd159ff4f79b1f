import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { accessibleText, barImage, barStep, barSteps, crossing, figure, heading, largest } from '../../src/cost/bars.ts'
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
    assert.equal(barStep(80, 80), barSteps)
    assert.equal(barStep(40, 80), barSteps / 2)
    assert.equal(barStep(0, 80), 0)
    assert.equal(barStep(100, 80), barSteps)
  })
  it('can be seen for the least cost', () => assert.equal(barStep(1, 10_000), 2))
  it('are images of that width', () => {
    const [type, data] = barImage(5, '#3d8fd1').split(',') as [string, string]
    assert.equal(type, 'data:image/svg+xml;base64')
    assert.match(Buffer.from(data, 'base64').toString(), / width="5" height="14" fill="#3d8fd1"\/>/)
  })
})

describe('words of a breakdown', () => {
  it('sum up, and say where the budget is crossed', () => {
    assert.equal(heading(breakdown), 'cost 150 of 80: 70 over, from line 3 on')
    assert.equal(heading({ ...breakdown, cost: 34, inlinable: true, lines: [] }), 'cost 34 of 80: 46 left')
    assert.equal(
      heading({ ...breakdown, cost: 34, reason: 'unhandled op DEFER', unexplained: 2, lines: [] }),
      'cost 34 of 80: 46 left · unhandled op DEFER · 2 on no line',
    )
    const oneLine = { ...breakdown, lines: [{ line: 0, cost: 150, total: 150, over: true, text: '' }] }
    assert.equal(heading(oneLine), 'cost 150 of 80: 70 over')
  })
  it('say what each line adds, and once that this is too much', () => {
    assert.equal(crossing(breakdown)?.line, 2)
    assert.deepEqual(
      breakdown.lines.map((l) => figure(breakdown, l)),
      ['+62', '+60 = 122/80 over', '+28'],
    )
  })
  it('name what costs most on a line, as briefly as it can be', () => {
    const part = (name: string, cost: number, what = 'call') => ({ range, cost, what, name })
    const line = (...parts: ReturnType<typeof part>[]) =>
      largest({ line: 1, cost: 0, total: 0, over: false, text: '', parts })
    assert.equal(line(part('name', 14, 'name'), part('fmt.Errorf', 58)), 'fmt.Errorf 58')
    assert.equal(line(part('f', 18), part('g', 58), part('h', 17)), 'g 58 · f 18 · …')
    assert.equal(line(part('name', 8, 'name'), part('g', 4), part('return', 1, 'return')), '')
    assert.equal(line(), '')
  })
  it('can be read without the bars', () => {
    assert.match(
      accessibleText(breakdown),
      /^\*\*F\*\*: cost 150 of 80: 70 over, from line 3 on\n\n- line 2: 62, 62 so far; fmt/,
    )
    assert.match(accessibleText(breakdown), /- line 3: 60, 122 so far, over budget; g/)
  })
})
