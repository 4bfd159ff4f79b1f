// "make try" as its user sees it: the address that it prints, the sample with the extension
// and gopls, and the end, after which nothing is left.
import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe } from 'node:test'
import { Editor, repository } from './editor.ts'
import { stepsOf } from './steps.ts'
import { until, waitLimit } from './until.ts'

describe('make try', () => {
  let editor: Editor
  let machine: string
  let make: ChildProcess
  let said = ''
  let code: number | null | undefined
  const step = stepsOf(() => editor)

  before(async () => {
    machine = mkdtempSync(join(tmpdir(), 'try-')) // short, as paths of sockets are limited
    for (const dir of ['home', 'tmp']) mkdirSync(join(machine, dir))
    const go = JSON.parse(
      execFileSync('go', ['env', '-json', 'GOCACHE', 'GOMODCACHE', 'GOPATH'], { encoding: 'utf8' }),
    ) as NodeJS.ProcessEnv
    // With its own home and directory for temporary files, to see what is left in them. gopls
    // is in the usual cache.
    const cache = process.env['XDG_CACHE_HOME'] ?? join(process.env['HOME'] ?? '', '.cache')
    make = spawn('make', ['try'], {
      cwd: repository,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...go, HOME: join(machine, 'home'), TMPDIR: join(machine, 'tmp'), XDG_CACHE_HOME: cache },
    })
    for (const stream of [make.stdout, make.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (said += text))
    make.once('exit', (c) => (code = c))
    const address = await until(
      'the address is printed',
      () => {
        if (code !== undefined) throw new Error(`make try ended with ${code}: ${said}`)
        return /VS Code with Inlinelens is at +(http:\S+)/.exec(said)?.[1]
      },
      3 * waitLimit,
      async () => said,
    )
    editor = await Editor.browse({ name: 'try', folder: '' }, address)
  })
  after(async () => {
    await editor?.close()
    if (make.pid !== undefined && code === undefined) process.kill(-make.pid, 'SIGTERM')
    await until('make try ends', () => code !== undefined)
    rmSync(machine, { recursive: true, force: true })
  })

  step('opens the sample, with hints and lenses, and gopls beside', async () => {
    await editor.page.waitForSelector('.tab.active[data-resource-name="market.go"]')
    await editor.line('Inlinelens shows at each call')
    await editor.line(/o\.Check✗ 95\/80/)
    await editor.lens('not inlinable: defer')
    await editor.screenshot('first')
    // The file is open at its top, with the first calls on the same screen.
    const lines = await editor.lines()
    assert.match(lines[0] ?? '', /Inlinelens shows at each call/)
    assert.deepEqual(await editor.cursor(), { line: 1, column: 1 })
    const line = 1 + lines.findIndex((l) => l.includes('func (b *Book) Add('))
    await editor.hover(line, 17, /not inlinable/, /func \(b \*Book\) Add\(o Order\) error/)
    assert.ok(running(machine).some((c) => c.includes('gopls')))
    await editor.screenshot('hover')
  })

  step('ends with Ctrl-C, and leaves no process and no file', async () => {
    assert.ok(running(machine).length > 3)
    assert.notDeepEqual(readdirSync(join(machine, 'tmp')), [])
    // As a terminal does: the signal goes to the process group of make.
    process.kill(-(make.pid as number), 'SIGINT')
    await until(
      'it ends',
      () => code !== undefined,
      waitLimit,
      async () => said,
    )
    await until(
      'no process is left',
      () => running(machine).length === 0,
      10_000,
      async () => running(machine).join('\n'),
    )
    assert.deepEqual(readdirSync(join(machine, 'tmp')), [])
    // The go command writes telemetry counters into every home.
    assert.deepEqual(
      readdirSync(join(machine, 'home'), { recursive: true, encoding: 'utf8' }).filter(
        (name) => !/^\.config($|\/go($|\/telemetry))/.test(name),
      ),
      [],
    )
    assert.doesNotMatch(said, /ended|did not start/)
  })
})

/** The command lines of processes that have a folder as part of their environment. */
function running(folder: string): string[] {
  const found: string[] = []
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (Number(pid) !== process.pid && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(folder)) {
        found.push(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '))
      }
    } catch {
      // It has ended.
    }
  }
  return found
}
