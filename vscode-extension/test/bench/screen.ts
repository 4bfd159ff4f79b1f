// Measures in a real VS Code, with gopls beside, how long it takes until hints are on the
// screen: of a file that is opened in a new window, and of a new call after the key that
// saves it. Prints one line of JSON, in milliseconds; gopls' own hints of the same calls are
// beside. Arguments are the number of saves and that of windows.
//
// A window that is new starts a server, which loads and compiles net/http; what an earlier
// one has left in the caches is there. Each save follows an edit that adds a new call at the
// top of a function. We compile what was saved; gopls starts with the edit, a few
// milliseconds before the key.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Editor } from '../e2e/editor.ts'
import { waitLimit } from '../e2e/until.ts'
import { installed } from '../e2e/vsix.ts'
import { copyOfGo } from '../e2e/workspace.ts'

const saves = Number(process.argv[2] ?? 30)
const windows = Number(process.argv[3] ?? 5)
const warmUp = 3

/** How long after a key the hints of a call were on the screen, in milliseconds. */
interface Times {
  ours: number
  gopls: number
}

/**
 * Watches for the line with a mark, from the moment at which a key is pressed. A hint counts
 * in the frame after the one in which it came into the document.
 */
function watch({ mark, key, limit }: { mark: string; key: string; limit: number }): void {
  const w = window as unknown as { times: Promise<Times> }
  w.times = new Promise((resolve, reject) => {
    let begun = 0
    const seen: Partial<Times> = {}
    const all = document.getElementsByClassName('view-line')
    const late = setTimeout(() => reject(new Error(`no hints of ${mark} but ${JSON.stringify(seen)}`)), limit)
    const look = () => {
      if (begun === 0) return
      const line = [...all].find((e) => e.textContent?.includes(mark))?.textContent ?? ''
      const there = { ours: /inlinelensBench\S*✓/.test(line), gopls: /inlinelensX:/.test(line) }
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
    observer.observe(document.body, { subtree: true, childList: true, characterData: true })
    window.addEventListener(
      'keydown',
      function pressed(e) {
        if (e.key !== key || (key === 's' && !e.ctrlKey)) return
        window.removeEventListener('keydown', pressed, true)
        begun = performance.now()
        look() // what was there before counts from here
      },
      true,
    )
  })
}

const times = (editor: Editor) => editor.page.evaluate(() => (window as unknown as { times: Promise<Times> }).times)

function summary(all: Times[]): Record<keyof Times, { p50: number; p95: number }> {
  const percentile = (values: number[], p: number) => {
    const sorted = values.toSorted((a, b) => a - b)
    return Math.round(sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)] as number)
  }
  const of = (who: keyof Times) => {
    const values = all.map((t) => t[who])
    return { p50: percentile(values, 50), p95: percentile(values, 95) }
  }
  return { ours: of('ours'), gopls: of('gopls') }
}

/** Opens a file in new windows of an editor. */
async function measureOpening(start: () => Promise<Editor>, file: string): Promise<Times[]> {
  const all: Times[] = []
  for (let i = 0; i < 1 + windows; i++) {
    const editor = await start()
    try {
      await editor.page.evaluate(watch, { mark: '99999', key: 'Enter', limit: waitLimit })
      await editor.open(file)
      const t = await times(editor)
      if (i > 0) all.push(t) // the first one fills the caches
      await editor.screenshot('opened')
    } finally {
      await editor.close()
    }
  }
  return all
}

/** Saves a file with one call more, again and again; line is the 1-based one of the calls. */
async function measureSaves(editor: Editor, file: string, line: number): Promise<Times[]> {
  await editor.open(file, line)
  await editor.lens(/^inlinable \d+\/80/, waitLimit)
  const all: Times[] = []
  for (let i = 0; i < warmUp + saves; i++) {
    const mark = String(100_000 + i)
    await editor.goTo(line)
    await editor.page.evaluate(watch, { mark, key: 's', limit: waitLimit })
    await editor.type(`\tn += inlinelensBench(${mark})\n`)
    await editor.save()
    const t = await times(editor)
    if (i >= warmUp) all.push(t)
    await sleep(300)
  }
  await editor.screenshot('saved')
  return all
}

const copy = copyOfGo()
const go = copy.path
let editor: Editor | undefined
try {
  const file = 'net/http/inlinelens_bench.go'
  const text = `package http

func inlinelensBench(inlinelensX int) int { return inlinelensX }

func inlinelensBenchCaller() (n int) {
\tn = inlinelensBench(99999)
\treturn n
}
`
  writeFileSync(join(go, 'src', file), text)
  const line = text.split('\n').findIndex((l) => l.startsWith('func inlinelensBenchCaller')) + 2 // 1-based, below it
  const start = async () =>
    (editor = await Editor.start({
      name: 'bench',
      folder: join(go, 'src'),
      extensions: installed.withGopls,
      env: {
        PATH: `${join(go, 'bin')}:${process.env['PATH']}`,
        GOROOT: undefined,
        GOTOOLCHAIN: 'local',
        GOPLS_HINTS: '1',
      },
    }))
  const opened = await measureOpening(start, file)
  editor = await start()
  const saved = await measureSaves(editor, file, line)
  console.log(
    JSON.stringify({
      saved: { ...summary(saved), times: saved.length },
      opened: { ...summary(opened), times: opened.length },
    }),
  )
} catch (error) {
  await editor?.keep('bench').catch(() => undefined)
  throw error
} finally {
  await editor?.close()
  copy.remove()
}
