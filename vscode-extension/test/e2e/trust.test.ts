// A folder that is not trusted: nothing is started, until it is.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, describe } from 'node:test'
import { Editor, until } from './editor.ts'
import { serverProcess, stepsOf } from './steps.ts'
import { packaged } from './vsix.ts'
import { type Folder, realPackage } from './workspace.ts'

describe('a folder that is not trusted', () => {
  let folder: Folder
  let editor: Editor
  const step = stepsOf(() => editor)

  before(async () => {
    folder = realPackage('encoding/csv')
    editor = await Editor.start({ name: 'trust', folder: folder.path, extensions: [packaged()], asksForTrust: true })
  })
  after(async () => {
    await editor.close()
    folder.remove()
  })

  step('starts nothing', async () => {
    await editor.open('csv/reader.go', folder.find('csv/reader.go', 'func nextRune(').line)
    await until('the status says so', async () => /not started.*not trusted/s.test(await editor.status()))
    await editor.screenshot('untrusted')
    assert.equal(serverProcess(editor), undefined)
    assert.deepEqual(children(editor.home).filter((c) => /inlinelens serve|\bgo (env|list)\b/.test(c)), [])
    assert.deepEqual(await editor.lenses(), [])
  })

  step('a command does not start anything either', async () => {
    await editor.run('Inlinelens: Install the Server')
    await editor.run('Inlinelens: Restart the Server')
    await until('the status still says so', async () => /not started.*not trusted/s.test(await editor.status()))
    assert.equal(serverProcess(editor), undefined)
  })

  step('starts the server when it becomes trusted', async () => {
    await editor.run('Workspaces: Manage Workspace Trust')
    await editor.page.click('.workspace-trust-editor .monaco-button:has-text("Trust")')
    await until('the server runs', () => serverProcess(editor))
    await editor.open('csv/reader.go', folder.find('csv/reader.go', 'func nextRune(').line)
    await editor.line('nextRunecall 89/80')
    await editor.screenshot('trusted')
  })
})

/** The command lines of processes whose environment or arguments name a folder of the editor. */
function children(home: string): string[] {
  const found: string[] = []
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      if (command.includes(home)) found.push(command)
    } catch {
      // It has ended.
    }
  }
  return found
}
