// "Explain Cost": a bar of cost beside each line of a function, until the command is run
// again, also for another function. An edit of the function hides the bars until the
// package is compiled.
import * as vscode from 'vscode'
import { ResponseError, type TextDocumentPositionParams } from 'vscode-languageclient/node'
import { message } from '../escape.ts'
import { command, method } from '../generated.ts'
import { positionParams, rangeOf, reveal, uriOf } from '../location.ts'
import type { Breakdown, CallList, CostLine } from '../protocol.ts'
import type { Session } from '../server/session.ts'
import { packageOf } from '../status.ts'
import { accessibleText, crossing, gutter, gutterWidth, heading, lineText } from './bars.ts'

const color = (name: string) => new vscode.ThemeColor(`inlinelens.${name}`)

/** The function whose cost is shown. */
interface Shown {
  uri: string
  function: string
  /** The position of its name in the current text. */
  at: vscode.Position
  /** Its first and last line, while it is not edited. */
  first: number
  last: number
  /** undefined after an edit of the function. */
  breakdown: Breakdown | undefined
}

export class CostView implements vscode.Disposable {
  private shown: Shown | undefined
  private asking = false
  private readonly session: Session
  private readonly lines = vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  })
  private readonly over = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: color('cost.overBackground'),
    overviewRulerColor: color('cost.over'),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
  })
  private readonly cross = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    borderColor: color('cost.over'),
    borderStyle: 'dashed',
    borderWidth: '1px 0 0 0',
  })
  private readonly blocker = vscode.window.createTextEditorDecorationType({
    borderColor: color('cost.over'),
    borderStyle: 'solid',
    borderWidth: '1px',
  })
  private readonly subscriptions: vscode.Disposable[]

  constructor(session: Session) {
    this.session = session
    this.subscriptions = [
      this.lines,
      this.over,
      this.cross,
      this.blocker,
      vscode.commands.registerCommand(command.showCost, (argument: unknown) => this.toggle(argument)),
      vscode.workspace.onDidChangeTextDocument((e) => this.edited(e)),
      vscode.window.onDidChangeVisibleTextEditors(() => this.paint()),
      session.onDidChange(() => void this.update()),
    ]
  }

  /** What is shown, for tests. */
  get breakdown(): Breakdown | undefined {
    return this.shown?.breakdown
  }

  private async toggle(argument: unknown): Promise<void> {
    const place = positionParams(argument)
    if (!place) return
    let answer: [Breakdown, CallList | undefined] | undefined
    try {
      answer = await this.ask(place)
    } catch (error) {
      if (!(error instanceof ResponseError)) throw error
      void vscode.window.showInformationMessage(message(error.message))
      return
    }
    if (!answer) {
      if (this.shown) this.hide()
      else
        void vscode.window.showInformationMessage(
          'No cost is known here. Put the cursor in a function whose package compiles.',
        )
      return
    }
    const [breakdown, calls] = answer
    if (this.shown?.breakdown && this.shown.uri === breakdown.uri && this.shown.function === breakdown.function) {
      this.hide()
      return
    }
    this.show(breakdown, calls)
    if (typeof argument === 'object' && argument !== null) await reveal(breakdown.uri, breakdown.range)
  }

  /** Requests the cost of a function, and where the function ends. */
  private async ask(position: TextDocumentPositionParams): Promise<[Breakdown, CallList | undefined] | undefined> {
    const breakdown = await this.session.request<Breakdown>(method.cost, position)
    if (!breakdown) return undefined
    return [
      breakdown,
      await this.session.request<CallList>(method.calls, {
        textDocument: { uri: breakdown.uri },
        position: breakdown.range.start,
      }),
    ]
  }

  private show(b: Breakdown, calls: CallList | undefined): void {
    const uri = vscode.Uri.parse(b.uri)
    const end = calls?.function?.range.end.line ?? 0
    this.shown = {
      uri: uriOf(uri),
      function: b.function,
      at: rangeOf(b.range).start,
      first: b.range.start.line,
      last: Math.max(b.range.start.line, end, ...b.lines.map((l) => l.line)),
      breakdown: b,
    }
    void vscode.commands.executeCommand('setContext', 'inlinelens.costShown', true)
    this.paint()
  }

  private hide(): void {
    this.shown = undefined
    void vscode.commands.executeCommand('setContext', 'inlinelens.costShown', false)
    this.paint()
  }

  /** Hides the bars when their function is edited, and moves them when text above it is. */
  private edited(e: vscode.TextDocumentChangeEvent): void {
    const shown = this.shown
    if (!shown || e.document.uri.toString() !== shown.uri) return
    for (const c of e.contentChanges) {
      const delta = c.text.split('\n').length - 1 - (c.range.end.line - c.range.start.line)
      if (c.range.end.isBefore(new vscode.Position(shown.first, 0)) || c.range.end.line < shown.first) {
        shown.first += delta
        shown.last += delta
        shown.at = shown.at.translate(delta)
        if (shown.breakdown) shown.breakdown = moved(shown.breakdown, delta)
      } else if (c.range.start.line <= shown.last) {
        shown.last += delta
        shown.breakdown = undefined
      }
    }
    this.paint()
  }

  /** Requests the cost again when the package has been compiled. */
  private async update(): Promise<void> {
    const shown = this.shown
    if (!shown || this.asking) return
    const about = packageOf(this.session.packages, vscode.Uri.parse(shown.uri).fsPath)
    if (about?.state === 'failed') {
      shown.breakdown = undefined
      this.paint()
    }
    if (about?.state !== 'fresh') return
    this.asking = true
    try {
      const answer = await this.ask({ textDocument: { uri: shown.uri }, position: shown.at })
      if (this.shown !== shown) return
      if (answer && answer[0].function === shown.function) this.show(...answer)
      else this.hide()
    } catch {
      // Edited again meanwhile: wait for the next compile.
    } finally {
      this.asking = false
    }
  }

  private paint(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const shown = this.shown?.uri === editor.document.uri.toString() ? this.shown : undefined
      const painted = shown?.breakdown && decorations(editor.document, shown.breakdown, shown)
      editor.setDecorations(this.lines, painted?.lines ?? [])
      editor.setDecorations(this.over, painted?.over ?? [])
      editor.setDecorations(this.cross, painted?.cross ?? [])
      editor.setDecorations(this.blocker, painted?.blockers ?? [])
    }
  }

  dispose(): void {
    for (const s of this.subscriptions) s.dispose()
  }
}

