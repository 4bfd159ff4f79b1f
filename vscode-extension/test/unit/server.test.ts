import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Crashes } from '../../src/server/crashes.ts'
import { forServer, sets } from '../../src/server/shown.ts'
import { misfit } from '../../src/server/version.ts'

describe('versions', () => {
  it('fit from the oldest on, and when they are nobody’s release', () => {
    for (const v of [
      'v0.1.0',
      '0.1.0',
      'v0.2.3',
      '(devel) 0123456789ab',
      'v0.1.1-0.20260101000000-0123456789ab',
      '',
      undefined,
    ]) {
      assert.equal(misfit(v), undefined, v)
    }
  })
  it('do not fit when they are older, or of another kind', () => {
    assert.match(misfit('v0.0.9') ?? '', /v0\.0\.9; this extension needs v0\.1\.0/)
    assert.match(misfit('v1.0.0') ?? '', /made for version 0/)
  })
})

describe('crashes', () => {
  it('are forgiven four times in three minutes', () => {
    const crashes = new Crashes()
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((s) => crashes.again(s * 1000)),
      [true, true, true, true, false],
    )
    assert.equal(crashes.count, 5)
  })
  it('are forgotten after that', () => {
    const crashes = new Crashes()
    for (let s = 0; s < 5; s++) crashes.again(s * 1000)
    assert.equal(crashes.again(184_000), true)
  })
})

describe('what the server gets of the settings', () => {
  const settings = {
    server: { path: '/x' },
    trace: { server: 'off' },
    hints: { style: 'full', overrun: 20 },
    trigger: 'type',
    logLevel: 'warn',
  }
  it('has nothing of the client', () => {
    assert.deepEqual(forServer(settings, sets[0]!, undefined), {
      hints: settings.hints,
      trigger: 'type',
      logLevel: 'warn',
    })
  })
  it('has the calls that are shown now, and the user’s style', () => {
    const all = forServer(settings, sets[2]!, 'debug') as { hints: Record<string, unknown>; logLevel: string }
    assert.equal(all.hints['style'], 'full')
    assert.equal(all.hints['overrun'], 0)
    assert.equal((all.hints['statuses'] as string[]).length, 7)
    assert.equal(all.logLevel, 'debug')
  })
  it('is nothing where there are none', () => {
    assert.equal(forServer(null, sets[1]!, undefined), null)
  })
})
