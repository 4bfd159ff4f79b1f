// Keeps the positions in the commands of code lenses up to date. When text above a lens is
// edited, the editor moves the lens at once but asks for new lenses later. A click in
// between would ask the server about the wrong line.
import * as vscode from 'vscode'
import type { TextDocumentPositionParams } from 'vscode-languageclient/node'

export class LensPositions implements vscode.Disposable {
  private positions: WeakRef<TextDocumentPositionParams>[] = []
  private readonly subscription = vscode.workspace.onDidChangeTextDocument((e) => this.edited(e))

  /** Updates the position in the lens's command from now on. */
  follow<L extends vscode.CodeLens | null | undefined>(lens: L): L {
    const params: unknown = lens?.command?.arguments?.[0]
    if (typeof params === 'object' && params !== null)
      this.positions.push(new WeakRef(params as TextDocumentPositionParams))
    return lens
  }

  private edited(e: vscode.TextDocumentChangeEvent): void {
    const uri = e.document.uri.toString()
    this.positions = this.positions.filter((ref) => {
      const params = ref.deref()
      if (params?.textDocument.uri === uri) {
        for (const change of e.contentChanges) params.position.line += movedBy(params.position.line, change)
      }
      return params !== undefined
    })
  }

  dispose(): void {
    this.subscription.dispose()
  }
}

/** By how many lines a change moves a line; 0 if the change is not above it. */
function movedBy(line: number, change: vscode.TextDocumentContentChangeEvent): number {
  const { start, end } = change.range
  const above = end.line < line || (end.line === line && end.character === 0)
  return above ? change.text.split('\n').length - 1 - (end.line - start.line) : 0
}
