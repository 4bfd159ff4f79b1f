import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { Insistence } from '../../src/server/insist.ts'

describe('the editor is told again', () => {
  let said: number
  let visible: string[]
  let insistence: Insistence
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] })
    said = 0
    visible = ['a', 'b']
    insistence = new Insistence(
      [100, 200, 400],
      () => visible,
      () => said++,
    )
  })
  afterEach(() => {
    insistence.dispose()
    mock.timers.reset()
  })

  it('until it asks, but not for ever', () => {
    insistence.told()
    assert.equal(said, 0)
    mock.timers.tick(100)
    assert.equal(said, 1)
    mock.timers.tick(200)
    assert.equal(said, 2)
    mock.timers.tick(10_000)
    assert.equal(said, 3)
  })
  it('while one of the documents was not asked for', () => {
    insistence.told()
    insistence.asked('a')
    mock.timers.tick(100)
    assert.equal(said, 1)
    insistence.asked('b')
    mock.timers.tick(10_000)
    assert.equal(said, 1)
  })
  it('but not if it asks in time, nor of what is not seen any more', () => {
    insistence.told()
    insistence.asked('a')
    visible = ['a']
    mock.timers.tick(10_000)
    assert.equal(said, 0)
  })
  it('from the start when there is something new again', () => {
    insistence.told()
    insistence.asked('a')
    insistence.asked('b')
    insistence.told()
    mock.timers.tick(100)
    assert.equal(said, 1)
  })
})
