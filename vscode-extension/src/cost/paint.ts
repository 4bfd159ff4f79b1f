// Paints a breakdown in an editor: a bar in the gutter, and what a line costs after it.
// Nothing stands before or in the code, so that the code does not move.
import * as vscode from 'vscode'
import { rangeOf } from '../location.ts'
import type { Breakdown, CostLine } from '../protocol.ts'
import { accessibleText, barColors, barImage, barStep, byCost, crossing, figure, heading, largest } from './bars.ts'

const color = (name: string) => new vscode.ThemeColor(`inlinelens.${name}`)

/** The first and the last line of a function. */
export interface Extent {
  first: number
  last: number
}

export class Painter implements vscode.Disposable {
  /** The types of bars, by width and color: an image belongs to its type. */
  private readonly bars = new Map<string, vscode.TextEditorDecorationType>()
  // A decoration has one text before and one after it. Both are needed after a line, as
  // the figure and the words differ in color: so this one is at the line's end.
  private readonly texts = vscode.window.createTextEditorDecorationType({})
  private readonly hovers = vscode.window.createTextEditorDecorationType({
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

  /** Shows a breakdown in an editor, or none. */
  paint(editor: vscode.TextEditor, b: Breakdown | undefined, extent: Extent): void {
    const texts: vscode.DecorationOptions[] = []
    const hovers: vscode.DecorationOptions[] = []
    const over: vscode.Range[] = []
    const bars = new Map<vscode.TextEditorDecorationType, vscode.Range[]>([...this.bars.values()].map((t) => [t, []]))
    if (b) {
      const greatest = Math.max(0, ...b.lines.map((l) => l.cost))
      const crossed = crossing(b)
      const costs = new Map(b.lines.map((l) => [l.line, l]))
      for (let n = extent.first; n <= Math.min(extent.last, editor.document.lineCount - 1); n++) {
        const line = costs.get(n)
        const { range } = editor.document.lineAt(n)
        const overBudget = crossed !== undefined && n >= crossed.line
        if (overBudget) over.push(range)
        const step = barStep(line?.cost ?? 0, greatest)
        if (step > 0) {
          const type = this.bar(step, overBudget)
          bars.set(type, [...(bars.get(type) ?? []), range])
        }
        if (n !== extent.first && !line) continue
        hovers.push({ range, hoverMessage: n === extent.first ? accessibleText(b) : hover(b, line as CostLine) })
        texts.push(textAfter(b, n === extent.first, line, overBudget, range.end))
      }
    }
    for (const [type, ranges] of bars) editor.setDecorations(type, ranges)
    editor.setDecorations(this.texts, texts)
    editor.setDecorations(this.hovers, hovers)
    editor.setDecorations(this.over, over)
    const crossed = b && crossing(b)
    editor.setDecorations(
      this.cross,
      crossed ? [editor.document.lineAt(Math.min(crossed.line, editor.document.lineCount - 1)).range] : [],
    )
    editor.setDecorations(
      this.blocker,
      (b?.blockers ?? []).map((x) => ({
        range: rangeOf(x.range),
        hoverMessage: `inlinelens: \`${x.op}\` prevents inlining of the function, whatever its cost`,
      })),
    )
  }

  private bar(step: number, over: boolean): vscode.TextEditorDecorationType {
    const key = `${step} ${over}`
    let type = this.bars.get(key)
    if (!type) {
      const image = (theme: keyof typeof barColors) => ({
        gutterIconPath: vscode.Uri.parse(barImage(step, barColors[theme][over ? 'over' : 'within'])),
        gutterIconSize: 'contain',
      })
      type = vscode.window.createTextEditorDecorationType({ dark: image('dark'), light: image('light') })
      this.bars.set(key, type)
    }
    return type
  }

  dispose(): void {
    for (const type of [...this.bars.values(), this.texts, this.hovers, this.over, this.cross, this.blocker])
      type.dispose()
  }
}

/** The texts after a line: the total after the first, what a line adds, and what costs most there. */
function textAfter(
  b: Breakdown,
  first: boolean,
  line: CostLine | undefined,
  overBudget: boolean,
  end: vscode.Position,
): vscode.DecorationOptions {
  const strong = [first ? heading(b) : '', line ? figure(b, line) : ''].filter(Boolean).join(' · ')
  const words = line ? largest(line) : ''
  return {
    range: new vscode.Range(end, end),
    renderOptions: {
      before: {
        contentText: strong,
        margin: '0 0 0 2ch',
        fontWeight: first || (line && line === crossing(b)) ? 'bold' : 'normal',
        color: color((first && b.cost > b.budget) || overBudget ? 'cost.over' : 'cost.bar'),
      },
      ...(words ? { after: { contentText: `\u00a0${words}`, color: color('cost.text') } } : {}),
    },
  }
}

function hover(b: Breakdown, line: CostLine): vscode.MarkdownString {
  const text = new vscode.MarkdownString(undefined, true)
  text.appendMarkdown(`**cost ${line.cost}**, ${line.total} so far of ${b.budget}\n\n`)
  for (const p of byCost(line)) {
    text.appendMarkdown(`- ${p.cost} `)
    text.appendText([p.name, p.note].filter(Boolean).join(': '))
    if (p.target) text.appendMarkdown(` ([go to](${p.target.uri}#L${p.target.range.start.line + 1}))`)
    text.appendMarkdown('\n')
  }
  return text
}
