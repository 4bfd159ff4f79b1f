// "Copy Report": what is known of the package that is being read, as Markdown in the
// clipboard, for an issue or a review.
import { dirname } from 'node:path'
import * as vscode from 'vscode'
import { uriOf } from '../place.ts'
import type { FunctionsResult, PackageFunctions } from '../protocol.ts'
import { statuses } from '../protocol.ts'
import type { Session } from '../server/session.ts'
import { nearMisses, sorted } from '../tree/order.ts'
import { plural, summary } from '../words.ts'

export function report(session: Session): vscode.Disposable {
  return vscode.commands.registerCommand('inlinelens.copyReport', async () => {
    const uri = vscode.window.activeTextEditor?.document.uri
    const result = await session.request<FunctionsResult>('inlinelens/functions', uri?.scheme === 'file' ? { textDocument: { uri: uriOf(uri) } } : {})
    if (!result || result.packages.length === 0) {
      void vscode.window.showInformationMessage('Inlinelens: nothing is known yet of this package.')
      return
    }
    const about = session.packages.find((p) => uri && p.dir === dirname(uri.fsPath))
    const header = `inlinelens ${session.version}${about?.go ? `, ${about.go} ${about.goos}/${about.goarch}` : ''}`
    await vscode.env.clipboard.writeText([header, ...result.packages.map(markdown)].join('\n\n') + '\n')
    void vscode.window.setStatusBarMessage('$(copy) Inlinelens: the report is in the clipboard', 5_000)
  })
}

/** A package as Markdown. */
export function markdown(p: PackageFunctions): string {
  const inlinable = p.functions.filter((f) => f.inlinable).length
  const counted = statuses.filter((s) => p.calls[s]).map((s) => `${p.calls[s]} ${s}`)
  const lines = [`## ${p.path}`, '', `${plural(p.functions.length, 'function')}, ${inlinable} inlinable. Calls: ${counted.join(', ') || 'none'}.`]
  const table = (title: string, functions: typeof p.functions) => {
    if (functions.length === 0) return
    lines.push('', `### ${title}`, '', '| function | |', '|---|---|', ...functions.map((f) => `| \`${f.name}\` | ${summary(f)} |`))
  }
  const near = nearMisses(p.functions)
  table('Near misses', near)
  table('Other functions that are not inlinable', sorted(p.functions, 'headroom').filter((f) => !f.inlinable && !near.includes(f)))
  return lines.join('\n')
}
