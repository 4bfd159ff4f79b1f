// Runs the tests of test/host inside the extension host of a real editor.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Editor, repository } from './editor.ts'
import { installed } from './vsix.ts'
import { Folder, realPackage } from './workspace.ts'

describe('inside the extension host', () => {
  let folder: Folder
  let other: Folder
  let editor: Editor

  before(async () => {
    folder = realPackage('encoding/csv')
    other = new Folder()
    other.write('other/go.mod', 'module example.com/other\n\ngo 1.26\n')
    other.write('other/other.go', 'package other\n\nfunc f() int { return g() }\n\nfunc g() int { return 1 }\n')
    folder.write('both.code-workspace', JSON.stringify({ folders: [{ path: folder.path }, { path: other.path }] }))
    editor = await Editor.start({
      name: 'host',
      folder: folder.path,
      workspace: join(folder.path, 'both.code-workspace'),
      extensions: installed.alone,
      hostTests: {
        extension: join(repository, 'vscode-extension', 'dist', 'host'),
        tests: join(repository, 'vscode-extension', 'dist', 'host', 'tests.cjs'),
      },
    })
  })
  after(async () => {
    await editor.close()
    folder.remove()
    other.remove()
  })

  it('all tests pass', { timeout: 300_000 }, async (t) => {
    const { lines, code } = await editor.hostTests()
    const results = lines.flatMap((l) =>
      [...l.matchAll(/host-test (\{.*\})/g)].map((m) => JSON.parse(m[1] as string) as { name: string; error?: string }),
    )
    for (const { name, error } of results) {
      await t.test(name, () => {
        assert.equal(error, undefined)
      })
    }
    if (code !== 0 || results.some((r) => r.error)) await editor.keep('host')
    assert.equal(code, 0, lines.join('\n'))
    assert.ok(results.length >= 8, lines.join('\n'))
  })
})
