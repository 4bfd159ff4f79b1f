// In a folder that is not trusted nothing is started until it is trusted.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe } from 'node:test'
import { Editor } from './editor.ts'
import { serverProcess, stepsOf } from './steps.ts'
import { until } from './until.ts'
import { installed } from './vsix.ts'
import { Folder, realPackage } from './workspace.ts'

describe('a folder that is not trusted', () => {
  let folder: Folder
  let editor: Editor
  let bin: Folder
  const step = stepsOf(() => editor)
  /** The arguments of each run of the go command, as the wrapper in PATH logs them. */
  const asked = () => (existsSync(join(bin.path, 'asked')) ? bin.read('asked') : '')

  before(async () => {
    folder = realPackage('encoding/csv')
    bin = new Folder()
    const go = execFileSync('sh', ['-c', 'command -v go'], { encoding: 'utf8' }).trim()
    bin.write('go', `#!/bin/sh\necho "$@" >>'${bin.path}/asked'\nexec '${go}' "$@"\n`)
    chmodSync(join(bin.path, 'go'), 0o755)
    editor = await Editor.start({
      name: 'trust',
      folder: folder.path,
      extensions: installed.alone,
      asksForTrust: true,
      env: { PATH: `${bin.path}:${process.env['PATH']}` },
    })
  })
  after(async () => {
    await editor.close()
    folder.remove()
    bin.remove()
  })

  step('starts nothing', async () => {
    await editor.open('csv/reader.go', folder.find('csv/reader.go', 'func nextRune(').line)
    await editor.statusLike(/not started.*not trusted/)
    await editor.screenshot('untrusted')
    assert.equal(serverProcess(editor), undefined)
    assert.deepEqual(servers(editor.home), [])
    assert.equal(asked(), '')
    assert.deepEqual(await editor.lenses(), [])
  })

  step('a command does not start anything either', async () => {
    await editor.run('Inlinelens: Install Server')
    await editor.notification('The server can be installed once the workspace is trusted.')
    await editor.run('Notifications: Clear All Notifications')
    await editor.run('Inlinelens: Restart Server')
    await editor.statusLike(/not started.*not trusted/)
    assert.equal(serverProcess(editor), undefined)
    assert.deepEqual(servers(editor.home), [])
    assert.equal(asked(), '')
  })

  step('starts the server when it becomes trusted', async () => {
    await editor.run('Workspaces: Manage Workspace Trust')
    await editor.page.click('.workspace-trust-editor .monaco-button:has-text("Trust")')
    await until('the server runs', () => serverProcess(editor))
    await editor.open('csv/reader.go', folder.find('csv/reader.go', 'func nextRune(').line)
    await editor.line('nextRune✗ 89/80')
    // So the steps above would have seen a server and a go command.
    assert.equal(servers(editor.home).length, 1)
    assert.match(asked(), /^list /m)
    await editor.screenshot('trusted')
  })
})

/** The command lines of the servers of a profile's extension. */
function servers(home: string): string[] {
  const found: string[] = []
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      if (command.startsWith(home) && command.includes('inlinelens serve')) found.push(command)
    } catch {
      // It has ended.
    }
  }
  return found
}
