// A day with the extension and gopls beside it, on a copy of encoding/csv.
import assert from 'node:assert/strict'
import { after, before, describe } from 'node:test'
import { Editor, until } from './editor.ts'
import { goplsBeside, packaged } from './vsix.ts'
import { type Folder, realPackage } from './workspace.ts'
import { alive, serverProcess, stepsOf } from './steps.ts'

describe('beside gopls', () => {
  let folder: Folder
  let editor: Editor
  const step = stepsOf(() => editor)

  before(async () => {
    folder = realPackage('encoding/csv')
    editor = await Editor.start({ name: 'beside', folder: folder.path, extensions: [packaged(), goplsBeside()] })
  })
  after(async () => {
    const server = serverProcess(editor)
    await editor.close()
    folder.remove()
    if (server !== undefined) await until('the server ends with the editor', () => !alive(server), 10_000)
  })

  const file = 'csv/reader.go'
  const declared = () => folder.find(file, 'func nextRune(').line

  step('hints, of gopls too', async () => {
    await editor.open(file, declared())
    await editor.goTo(307)
    assert.match(await editor.line(/nextRune.*call 89\/80/), /line\[/)
  })
})
