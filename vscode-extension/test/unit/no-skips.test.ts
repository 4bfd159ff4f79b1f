import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'

const reporter = join(import.meta.dirname, '..', '..', 'scripts', 'no-skips.mjs')

describe('a run of tests', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'inlinelens-skips-'))
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  /** Runs a file of tests in a process of its own. */
  const run = (text: string) => {
    const file = join(dir, 'a.test.mjs')
    writeFileSync(file, `import { describe, it } from 'node:test'\n${text}\n`)
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const r = spawnSync(
      process.execPath,
      ['--test', `--test-reporter=${reporter}`, '--test-reporter-destination=stdout', file],
      { encoding: 'utf8', env },
    )
    return { code: r.status, text: r.stdout }
  }

  it('is good when all tests pass', () => assert.deepEqual(run(`it('a', () => {})`), { code: 0, text: '' }))
  it('is bad when one fails', () => assert.equal(run(`it('a', () => { throw new Error() })`).code, 1))
  for (const [how, text] of [
    ['it is marked', `it.skip('a', () => {})`],
    ['it says so itself', `it('a', (t) => t.skip())`],
    ['its suite is', `describe.skip('a', () => { it('b', () => {}) })`],
  ] as const) {
    it(`is bad when one is skipped because ${how}`, () => {
      const { code, text: said } = run(`it('good', () => {})\n${text}`)
      assert.equal(code, 1)
      assert.match(said, /^SKIPPED a /)
    })
  }
  it('is bad when one is yet to be written', () => assert.match(run(`it.todo('a')`).text, /^TODO a /))
})
