// Measures in a real VS Code, with gopls beside, how long it takes from the key that
// saves a file of net/http until the hint of a new call is on the screen, and until
// gopls' own hint of the same call is. Prints one line of JSON, in milliseconds.
//
// Each save follows an edit that adds a new call at the top of a function. We compile what
// was saved; gopls starts with the edit, a few milliseconds before the key.

import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Editor } from '../e2e/editor.ts'
import { waitLimit } from '../e2e/until.ts'
import { installed } from '../e2e/vsix.ts'

const saves = Number(process.argv[2] ?? 30)
const warmUp = 3

/** A copy of the Go installation, in which a file of the library can be saved. */
function copyOfGo(): string {
  const from = execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim()
  const to = mkdtempSync(join(tmpdir(), 'inlinelens-goroot-'))
  for (const name of ['bin', 'lib', 'pkg', 'src', 'VERSION', 'go.env']) {
    // With the times of files, which the go command looks at.
    if (statSync(join(from, name), { throwIfNoEntry: false }))
      cpSync(join(from, name), join(to, name), { recursive: true, preserveTimestamps: true })
  }
  return to
}

/** How long after a save the hints of a call were on the screen, in milliseconds. */
interface Times {
  ours: number
  gopls: number
}

/**
 * Watches for the line with a mark, from the moment at which the key that saves is
 * pressed. A hint counts in the frame after the one in which it came into the document.
 */
function watch({ mark, limit }: { mark: string; limit: number }): void {
  const w = window as unknown as { times: Promise<Times> }
  w.times = new Promise((resolve, reject) => {
    let begun = 0
    const seen: Partial<Times> = {}
    const editor = document.querySelector('.editor-group-container.active .monaco-editor .view-lines') as Element
    const late = setTimeout(
      () => reject(new Error(`no hints of ${mark} but ${JSON.stringify(seen)}: ${editor.textContent}`)),
      limit,
    )
    const look = () => {
      if (begun === 0) return
      const line =
        [...editor.querySelectorAll('.view-line')].find((e) => e.textContent?.includes(mark))?.textContent ?? ''
      const there = { ours: /inlinelensBench\S* ?✓/.test(line), gopls: /inlinelensX:/.test(line) }
      for (const who of ['ours', 'gopls'] as const) {
        if (!there[who] || seen[who] !== undefined) continue
        seen[who] = 0 // not a second time
        requestAnimationFrame(() =>
          setTimeout(() => {
            seen[who] = performance.now() - begun
            if (seen.ours && seen.gopls) {
              clearTimeout(late)
              observer.disconnect()
              resolve(seen as Times)
            }
          }),
        )
      }
    }
    const observer = new MutationObserver(look)
    observer.observe(editor, { subtree: true, childList: true, characterData: true })
    window.addEventListener(
      'keydown',
      function key(e) {
        if (e.key !== 's' || !e.ctrlKey) return
        window.removeEventListener('keydown', key, true)
        begun = performance.now()
        look() // what was there before counts from here
      },
      true,
    )
  })
}

function percentile(values: number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return Math.round(sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)] as number)
}

const go = copyOfGo()
let editor: Editor | undefined
try {
  const file = join(go, 'src', 'net', 'http', 'client.go')
  const text = `${readFileSync(file, 'utf8')}
func inlinelensBench(inlinelensX int) int { return inlinelensX }

func inlinelensBenchCaller() (n int) {
\treturn n
}
`
  writeFileSync(file, text)
  const line = text.split('\n').findIndex((l) => l.startsWith('func inlinelensBenchCaller')) + 2 // 1-based, below it
  editor = await Editor.start({
    name: 'bench',
    folder: join(go, 'src'),
    extensions: installed.withGopls,
    env: {
      PATH: `${join(go, 'bin')}:${process.env['PATH']}`,
      GOROOT: undefined,
      GOTOOLCHAIN: 'local',
      GOPLS_HINTS: '1',
    },
  })
  await editor.open('net/http/client.go', line)
  await editor.lens(/^inlinable \d+\/80/, waitLimit)
  const all: Times[] = []
  for (let i = 0; i < warmUp + saves; i++) {
    const mark = String(100_000 + i)
    await editor.goTo(line)
    await editor.page.evaluate(watch, { mark, limit: waitLimit })
    await editor.type(`\tn += inlinelensBench(${mark})\n`)
    await editor.save()
    const times = await editor.page.evaluate(() => (window as unknown as { times: Promise<Times> }).times)
    if (i >= warmUp) all.push(times)
    await sleep(300)
  }
  await editor.screenshot('saved')
  const of = (who: keyof Times) => ({
    p50: percentile(
      all.map((t) => t[who]),
      50,
    ),
    p95: percentile(
      all.map((t) => t[who]),
      95,
    ),
  })
  console.log(JSON.stringify({ ours: of('ours'), gopls: of('gopls'), saves: all.length }))
} catch (error) {
  await editor?.keep('bench')
  throw error
} finally {
  await editor?.close()
  rmSync(go, { recursive: true, force: true })
}
