// Beside a server that takes long for its hints: the editor listens to nobody meanwhile,
// and what we have to say comes in that time.
import { after, before, describe } from 'node:test'
import { Editor } from './editor.ts'
import { stepsOf } from './steps.ts'
import { goplsBeside, packaged } from './vsix.ts'
import { type Folder, realPackage } from './workspace.ts'

const file = 'csv/reader.go'

describe('beside slow hints', () => {
  let folder: Folder
  let editor: Editor
  const step = stepsOf(() => editor)

  before(async () => {
    folder = realPackage('encoding/csv')
    editor = await Editor.start({
      name: 'slow',
      folder: folder.path,
      extensions: [packaged(), goplsBeside()],
      env: { SLOW_HINTS: '1' },
    })
  })
  after(async () => {
    await editor.close()
    folder.remove()
  })

  step('what changes while the editor waits for them is shown', async () => {
    const line = folder.find(file, 'func nextRune(').line
    await editor.open(file, line)
    await editor.line('nextRunecall 89/80')
    await editor.run('Beside: Show or Hide Hints While Others Are Asked')
    await editor.goTo(line + 9) // the editor asks when it scrolls
    await editor.page.mouse.move(800, 500)
    await editor.page.mouse.wheel(0, 100)
    await editor.noLine('nextRunecall 89/80')
    await editor.run('Beside: Show or Hide Hints While Others Are Asked')
    await editor.page.mouse.wheel(0, -100)
    await editor.line('nextRunecall 89/80')
  })
})
