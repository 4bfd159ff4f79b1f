// The extension without a server inside, on a machine that has none: it offers to install
// one; a setting brings it.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe } from 'node:test'
import { Editor, repository, until } from './editor.ts'
import { serverProcess, stepsOf } from './steps.ts'
import { universal } from './vsix.ts'
import { type Folder, realPackage } from './workspace.ts'

describe('without a server', () => {
  let folder: Folder
  let editor: Editor
  let bin: string
  const step = stepsOf(() => editor)

  before(async () => {
    folder = realPackage('encoding/csv')
    // A GOBIN of its own, which is empty.
    bin = mkdtempSync(join(tmpdir(), 'inlinelens-bin-'))
    mkdirSync(join(bin, 'empty'))
    editor = await Editor.start({
      name: 'missing', folder: folder.path, extensions: [universal()], env: { GOBIN: join(bin, 'empty'), GOPROXY: 'off' },
    })
  })
  after(async () => {
    await editor.close()
    folder.remove()
    rmSync(bin, { recursive: true })
  })

  step('it offers to install one', async () => {
    await editor.open('csv/reader.go')
    await editor.run('Notifications: Show Notifications')
    await until('the offer is there', async () => /found none/.test(await editor.notifications()), 30_000, () => editor.notifications())
    await until('the status says so', async () => /no server/.test(await editor.status()))
    await editor.screenshot('offer')
  })

  step('an installation that fails says why', async () => {
    await editor.run('Notifications: Show Notifications')
    await editor.page.click('.notification-list-item .monaco-button:has-text("Install")')
    await editor.run('Notifications: Show Notifications')
    await until('it says so', async () => /go install failed: .*GOPROXY=off/.test(await editor.notifications()), 30_000, () => editor.notifications())
  })

  step('a program where go install puts it is found', async () => {
    execFileSync('go', ['build', '-o', join(bin, 'built'), './cmd/inlinelens'], { cwd: repository })
    symlinkSync(join(bin, 'built'), join(bin, 'empty', 'inlinelens'))
    await editor.run('Inlinelens: Restart the Server')
    const pid = await until('the server runs', () => serverProcess(editor))
    assert.match(editor.log(), /\(GOBIN\)/)
    assert.ok(pid > 0)
  })
})
