// "Explain": all that is known of the call or function at the cursor, on a page beside
// the editor.
import * as vscode from 'vscode'
import type { MarkupContent } from 'vscode-languageclient/node'
import { placeOf } from '../place.ts'
import type { Session } from '../server/session.ts'

const scheme = 'inlinelens'
const page = vscode.Uri.from({ scheme, path: '/Explanation' })

/** The one page, whose text is the last explanation. */
class Page implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private text = ''
  private readonly changed = new vscode.EventEmitter<vscode.Uri>()
  readonly onDidChange = this.changed.event

  set(text: string): void {
    this.text = text
    this.changed.fire(page)
  }

  provideTextDocumentContent(): string {
    return this.text
  }

  dispose(): void {
    this.changed.dispose()
  }
}

export function explain(session: Session): vscode.Disposable {
  const pages = new Page()
  return vscode.Disposable.from(
    pages,
    vscode.workspace.registerTextDocumentContentProvider(scheme, pages),
    vscode.commands.registerCommand('inlinelens.explain', async (argument: unknown) => {
      const place = placeOf(argument)
      if (!place) return
      const content = await session.execute<MarkupContent>('inlinelens.explain', place)
      if (!content) {
        void vscode.window.showInformationMessage('Inlinelens: nothing is known here. Is the cursor in a function, and its package compiled?')
        return
      }
      pages.set(content.value)
      await vscode.commands.executeCommand('markdown.showPreviewToSide', page)
    }),
  )
}
