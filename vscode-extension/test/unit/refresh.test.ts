import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { RefreshRetry } from '../../src/server/refresh.ts'

describe('the editor is told again', () => {
  let said: number
  let visible: string[]
  let retry: RefreshRetry
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] })
    said = 0
    visible = ['a', 'b']
    retry = new RefreshRetry(
      [100, 200, 400],
      () => visible,
      () => said++,
    )
  })
  afterEach(() => {
    retry.dispose()
    mock.timers.reset()
  })

  it('until it asks, but not forever', () => {
    retry.refreshed()
    assert.equal(said, 0)
    mock.timers.tick(100)
    assert.equal(said, 1)
    mock.timers.tick(200)
    assert.equal(said, 2)
    mock.timers.tick(10_000)
    assert.equal(said, 3)
  })
  it('while one of the documents was not asked for', () => {
    retry.refreshed()
    retry.requested('a')
    mock.timers.tick(100)
    assert.equal(said, 1)
    retry.requested('b')
    mock.timers.tick(10_000)
    assert.equal(said, 1)
  })
  it('but not if it asks in time, nor of what is not seen any more', () => {
    retry.refreshed()
    retry.requested('a')
    visible = ['a']
    mock.timers.tick(10_000)
    assert.equal(said, 0)
  })
  it('from the start when there is something new again', () => {
    retry.refreshed()
    retry.requested('a')
    retry.requested('b')
    retry.refreshed()
    mock.timers.tick(100)
    assert.equal(said, 1)
  })
})
