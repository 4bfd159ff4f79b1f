// What a user does with the extension, with gopls in the same files: a copy of encoding/csv.
import assert from 'node:assert/strict'
import { after, before, describe } from 'node:test'
import { Editor } from './editor.ts'
import { alive, serverProcess, stepsOf } from './steps.ts'
import { until, waitLimit } from './until.ts'
import { installed } from './vsix.ts'
import { type Folder, realPackage } from './workspace.ts'

const file = 'csv/reader.go'

describe('beside gopls', () => {
  let folder: Folder
  let editor: Editor
  const step = stepsOf(() => editor)
  /** The 1-based line of a text in the file as it is on disk. */
  const lineOf = (text: string) => folder.find(file, text).line

  before(async () => {
    folder = realPackage('encoding/csv')
    editor = await Editor.start({
      name: 'beside',
      folder: folder.path,
      extensions: installed.withGopls,
      env: { GOPLS_HINTS: '1' },
    })
  })
  after(async () => {
    const server = serverProcess(editor)
    await editor.close()
    folder.remove()
    if (server !== undefined) await until('the server ends with the editor', () => !alive(server), 10_000)
  })

  step('hints and lenses, and those of gopls', async () => {
    await editor.open(file, lineOf('func nextRune('))
    await editor.lens('not inlinable: 89/80 (9 over)')
    await editor.lens('inlinable 18/80 · inlined at 4 of 4 calls')
    assert.match(await editor.line(/nextRune✗ 89\/80/), /^ +if r\.Comment != 0 && nextRune✗ 89\/80\(/)
    // The hint of gopls, the parameter's name, follows the parenthesis.
    await editor.line('nextRune✗ 89/80(b:line) == r.Comment')
    await editor.line('utf8.DecodeRune✓(p:b)')
    await editor.screenshot('hints')
  })

  step('hover says the verdict on a call', async () => {
    const at = folder.find(file, 'nextRune(line) == r.Comment')
    const gopls = /func nextRune\(b \[\]byte\) rune/
    await editor.hover(at.line, at.column + 2, /not-inlined nextRune: cost 89 exceeds budget 80/, gopls)
    await editor.screenshot('hover')
    await editor.page.keyboard.press('Escape')
  })

  step('an edit is shown when it is saved', async () => {
    const line = lineOf('r, _ := utf8.DecodeRune(b)')
    await editor.goTo(line)
    await editor.type('if len(b) == 0 { return 0 }\n')
    // The lens of an edited function says how old its verdict is.
    await editor.lens('not inlinable: 89/80 (9 over) · as of the last save')
    await editor.line('nextRune✗ 89/80')
    await editor.save()
    await editor.lens(/not inlinable: 9\d\/80/)
    await editor.line(/nextRune✗ 9\d\/80/)
    await editor.noLine('nextRune✗ 89/80')
    await editor.screenshot('edited')
  })

  step('what does not compile keeps the last verdicts, and says so', async () => {
    await editor.goTo(lineOf('if len(b) == 0 { return 0 }'))
    await editor.type('undefinedName()\n')
    await editor.save()
    await editor.lens(/not inlinable: 9\d\/80 .*· as of the last compile/)
    await editor.line(/nextRune✗ 9\d\/80/)
    await editor.statusLike(/does not compile.*undefined: undefinedName/)
    await editor.screenshot('broken')
  })

  step('what is repaired has verdicts again', async () => {
    await editor.deleteLine(lineOf('undefinedName()'))
    await editor.deleteLine(lineOf('if len(b) == 0 { return 0 }') - 1)
    await editor.save()
    await editor.line('nextRune✗ 89/80')
    await editor.lens('not inlinable: 89/80 (9 over)')
    await editor.statusLike(/Inlining: all calls: \d+ of \d+\..*ms\. go1\.\d+.* linux\//)
  })

  step('a click on a lens lists the calls', async () => {
    await editor.goTo(lineOf('func lengthNL('))
    await editor.clickLens('inlinable 18/80', '.quick-input-list .monaco-list-row')
    // The place comes first, so that a narrow list shows it, too.
    const rows = await editor.picks(/^csv\/reader\.go:\d+, \(\*Reader\)\.readRecord · inlined 18\/80/, 4)
    assert.equal(rows.length, 4)
    await editor.screenshot('calls')
    await editor.page.keyboard.press('Enter')
    await until(
      'the cursor is at the call',
      async () => (await editor.cursor()).line === lineOf('len(line) == lengthNL(line)'),
    )
  })

  step('the cost of a function, line by line', async () => {
    await editor.goTo(lineOf('func (r *Reader) readLine('))
    const left = () => editor.left('line, err := r.r.ReadSlice')
    const before = await left()
    await editor.page.keyboard.press('Alt+Shift+c')
    await editor.line(/ReadSlice✗ .*\+68 bufio\.\(\*Reader\)\.ReadSlice 58$/)
    const from = lineOf('r.rawBuffer = append(r.rawBuffer[:0], line...)')
    await editor.line(new RegExp(`readLine\\(\\).*cost 243 of 80: 163 over, from line ${from} on$`))
    await editor.line(/r\.rawBuffer = append\(.*\+\d+ = 81\/80 over/)
    assert.equal(await left(), before, 'the code has not moved')
    const bars = await editor.bars()
    assert.ok(bars.length >= 15, JSON.stringify(bars))
    const longest = bars.filter((b) => b.width === 16).map((b) => b.line.trim())
    assert.match(longest.join(), /^line, err := r\.r\.ReadSlice/)
    assert.ok(
      bars.every((b) => b.width >= 1 && b.height >= 16 && b.line !== ''),
      JSON.stringify(bars),
    )
    await editor.screenshot('cost')
  })

  step('the cost goes with an edit and returns when it is saved', async () => {
    await editor.goTo(lineOf('r.numLine++'))
    await editor.type('r.numLine += 0\n')
    await editor.noLine(/\+68 bufio/)
    assert.deepEqual(await editor.bars(), [])
    await editor.save()
    await editor.line(/\+68 bufio/)
    await editor.line(/cost 24[4-9] of 80|cost 25\d of 80/)
    assert.ok((await editor.bars()).length >= 15)
    await editor.run('Inlinelens: Explain Cost')
    await editor.noLine(/\+68 bufio/)
    assert.deepEqual(await editor.bars(), [])
  })

  step('a click on the lens of what is too expensive explains it', async () => {
    await editor.goTo(lineOf('func nextRune('))
    await editor.clickLens('not inlinable: 89/80', '.tab[aria-label*="Inlining Explained"]')
    const words = await editor.explanation.has('not inlinable')
    assert.match(words, /cost 89 exceeds budget 80/)
    assert.match(words, /utf8\.DecodeRune 80/)
    assert.doesNotMatch(words, /file:|\]\(/, 'links are links')
    await editor.screenshot('explain')
    await editor.explanation.followLink(/^29\d$/)
    await until(
      'the cursor is at the line',
      async () => (await editor.cursor()).line === lineOf('r, _ := utf8.DecodeRune(b)'),
    )
    await editor.run('View: Close Other Editors in Group')
    await editor.run('View: Close Editors in Other Groups')
  })

  step('a code action is applied', async () => {
    await editor.open(file, lineOf('func nextRune('))
    await editor.goTo(lineOf('func nextRune('), 8)
    await editor.page.keyboard.press('Control+.')
    const action = await editor.page.waitForSelector(
      '.action-widget .monaco-list-row:has-text("add //go:noinline to nextRune")',
    )
    await editor.screenshot('action')
    await action.click()
    await editor.line('//go:noinline')
    await editor.save()
    await editor.line(/nextRune✗ noinline/)
    await editor.lens(/not inlinable: marked go:noinline|not inlinable.*noinline/)
    await editor.page.keyboard.press('Control+z')
    await editor.save()
    await editor.line('nextRune✗ 89/80')
  })

  step('a directive that does nothing is reported, with a way out', async () => {
    await editor.goTo(lineOf('func nextRune('))
    await editor.type('//go:inline\n')
    await editor.save()
    await editor.page.waitForSelector(
      '.editor-group-container.active .squiggly-warning, .editor-group-container.active .squiggly-info',
    )
    await editor.run('Problems: Focus on Problems View')
    await editor.view.row(/go:inline.*inlinelens/i)
    await editor.screenshot('problem')
    await editor.run('View: Hide Panel')
    await editor.run('View: Focus Active Editor Group')
    await editor.deleteLine(lineOf('//go:inline'))
    await editor.save()
    await editor.page.waitForSelector(
      '.editor-group-container.active .squiggly-warning, .editor-group-container.active .squiggly-info',
      { state: 'detached' },
    )
  })

  step('explanation and list of calls, by command', async () => {
    const call = folder.find(file, 'lengthNL(line)')
    await editor.goTo(call.line, call.column + 1)
    await editor.run('Inlinelens: Explain Call or Function')
    assert.match(await editor.explanation.has('lengthNL'), /inlined lengthNL/)
    await editor.run('View: Close Editors in Other Groups')
    await editor.goTo(lineOf('func (r *Reader) ReadAll('), 20)
    await editor.run('Inlinelens: List Calls of Function')
    // The rows of the command palette may still be there.
    const rows = (await editor.picks(/^csv\/reader\.go:\d+, \(\*Reader\)\.readRecord · /)).filter((r) =>
      r.includes('.go:'),
    )
    assert.equal(rows.length, 1, rows.join('\n'))
    await editor.page.keyboard.press('Escape')
  })

  step('settings take effect at once', async () => {
    await editor.goTo(lineOf('func nextRune('))
    editor.settings({ 'inlinelens.hints.style': 'full', 'inlinelens.lenses.enabled': false })
    await editor.line(/nextRune\(b:line\) == r\.Comment \{not-inlined: cost 89 exceeds budget 80/)
    await until('the lenses go', async () => (await editor.lenses()).length === 0)
    editor.settings()
    await editor.line('nextRune✗ 89/80(b:line)')
    await editor.lens('not inlinable: 89/80 (9 over)')
  })

  step('one key marks other calls', async () => {
    await editor.goTo(lineOf('func nextRune('))
    await editor.line('nextRune✗ 89/80')
    await editor.line(/readLine✗ 24\d\/80/)
    await editor.line('validDelim✓')
    await editor.screenshot('all-calls')
    await editor.page.keyboard.press('Alt+i')
    await editor.noLine('validDelim✓')
    await editor.line(/readLine✗ 24\d\/80/)
    await editor.statusLike(/what stays: \d+ of \d+\./)
    await editor.screenshot('what-stays')
    await editor.page.keyboard.press('Alt+i')
    await editor.noLine(/readLine✗ 24\d\/80/)
    await editor.line('nextRune✗ 89/80')
    await editor.run('Inlinelens: Next Preset of Hints')
    await editor.noLine('nextRune✗ 89/80')
    await editor.statusLike(/hints off/)
    await editor.run('Inlinelens: Show or Hide Hints')
    await editor.line('validDelim✓')
  })

  step('a click on the status offers other calls to mark', async () => {
    await editor.statusLike(/Inlining: all calls: \d+ of \d+\./)
    await editor.clickStatus()
    await editor.pick('What stays')
    await editor.statusLike(/what stays: \d+ of \d+\./)
    await editor.noLine('validDelim✓')
    await editor.run('Inlinelens: Choose Which Calls Have Hints')
    await editor.pick('All calls')
    await editor.line('validDelim✓')
  })

  step('the view lists the package', async () => {
    await editor.run('View: Show Inlinelens')
    await editor.view.row(/example\.com\/real\/csv, \d+ of \d+ inlined/)
    // What gains most is first, and figures stand before names.
    await editor.view.row(
      /^Near Misses, 2 · over · calls\nnextRune, 9 over, 2 calls, reader\.go:\d+\n.*ReadAll, \d+ over, 0 calls/m,
    )
    assert.match(await editor.view.rowLabels(), /^\+9 · 2× {2}nextRune$/m)
    assert.deepEqual(await editor.view.cutRows(), [])
    await editor.view.clickRow('nextRune')
    await until('the cursor is at the function', async () => (await editor.cursor()).line === lineOf('func nextRune('))
    await editor.view.hoverRow(
      'nextRune',
      /cost 89 exceeds budget 80.*If it cost 9 less, 2 more calls would be inlined/s,
    )
    await editor.view.clickRow('Calls')
    await editor.view.row(/not-inlined, \d+/)
    await editor.view.clickRow('not-inlined')
    // Calls in files that are not open are listed too.
    await editor.view.row(/^strings\.IndexAny, 1 call, \d+\/80, writer\.go:76, not-inlined$/m)
    await editor.view.row(/^nextRune, 2 calls, 89\/80$/m)
    await editor.view.clickRow('nextRune, 2 calls')
    await editor.view.row(
      /^reader\.go:\d+, \(\*Reader\)\.readRecord, not-inlined\nreader\.go:\d+, \(\*Reader\)\.readRecord, not-inlined$/m,
    )
    await editor.screenshot('tree')
    await editor.view.clickRow('strings.IndexAny')
    await editor.page.waitForSelector('.tab.active[data-resource-name="writer.go"]')
    await until('the cursor is at the call', async () => (await editor.cursor()).line === 76)
  })

  step('calls are grouped by reason, and by file', async () => {
    await editor.run('Inlinelens: Group Calls')
    await editor.pick('Reason')
    await editor.view.row(/^too-expensive, \d+ calls$/m)
    await editor.view.clickRow('too-expensive')
    await editor.view.row(/^nextRune, 2 calls, 89\/80$/m)
    await editor.run('Inlinelens: Group Calls')
    await editor.pick('File')
    await editor.view.row(/^writer\.go, \d+ calls\nreader\.go, \d+ calls$/m)
    await editor.screenshot('by-file')
    await editor.run('Inlinelens: Group Calls')
    await editor.pick('Callee')
    await editor.view.row(/^nextRune, 2 calls, 89\/80$/m)
  })

  step('the view is filtered, says so, and shows everything again', async () => {
    await editor.run('Inlinelens: Filter Functions and Calls')
    await editor.page.waitForSelector('.quick-input-widget:has-text("Filter Functions and Calls") input:focus')
    await editor.page.keyboard.insertText('NextRune')
    await editor.view.row(
      /^Near Misses, 1 · over · calls\nnextRune, 9 over, .*\nFunctions, 0 of 1 inlinable\n.*\nCalls, 1 of 3 inlined\nnot-inlined, 2\nnextRune, 2 calls, 89\/80\ninlined, 1\n/m,
    )
    await editor.page.keyboard.press('Enter')
    await editor.page.waitForSelector('.pane-body .message:has-text("Filter: NextRune")')
    await editor.screenshot('filtered')
    await editor.page.click(
      '.pane-header [aria-label="Clear Filter of Functions and Calls"], .title-actions [aria-label="Clear Filter of Functions and Calls"]',
    )
    await editor.view.row(/^Near Misses, 2 /m)
    await editor.page.waitForSelector('.pane-body .message:has-text("Filter")', { state: 'hidden' })
  })

  step('the numbers of the view are those of the last save', async () => {
    await editor.open(file, lineOf('func nextRune('))
    const count = async () => Number(/^Calls, (\d+) of \d+ inlined/m.exec(await editor.view.rows())?.[1])
    const before = await count()
    assert.ok(before > 0)
    await editor.goTo(lineOf('r, _ := utf8.DecodeRune(b)'))
    await editor.type('_ = lengthNL(b)\n')
    await editor.save()
    await until(
      'one call more is inlined',
      async () => (await count()) === before + 1,
      waitLimit,
      () => editor.view.rows(),
    )
    // 89 and the body that came with the call: no near miss any more.
    await editor.view.row(/^nextRune, 2 calls, 1\d\d\/80$/m)
    await editor.view.row(/^Near Misses, 1 /m)
    await editor.deleteLine(lineOf('_ = lengthNL(b)'))
    await editor.save()
    await editor.view.row(/nextRune, 9 over, 2 calls/)
  })

  step('a package that does not compile says so in the view and in each of its files', async () => {
    const line = lineOf('r, _ := utf8.DecodeRune(b)')
    await editor.goTo(line)
    await editor.type('undefinedName()\n')
    await editor.save()
    await editor.view.row(/csv, does not compile\ndoes not compile: undefined: undefinedName$/m)
    await editor.screenshot('tree-broken')
    await editor.open('csv/writer.go')
    await editor.statusLike(/Inlining: does not compile: undefined: undefinedName\. .*reader\.go:\d+/)
    await editor.screenshot('other-file-broken')
    for (const go of [() => editor.clickStatus(), () => editor.view.clickRow('does not compile: ')]) {
      await editor.open('csv/writer.go')
      await go()
      await editor.page.waitForSelector('.tab.active[data-resource-name="reader.go"]')
      await until('the cursor is at the error', async () => (await editor.cursor()).line === line)
    }
    await editor.deleteLine(line)
    await editor.save()
    await editor.view.row(/nextRune, 9 over, 2 calls/)
    await editor.statusLike(/Inlining: all calls/)
  })

  step('the view is sorted, and walked by keys', async () => {
    await editor.view.clickRow('Calls') // shut
    await editor.view.clickRow('Functions')
    const functions = async () => {
      const rows = (await editor.view.rows()).split('\n')
      return rows.slice(
        rows.findIndex((r) => r.startsWith('Functions')) + 1,
        rows.findIndex((r) => r.startsWith('Calls')),
      )
    }
    const sortedBy = (what: string, holds: (rows: string[]) => boolean) =>
      until(
        `the functions are sorted by ${what}`,
        async () => {
          const rows = await functions()
          return rows.length > 5 && holds(rows)
        },
        waitLimit,
        () => editor.view.rows(),
      )
    const inOrder = <T>(list: T[], compare?: (a: T, b: T) => number) => list.join() === list.toSorted(compare).join()
    await sortedBy('calls that stay', (rows) =>
      inOrder(
        rows.map((r) => Number(/(\d+) stay/.exec(r)?.[1] ?? 0)),
        (x, y) => y - x,
      ),
    )
    await editor.run('Inlinelens: Sort Functions and Calls')
    await editor.pick('Headroom')
    await sortedBy('headroom', (rows) =>
      inOrder(
        rows.map((r) => Number(/, (\d+)\/80\b/.exec(r)?.[1])).filter((cost) => cost <= 80),
        (x, y) => y - x,
      ),
    )
    await editor.run('Inlinelens: Sort Functions and Calls')
    await editor.pick('Name')
    await sortedBy('name', (rows) => inOrder(rows.map((r) => r.split(',', 1)[0] as string)))
    // The order is that of near misses, too.
    await editor.view.row(/^Near Misses, 2 · over · calls\n.*ReadAll, .*\nnextRune, 9 over/m)
    await editor.screenshot('sorted')
    await editor.view.clickRow('Near Misses') // shut
    await editor.view.clickRow('Near Misses')
    await editor.view.row(/nextRune, 9 over/)
    for (const key of ['ArrowDown', 'Enter']) await editor.page.keyboard.press(key)
    await until(
      'the cursor is at the first near miss',
      async () => (await editor.cursor()).line === lineOf('func (r *Reader) ReadAll('),
    )
    await editor.run('Inlinelens: Sort Functions and Calls')
    await editor.pick('Gain')
    await editor.view.row(/^Near Misses, 2 · over · calls\nnextRune, 9 over/m)
  })

  // The editor ignores refreshes while it waits for the hints of another server.
  step('hints that change while the editor waits for slow ones are shown', async () => {
    const line = lineOf('func nextRune(')
    await editor.open(file, line)
    await editor.line('nextRune✗ 89/80')
    await editor.run('Beside: Start or Stop Slow Hints')
    await editor.run('Beside: Show or Hide Hints During Next Request')
    await editor.goTo(line + 9) // the editor requests hints when it scrolls
    await editor.page.mouse.move(800, 500)
    await editor.page.mouse.wheel(0, 100)
    await editor.noLine('nextRune✗ 89/80')
    await editor.run('Beside: Show or Hide Hints During Next Request')
    await editor.page.mouse.wheel(0, -100)
    await editor.line('nextRune✗ 89/80')
    await editor.run('Beside: Start or Stop Slow Hints')
  })

  step('the output has the log, at the chosen level', async () => {
    assert.doesNotMatch(editor.log(), /\[debug\]/)
    await editor.run('Developer: Set Log Level...')
    for (const choice of ['Inlinelens', 'Debug']) {
      await editor.picks(new RegExp(`^${choice}`))
      await editor.page.keyboard.insertText(choice)
      await editor.page.waitForSelector(`.quick-input-list .monaco-list-row.focused[aria-label^="${choice}"]`)
      await editor.page.keyboard.press('Enter')
    }
    await editor.run('Inlinelens: Compile Package Again')
    await until('the log tells more', () => /\[debug\]/.test(editor.log()))
    await editor.run('Inlinelens: Show Output of Server')
    await until('the output shows it', async () =>
      (await editor.page.$$eval('.part.panel .view-line', (all) => all.map((e) => e.textContent ?? ''))).some((l) =>
        /\[debug\]/.test(l),
      ),
    )
    await editor.screenshot('output')
    await editor.run('View: Hide Panel')
  })

  step('a server that is killed comes back', async () => {
    await editor.open(file, lineOf('func nextRune('))
    const before = serverProcess(editor)
    assert.ok(before)
    process.kill(before, 'SIGKILL')
    const now = await until('another runs', () => {
      const pid = serverProcess(editor)
      return pid !== before && pid
    })
    assert.notEqual(now, before)
    await editor.line('nextRune✗ 89/80')
    await editor.lens('not inlinable: 89/80 (9 over)')
    await editor.notification('ended unexpectedly and was restarted')
    await editor.screenshot('restarted')
  })

  step('a server that is killed repeatedly is restarted only by the user', async () => {
    let pid = serverProcess(editor)
    for (let i = 0; i < 3; i++) {
      assert.ok(pid)
      process.kill(pid, 'SIGKILL')
      const killed = pid
      pid = await until('another runs', () => {
        const now = serverProcess(editor)
        return now !== killed && now
      })
    }
    assert.ok(pid)
    process.kill(pid, 'SIGKILL')
    await editor.notification('ended 5 times in three minutes and is not restarted')
    await editor.statusLike(/Inlining: stopped.*ended repeatedly/)
    assert.equal(serverProcess(editor), pid)
    await editor.screenshot('given-up')
    // The editor does not update lenses without the focus.
    await editor.run('View: Focus Active Editor Group')
    await until('the lenses go', async () => (await editor.lenses()).length === 0)
    await editor.answer('is not restarted', 'Restart')
    await editor.lens('not inlinable: 89/80 (9 over)')
    await editor.line('nextRune✗ 89/80')
  })
})
