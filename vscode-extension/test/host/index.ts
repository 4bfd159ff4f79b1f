// Tests of the extension's logic that run inside the extension host, on the packaged
// extension. Each result is sent to the page as a line of JSON, which host.test.ts reads.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import * as vscode from 'vscode'
import type { Exports } from '../../src/extension.ts'
import type { Session } from '../../src/server/session.ts'

const tests: [name: string, test: (e: Exports) => Promise<void>][] = [
  [
    'every command that the manifest names exists',
    async () => {
      const extension = vscode.extensions.getExtension('inlinelens.inlinelens')
      assert.ok(extension)
      const manifest = extension.packageJSON as { contributes: { commands: { command: string }[] } }
      const named = manifest.contributes.commands
      const there = new Set(await vscode.commands.getCommands(true))
      assert.deepEqual(
        named.map((c) => c.command).filter((c) => !there.has(c)),
        [],
      )
      assert.ok(named.length > 10)
    },
  ],
  [
    'restarts that come at once leave one server',
    async ({ session }) => {
      const before = session.pid
      await Promise.all([session.restart(), session.restart(), session.restart()])
      assert.equal(session.phase, 'running')
      assert.notEqual(session.pid, before)
      assert.ok(!alive(before), 'the first server is gone')
    },
  ],
  [
    'a report of the package is opened as a document',
    async ({ session }) => {
      await fresh(session, 'csv')
      const before = vscode.window.activeTextEditor?.document
      assert.ok(before)
      await vscode.commands.executeCommand('inlinelens.openReport')
      const document = vscode.window.activeTextEditor?.document
      assert.equal(document?.languageId, 'markdown')
      assert.equal(document?.isDirty, false)
      const text = document?.getText() ?? ''
      assert.match(text, /^inlinelens .*, go1\.\d+.* linux\//)
      assert.match(text, /## `example\.com\/real\/csv`\n\n\d+ functions, \d+ inlinable\. Calls: \d+ not-inlined/)
      assert.match(
        text,
        /### Near misses\n\n\| over \| cost\/budget \| calls \| place +\| function \|\n.*\n\| +9 \| +89\/80 \| +2 \| `reader\.go:\d+` +\| `nextRune` \|/,
      )
      assert.match(text, /### Calls that were not inlined\n\n/)
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor')
      await vscode.window.showTextDocument(before)
    },
  ],
  [
    'the cost that is shown follows its function',
    async ({ session, cost }) => {
      await fresh(session, 'csv')
      const editor = vscode.window.activeTextEditor
      assert.ok(editor)
      const at = editor.document.positionAt(editor.document.getText().indexOf('nextRune(b'))
      const place = {
        textDocument: { uri: editor.document.uri.toString() },
        position: { line: at.line, character: at.character },
      }
      await vscode.commands.executeCommand('inlinelens.showCost', place)
      assert.equal(cost.breakdown?.function, 'nextRune')
      assert.equal(cost.breakdown.range.start.line, at.line)
      await editor.edit((e) => e.insert(new vscode.Position(0, 0), '// one\n// two\n'))
      assert.equal(cost.breakdown?.range.start.line, at.line + 2, 'text above moves it')
      assert.equal(cost.breakdown?.lines[0]?.line, at.line + 3)
      await editor.edit((e) => e.insert(new vscode.Position(at.line + 3, 0), '\t_ = b\n'))
      assert.equal(cost.breakdown, undefined, 'an edit of it takes it away')
      await vscode.commands.executeCommand('undo')
      await vscode.commands.executeCommand('undo')
      assert.equal(editor.document.isDirty, false)
      await until('the cost is back', () => cost.breakdown?.range.start.line === at.line)
      await vscode.commands.executeCommand('inlinelens.showCost', place)
      assert.equal(cost.breakdown, undefined, 'the command takes it away')
    },
  ],
  [
    'a lens is about its function also after an edit above it',
    async ({ session }) => {
      await fresh(session, 'csv')
      const document = vscode.window.activeTextEditor?.document
      assert.ok(document)
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        100,
      )
      const lens = lenses.find((l) => l.command?.title.startsWith('not inlinable: 89/80'))
      const place = lens?.command?.arguments?.[0] as { position: { line: number } } | undefined
      assert.ok(place)
      const edit = async (text: string, line: number) => {
        const change = new vscode.WorkspaceEdit()
        change.insert(document.uri, new vscode.Position(line, 0), text)
        await vscode.workspace.applyEdit(change)
      }
      const { line } = place.position
      await edit('// one\n// two\n', 0)
      assert.equal(place.position.line, line + 2)
      await edit('// below\n', line + 3)
      assert.equal(place.position.line, line + 2)
      await edit('// just above\n', line + 2)
      assert.equal(place.position.line, line + 3)
      for (let i = 0; i < 3; i++) await vscode.commands.executeCommand('undo')
      assert.equal(document.isDirty, false)
      assert.equal(place.position.line, line)
    },
  ],
  [
    'the status says what is being done',
    async ({ session, status }) => {
      await fresh(session, 'csv')
      assert.match(
        status.words,
        /^Inlining: all calls: \d+ of \d+\. example\.com\/real\/csv\. Fresh: compiled in \d+ ms\. go1\.\d+\S* linux\//,
      )
      const said = new Set<string>()
      const noting = session.onDidChange(() => said.add(status.words.split('.')[0] as string))
      await vscode.commands.executeCommand('inlinelens.recompile')
      await until(
        'it was compiling, and is fresh',
        () => said.has('Inlining: compiling') && status.words.startsWith('Inlining: all calls'),
      )
      noting.dispose()
    },
  ],
  [
    'a second folder of the window has the same server',
    async ({ session }) => {
      const folders = vscode.workspace.workspaceFolders ?? []
      assert.equal(folders.length, 2)
      const pid = session.pid
      const other = join(folders[1]?.uri.fsPath ?? '', 'other')
      await vscode.window.showTextDocument(vscode.Uri.file(join(other, 'other.go')))
      await fresh(session, 'other')
      assert.equal(session.pid, pid)
      assert.deepEqual(session.packages.map((p) => p.path).sort(), ['example.com/other', 'example.com/real/csv'])
    },
  ],
  [
    'a server that ends repeatedly is not restarted, but by the command',
    async ({ session }) => {
      for (let i = 0; i < 4; i++) {
        await until('it runs', () => session.phase === 'running' && alive(session.pid))
        const pid = session.pid
        assert.ok(pid)
        process.kill(pid, 'SIGKILL')
        await until('another runs', () => session.phase === 'running' && session.pid !== pid && alive(session.pid))
      }
      process.kill(session.pid as number, 'SIGKILL')
      await until('it is given up', () => session.phase === 'ended')
      assert.deepEqual(session.packages, [])
      await vscode.commands.executeCommand('inlinelens.restart')
      assert.equal(session.phase, 'running')
      await fresh(session, 'csv')
    },
  ],
]

/** Runs all; the editor calls it, and waits. */
export async function run(): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]
  assert.ok(folder)
  await vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, 'csv', 'reader.go'))
  const extension = vscode.extensions.getExtension<Exports>('inlinelens.inlinelens')
  assert.ok(extension)
  const exports = await extension.activate()
  await fresh(exports.session, 'csv')
  for (const [name, test] of tests) {
    let error: string | undefined
    try {
      await test(exports)
    } catch (e) {
      error = e instanceof Error ? (e.stack ?? e.message) : String(e)
    }
    console.log(`host-test ${JSON.stringify({ name, error })}`)
  }
}

/** Waits until the package in a folder of that name has its verdicts. */
function fresh(session: Session, folder: string): Promise<void> {
  return until(`${folder} is fresh`, () =>
    session.packages.some((p) => p.dir.endsWith(`/${folder}`) && p.state === 'fresh'),
  )
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + 20_000
  while (!holds()) {
    if (Date.now() > end) throw new Error(`20 s passed before ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function alive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0)
  } catch {
    return false
  }
}
