// "Copy Report": what is known of the package that is being read, as Markdown in the
// clipboard, for an issue or a review.
import * as vscode from 'vscode'
import { uriOf } from '../place.ts'
import type { FunctionsResult } from '../protocol.ts'
import { markdown } from '../report.ts'
import type { Session } from '../server/session.ts'
import { packageOf } from '../status.ts'

export function report(session: Session): vscode.Disposable {
  return vscode.commands.registerCommand('inlinelens.copyReport', async () => {
    const uri = vscode.window.activeTextEditor?.document.uri
    const result = await session.request<FunctionsResult>(
      'inlinelens/functions',
      uri?.scheme === 'file' ? { textDocument: { uri: uriOf(uri) } } : {},
    )
    if (!result || result.packages.length === 0) {
      void vscode.window.showInformationMessage('Inlinelens: nothing is known yet of this package.')
      return
    }
    const about = uri && packageOf(session.packages, uri.fsPath)
    const header = `inlinelens ${session.version}${about?.go ? `, ${about.go} ${about.goos}/${about.goarch}` : ''}`
    await vscode.env.clipboard.writeText([header, ...result.packages.map(markdown)].join('\n\n') + '\n')
    void vscode.window.setStatusBarMessage('$(copy) Inlinelens: the report is in the clipboard', 5_000)
  })
}