/** The breakdown of a function that has moved by delta lines. */
function moved(b: Breakdown, delta: number): Breakdown {
  const range = (r: Breakdown['range']) => ({
    start: { ...r.start, line: r.start.line + delta },
    end: { ...r.end, line: r.end.line + delta },
  })
  return {
    ...b,
    range: range(b.range),
    lines: b.lines.map((l) => ({
      ...l,
      line: l.line + delta,
      ...(l.parts ? { parts: l.parts.map((p) => ({ ...p, range: range(p.range) })) } : {}),
    })),
    ...(b.blockers ? { blockers: b.blockers.map((x) => ({ ...x, range: range(x.range) })) } : {}),
  }
}

function decorations(document: vscode.TextDocument, b: Breakdown, shown: Shown) {
  const greatest = Math.max(0, ...b.lines.map((l) => l.cost))
  const crossed = crossing(b)
  const costs = new Map(b.lines.map((l) => [l.line, l]))
  const lines: vscode.DecorationOptions[] = []
  const over: vscode.Range[] = []
  for (let n = shown.first; n <= Math.min(shown.last, document.lineCount - 1); n++) {
    const line = costs.get(n)
    const text = document.lineAt(n).range
    const overBudget = crossed !== undefined && n >= crossed.line
    if (overBudget) over.push(text)
    const after = [n === shown.first ? heading(b) : '', line ? lineText(b, line) : ''].filter(Boolean).join(' · ')
    const strong = n === shown.first || line === crossed
    lines.push({
      range: text,
      ...(n === shown.first ? { hoverMessage: accessibleText(b) } : line ? { hoverMessage: hover(b, line) } : {}),
      renderOptions: {
        before: {
          contentText: gutter(line?.cost ?? 0, greatest),
          color: color(overBudget ? 'cost.over' : 'cost.bar'),
          width: `${gutterWidth(greatest) + 2}ch`,
          fontWeight: line && line === crossed ? 'bold' : 'normal',
        },
        ...(after
          ? {
              after: {
                contentText: after,
                margin: '0 0 0 3ch',
                fontStyle: 'italic',
                color: color(strong && b.cost > b.budget ? 'cost.over' : 'cost.text'),
              },
            }
          : {}),
      },
    })
  }
  return {
    lines,
    over,
    cross: crossed ? [document.lineAt(Math.min(crossed.line, document.lineCount - 1)).range] : [],
    blockers: (b.blockers ?? []).map((x) => ({
      range: rangeOf(x.range),
      hoverMessage: `inlinelens: \`${x.op}\` prevents inlining of the function, whatever its cost`,
    })),
  }
}

function hover(b: Breakdown, line: CostLine): vscode.MarkdownString {
  const text = new vscode.MarkdownString(undefined, true)
  text.appendMarkdown(`**cost ${line.cost}**, ${line.total} so far of ${b.budget}\n\n`)
  for (const p of line.parts ?? []) {
    text.appendMarkdown(`- ${p.cost} `)
    text.appendText([p.callee ?? p.what, p.note].filter(Boolean).join(': '))
    if (p.target) text.appendMarkdown(` ([go to](${p.target.uri}#L${p.target.range.start.line + 1}))`)
    text.appendMarkdown('\n')
  }
  return text
}
