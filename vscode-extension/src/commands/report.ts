// "Open Report": the report of the current package, as a document that is not on disk.
import * as vscode from 'vscode'
import { method } from '../generated.ts'
import { uriOf } from '../location.ts'
import type { CallItem, FunctionsResult } from '../protocol.ts'
import { markdown } from '../report.ts'
import type { Session } from '../server/session.ts'
import { packageOf } from '../status.ts'

const scheme = 'inlinelens-report'

export function report(session: Session): vscode.Disposable {
  const texts = new Map<string, string>()
  const changed = new vscode.EventEmitter<vscode.Uri>()
  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '',
    }),
    vscode.workspace.onDidCloseTextDocument((d) => texts.delete(d.uri.toString())),
    vscode.commands.registerCommand('inlinelens.openReport', async () => {
      const made = await make(session)
      if (!made) {
        void vscode.window.showInformationMessage('There is no report yet. Open a Go file of a package that compiles.')
        return
      }
      const uri = vscode.Uri.from({ scheme, path: `/${made.name}` })
      texts.set(uri.toString(), made.text)
      changed.fire(uri) // it may be open already
      await vscode.window.showTextDocument(uri, { preview: false })
    }),
  )
}

/** The report of the package of the active editor, or else of all open packages. */
async function make(session: Session): Promise<{ name: string; text: string } | undefined> {
  const uri = vscode.window.activeTextEditor?.document.uri
  const result = await session.request<FunctionsResult>(
    method.functions,
    uri?.scheme === 'file' ? { textDocument: { uri: uriOf(uri) } } : {},
  )
  const packages = result?.packages.filter((p) => p.functions.length > 0) ?? []
  const [first] = packages
  if (!first) return undefined
  const about = packageOf(session.packages, uri?.scheme === 'file' ? uri.fsPath : '') ?? session.packages[0]
  const header = `inlinelens ${session.version}${about?.go ? `, ${about.go} ${about.goos}/${about.goarch}` : ''}`
  const parts = await Promise.all(
    packages.map(async (p) =>
      markdown(p, (await session.request<CallItem[]>(method.packageCalls, { dir: p.dir })) ?? []),
    ),
  )
  const name = packages.length === 1 ? (first.path || first.dir).split('/').at(-1) : 'packages'
  return { name: `Inlining of ${name}.md`, text: `${[header, ...parts].join('\n\n')}\n` }
}
