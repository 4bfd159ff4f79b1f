// Keeps the places true that lenses are about. The editor moves a lens with the text
// that is edited above it, and shows it so until it has asked for new ones; without this,
// a click in between would ask about another line.
import * as vscode from 'vscode'
import type { Place } from '../protocol.ts'

export class LensPlaces implements vscode.Disposable {
  private places: WeakRef<Place>[] = []
  private readonly subscription = vscode.workspace.onDidChangeTextDocument((e) => this.edited(e))

  /** Follows the place that a lens's command is about from now on. */
  follow<L extends vscode.CodeLens | null | undefined>(lens: L): L {
    const place: unknown = lens?.command?.arguments?.[0]
    if (typeof place === 'object' && place !== null) this.places.push(new WeakRef(place as Place))
    return lens
  }

  private edited(e: vscode.TextDocumentChangeEvent): void {
    const uri = e.document.uri.toString()
    this.places = this.places.filter((ref) => {
      const place = ref.deref()
      if (place?.textDocument.uri === uri) {
        for (const change of e.contentChanges) place.position.line += movedBy(place.position.line, change)
      }
      return place !== undefined
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
