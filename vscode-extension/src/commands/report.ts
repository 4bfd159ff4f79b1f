// "Copy Report": copies the report of the current package as Markdown, for an issue or a
// review.
import * as vscode from 'vscode'
import { method } from '../generated.ts'
import { uriOf } from '../location.ts'
import type { FunctionsResult } from '../protocol.ts'
import { markdown } from '../report.ts'
import type { Session } from '../server/session.ts'
import { packageOf } from '../status.ts'

export function report(session: Session): vscode.Disposable {
  return vscode.commands.registerCommand('inlinelens.copyReport', async () => {
    const uri = vscode.window.activeTextEditor?.document.uri
    const result = await session.request<FunctionsResult>(
      method.functions,
      uri?.scheme === 'file' ? { textDocument: { uri: uriOf(uri) } } : {},
    )
    if (!result || result.packages.length === 0) {
      void vscode.window.showInformationMessage('There are no results for this package yet.')
      return
    }
    const about = uri && packageOf(session.packages, uri.fsPath)
    const header = `inlinelens ${session.version}${about?.go ? `, ${about.go} ${about.goos}/${about.goarch}` : ''}`
    await vscode.env.clipboard.writeText(`${[header, ...result.packages.map(markdown)].join('\n\n')}\n`)
    void vscode.window.setStatusBarMessage('$(copy) Inlinelens: report copied', 5_000)
  })
}
