import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { locate } from '../../src/server/locator.ts'

describe('locate', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'inlinelens-locate-'))
  })
  afterEach(() => rmSync(root, { recursive: true }))

  const program = (...path: string[]) => {
    const file = join(root, ...path)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, '#!/bin/sh\n')
    chmodSync(file, 0o755)
    return file
  }
  /** Looks in the folders of a machine without a go command. */
  const look = (setting = '', env: NodeJS.ProcessEnv = {}) =>
    locate({
      setting,
      extension: join(root, 'extension'),
      env: { PATH: join(root, 'path'), GOBIN: join(root, 'gobin'), ...env },
      platform: 'linux',
    })

  it('takes the setting before all others', async () => {
    program('extension', 'bin', 'inlinelens')
    const path = program('elsewhere', 'lens')
    assert.deepEqual(await look(path), { ok: true, path, source: 'setting' })
  })

  it('says what is wrong with the setting, rather than to take another program', async () => {
    program('extension', 'bin', 'inlinelens')
    const missing = await look(join(root, 'nowhere'))
    assert.ok(!missing.ok && missing.problem?.includes('is not a program'))
    const relative = await look('bin/inlinelens')
    assert.ok(!relative.ok && relative.problem?.includes('not an absolute path'))
  })

  it('goes from the extension over PATH to GOBIN', async () => {
    const gobin = program('gobin', 'inlinelens')
    assert.deepEqual(await look(), { ok: true, path: gobin, source: 'GOBIN' })
    const path = program('path', 'inlinelens')
    assert.deepEqual(await look(), { ok: true, path, source: 'PATH' })
    const bundled = program('extension', 'bin', 'inlinelens')
    assert.deepEqual(await look(), { ok: true, path: bundled, source: 'bundled' })
  })

  it('statusIcons into the bin of each GOPATH without GOBIN', async () => {
    const path = program('two', 'bin', 'inlinelens')
    assert.deepEqual(await look('', { GOBIN: '', GOPATH: `${join(root, 'one')}:${join(root, 'two')}` }), {
      ok: true,
      path,
      source: 'GOBIN',
    })
  })

  it('takes no file that cannot be run, and no folder', async () => {
    const file = program('path', 'inlinelens')
    chmodSync(file, 0o644)
    mkdirSync(join(root, 'gobin', 'inlinelens'), { recursive: true })
    const found = await look()
    assert.ok(!found.ok)
    assert.deepEqual(
      found.tried,
      ['extension/bin', 'path', 'gobin'].map((dir) => join(root, dir, 'inlinelens')),
    )
  })
})
