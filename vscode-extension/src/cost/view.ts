// "Explain Cost": what each line of a function costs, until the command is run again, also
// for another function. An edit of the function hides it until the package is compiled.
import * as vscode from 'vscode'
import { ResponseError, type TextDocumentPositionParams } from 'vscode-languageclient/node'
import { message } from '../escape.ts'
import { command, method } from '../generated.ts'
import { positionParams, rangeOf, reveal, uriOf } from '../location.ts'
import type { Breakdown, CallList } from '../protocol.ts'
import type { Session } from '../server/session.ts'
import { packageOf } from '../status.ts'
import { type Extent, Painter } from './paint.ts'

/** The function whose cost is shown, and its extent while it is not edited. */
interface Shown extends Extent {
  uri: string
  function: string
  /** The position of its name in the current text. */
  at: vscode.Position
  /** undefined after an edit of the function. */
  breakdown: Breakdown | undefined
}

export class CostView implements vscode.Disposable {
  private shown: Shown | undefined
  private asking = false
  private readonly session: Session
  private readonly painter = new Painter()
  private readonly subscriptions: vscode.Disposable[]

  constructor(session: Session) {
    this.session = session
    this.subscriptions = [
      this.painter,
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

  /** Hides the cost when its function is edited, and moves it when text above it is. */
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
      this.painter.paint(editor, shown?.breakdown, shown ?? { first: 0, last: 0 })
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
