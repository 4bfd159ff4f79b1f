// A repository with texts that look like links and icons, and files without verdicts.
import assert from 'node:assert/strict'
import { after, before, describe } from 'node:test'
import { Editor } from './editor.ts'
import { stepsOf } from './steps.ts'
import { until } from './until.ts'
import { installed } from './vsix.ts'
import { Folder } from './workspace.ts'

const evil = '[click](command:workbench.action.quit)'
const harmless = '[click] (command:workbench.action.quit)'

describe('a hostile repository', () => {
  let folder: Folder
  let editor: Editor
  const step = stepsOf(() => editor)

  /** The texts of links in what a selector finds. The label of a row is an a element, too, but no link. */
  const links = (selector: string) =>
    editor.page.$$eval(`${selector} a:not(.label-name)`, (all) => all.map((e) => e.textContent ?? ''))

  /** The hover of the status, once the status is like this; none of its links is the repository's. */
  async function status(like: RegExp): Promise<string> {
    await editor.statusLike(like)
    const { text, links: found } = await editor.statusHover()
    assert.ok(!found.some((l) => l.includes('click')), `links: ${found.join(', ')}`)
    await until('the hover goes', async () => {
      await editor.page.mouse.move(200, 5)
      return (await editor.page.$('.monaco-hover:not(.hidden) .hover-contents:has-text("Inlinelens")')) === null
    })
    return text
  }

  before(async () => {
    folder = new Folder()
    folder.write('go.mod', 'module example.com/evil\n\ngo 1.22\n')
    folder.write('bad/bad.go', `package bad\n\nfunc f() int { return g() }\n\nfunc g() int { return "${evil}" }\n`)
    folder.write(`x${evil}\u202e/path.go`, 'package path\n\nvar x = y\n')
    folder.write(
      'good/good.go',
      'package good\n\nfunc first(n int) int {\n\tn = last(n)\n\treturn last(n)\n}\n\n//go:noinline\nfunc last(n int) int { return n }\n',
    )
    folder.write('good/tagged.go', '//go:build special\n\npackage good\n\nfunc tagged() int { return last(1) }\n')
    folder.write(
      'good/script.go',
      '//go:build ignore\n\npackage main\n\nfunc main() { helper() }\n\n//go:noinline\nfunc helper() {}\n',
    )
    editor = await Editor.start({
      name: 'hostile',
      folder: folder.path,
      extensions: installed.alone,
      settings: { 'inlinelens.hints.overrun': 0 },
    })
  })
  after(async () => {
    await editor.close()
    folder.remove()
  })

  step('an error of the compiler is no link', async () => {
    await editor.open('bad/bad.go')
    assert.ok((await status(/does not compile/)).includes(evil))
    await editor.screenshot('error')
  })

  step('nor is it in a hover', async () => {
    const at = folder.find('bad/bad.go', 'g() }')
    await editor.hover(at.line, at.column, /no verdict: the package does not compile/)
    assert.deepEqual(
      (await links('.monaco-hover')).filter((l) => l.includes('click')),
      [],
    )
    await editor.screenshot('hover')
    await editor.page.keyboard.press('Escape')
  })

  step('nor is the name of a folder', async () => {
    await editor.open(`x${evil}\u202e/path.go`)
    const text = await status(/does not compile/)
    assert.ok(text.includes(evil), text)
    assert.doesNotMatch(text, /\u202e/)
    await editor.screenshot('path')
  })

  step('nor is the value of a setting, in a notification', async () => {
    editor.settings({ 'inlinelens.build.goos': evil, 'inlinelens.build.pgo': evil })
    await editor.notification(harmless)
    assert.deepEqual(
      (await links('.notifications-center')).filter((l) => l.includes('click')),
      [],
    )
    await editor.screenshot('notification')
    await editor.run('Notifications: Clear All Notifications')
    editor.settings()
  })

  step('a script has verdicts of its own', async () => {
    await editor.open('good/script.go')
    await editor.line('helper✗ noinline()')
    await status(/Inlining: as set: \d+ of \d+\. .*Fresh/)
  })

  step('a file that a tag excludes offers to set it', async () => {
    await editor.open('good/tagged.go')
    const text = await status(/no verdicts.*the tag special is not set/)
    assert.match(text, /Compile with -tags=special/)
    await editor.clickStatus()
    await editor.line('last✗ noinline(1)')
    assert.match(folder.read('.vscode/settings.json'), /"inlinelens\.build\.flags": \[\s*"-tags=special"\s*\]/)
    await editor.notification(/inlinelens\.build\.flags in the workspace's settings is now \["-tags=special"\]/)
    await editor.run('Notifications: Clear All Notifications')
  })

  step('the view has each open package, also one that does not compile', async () => {
    await editor.open('bad/bad.go')
    await editor.run('View: Keep Editor')
    await editor.open('good/good.go')
    await editor.run('View: Show Inlinelens')
    // That of the active editor is expanded.
    await editor.view.row(
      /^example\.com\/evil\/bad, does not compile\nexample\.com\/evil\/good, \d+ of \d+ inlined\nFunctions, /m,
    )
    await editor.open('bad/bad.go')
    await editor.view.row(
      /^example\.com\/evil\/bad, does not compile\ndoes not compile: .*\[click\].*\nexample\.com\/evil\/good, /m,
    )
    assert.deepEqual(
      (await links('.pane-body')).filter((l) => l.includes('click')),
      [],
    )
    await editor.view.hoverRow('does not compile: ', /cannot use/)
    assert.deepEqual(
      (await links('.monaco-hover')).filter((l) => l.includes('click')),
      [],
    )
    await editor.screenshot('view')
    await editor.run('View: Show Explorer')
  })

  step('nothing moves while a function is edited', async () => {
    await editor.open('good/good.go')
    await editor.lens(/not inlinable: \d+\/80/)
    await editor.line('return last✗ noinline(n)')
    const before = await editor.top('return last')
    const { line } = folder.find('good/good.go', 'n = last(n)')
    await editor.goTo(line, 8)
    await editor.type(' ')
    await editor.lens(/\d+\/80.* · as of the last save$/)
    await editor.line('return last✗ noinline(n)')
    assert.equal(await editor.top('return last'), before)
    await editor.screenshot('edited')
    await editor.type('undefined')
    await editor.save()
    await status(/does not compile/)
    await editor.lens(/\d+\/80.* · as of the last compile$/)
    await editor.line('return last✗ noinline(n)')
    assert.equal(await editor.top('return last'), before)
    await editor.screenshot('broken')
  })
})
