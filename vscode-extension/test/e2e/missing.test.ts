// The extension without a server, on a machine that has none: it offers to install one, and
// does so with go install, from a module proxy that is a directory.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe } from 'node:test'
import { oldestServer } from '../../src/server/version.ts'
import { Editor, repository } from './editor.ts'
import { alive, serverProcess, stepsOf } from './steps.ts'
import { waitLimit } from './until.ts'
import { installed } from './vsix.ts'
import { Folder, realPackage } from './workspace.ts'

describe('without a server', () => {
  let folder: Folder
  let editor: Editor
  let machine: Folder
  const step = stepsOf(() => editor)

  before(async () => {
    folder = realPackage('encoding/csv')
    machine = new Folder()
    mkdirSync(join(machine.path, 'proxy'))
    const modules = execFileSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' }).trim()
    editor = await Editor.start({
      name: 'missing',
      folder: folder.path,
      extensions: installed.withoutServer,
      env: {
        GOBIN: join(machine.path, 'bin'),
        GOMODCACHE: join(machine.path, 'modules'),
        // The server's dependencies were downloaded when the tests' server was built.
        GOPROXY: `file://${machine.path}/proxy,file://${modules}/cache/download`,
        GOSUMDB: 'off',
        // As that one was built, so that the build cache has most of it.
        GOFLAGS: '-trimpath -modcacherw',
        CGO_ENABLED: '0',
      },
    })
  })
  after(async () => {
    await editor.close()
    folder.remove()
    machine.remove()
  })

  step('it offers to install one', async () => {
    await editor.open('csv/reader.go', folder.find('csv/reader.go', 'func nextRune(').line)
    await editor.notification('was not found')
    await editor.statusLike(/no server/)
    await editor.screenshot('offer')
  })

  step('an installation that fails says why', async () => {
    editor.expectNotification(/^go install \S+\/cmd\/inlinelens@v/) // the progress
    await editor.answer('was not found', 'Install')
    await editor.notification(/go install failed: .*inlinelens/)
    assert.equal(serverProcess(editor), undefined)
  })

  step('it installs one, and shows progress', async () => {
    release(join(machine.path, 'proxy'), `v${oldestServer}`)
    await editor.run('Inlinelens: Install Server')
    await editor.run('Notifications: Show Notifications')
    const progress = await editor.page.waitForSelector(
      '.notifications-center .monaco-list-row:has(.monaco-button:has-text("Cancel"))',
    )
    assert.match((await progress.textContent()) ?? '', new RegExp(`go install .*/cmd/inlinelens@v${oldestServer}`))
    assert.ok(await progress.$('.monaco-progress-container'))
    await editor.screenshot('installing')
    await editor.line('nextRune✗ 89/80', 3 * waitLimit)
    assert.match(editor.log(), /server: \S+\/bin\/inlinelens \(GOBIN\)/)
    assert.match(editor.log(), new RegExp(`server v${oldestServer} runs as process`))
  })

  step('a server that is too old is reported', async () => {
    const before = serverProcess(editor)
    const old = join(machine.path, 'old')
    writeFileSync(old, `#!${process.execPath}\n${oldServer}`)
    chmodSync(old, 0o755)
    // The setting is machine-overridable, so it is set in the folder.
    folder.write('.vscode/settings.json', JSON.stringify({ 'inlinelens.server.path': old }))
    await editor.notification(`The Inlinelens server is v0.0.9; this extension needs v${oldestServer} or later.`)
    await editor.screenshot('old')
    assert.ok(before && !alive(before), 'the other one has ended')
    folder.write('.vscode/settings.json', '{}')
    await editor.line('nextRune✗ 89/80')
  })
})

/** Publishes the current commit as a release of the module, in a directory that serves as module proxy. */
function release(proxy: string, version: string): void {
  const dir = join(proxy, 'github.com', 'inlinelens', 'inlinelens', '@v')
  mkdirSync(dir, { recursive: true })
  const git = (...args: string[]) => execFileSync('git', args, { cwd: repository })
  writeFileSync(join(dir, 'list'), `${version}\n`)
  writeFileSync(join(dir, `${version}.info`), JSON.stringify({ Version: version, Time: '2026-01-01T00:00:00Z' }))
  writeFileSync(join(dir, `${version}.mod`), git('show', 'HEAD:go.mod'))
  // tools and lenstest are modules of their own.
  git(
    'archive',
    '--format=zip',
    `--prefix=github.com/inlinelens/inlinelens@${version}/`,
    `--output=${join(dir, `${version}.zip`)}`,
    'HEAD',
    '--',
    '.',
    ':!tools',
    ':!lenstest',
  )
}

/** A program that answers initialize like a server of an older release, and shutdown. */
const oldServer = `
let text = ''
process.stdin.on('data', (data) => {
  text += data
  const id = /"id":(\\d+),"method":"(initialize|shutdown)"|"method":"(initialize|shutdown)".*?"id":(\\d+)/.exec(text)
  if (/"method":"exit"/.test(text)) process.exit(0)
  if (!id) return
  text = ''
  const answer = JSON.stringify({ jsonrpc: '2.0', id: Number(id[1] ?? id[4]), result: { capabilities: {}, serverInfo: { name: 'inlinelens', version: 'v0.0.9' } } })
  process.stdout.write('Content-Length: ' + answer.length + '\\r\\n\\r\\n' + answer)
})
process.stdin.on('end', () => process.exit(0))
`
