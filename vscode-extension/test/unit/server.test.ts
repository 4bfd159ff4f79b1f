import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { serverSettings } from '../../src/server/settings.ts'
import { versionProblem } from '../../src/server/version.ts'

describe('versions', () => {
  it('are accepted from the oldest on, and when they are no releases', () => {
    for (const v of [
      'v0.1.0',
      '0.1.0',
      'v0.2.3',
      '(devel) 0123456789ab',
      'v0.1.1-0.20260101000000-0123456789ab',
      '',
      undefined,
    ]) {
      assert.equal(versionProblem(v), undefined, v)
    }
  })
  it('are rejected when they are older, or of another major version', () => {
    assert.match(versionProblem('v0.0.9') ?? '', /v0\.0\.9; this extension needs v0\.1\.0/)
    assert.match(versionProblem('v1.0.0') ?? '', /needs major version 0/)
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
    assert.deepEqual(serverSettings(settings, undefined), {
      hints: settings.hints,
      trigger: 'type',
      logLevel: 'warn',
    })
  })
  it('has the level of the log that the user has chosen', () => {
    assert.equal((serverSettings(settings, 'debug') as { logLevel: string }).logLevel, 'debug')
  })
  it('is nothing where there are none', () => {
    assert.equal(serverSettings(null, undefined), null)
  })
})
