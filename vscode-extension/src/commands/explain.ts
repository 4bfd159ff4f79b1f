// "Explain": a page beside the editor with everything known about the call or function at
// the cursor.
import { randomUUID } from 'node:crypto'
import * as vscode from 'vscode'
import type { MarkupContent } from 'vscode-languageclient/node'
import { command } from '../generated.ts'
import { positionParams, reveal } from '../location.ts'
import type { Session } from '../server/session.ts'

export function explain(session: Session): vscode.Disposable {
  let panel: vscode.WebviewPanel | undefined
  return vscode.Disposable.from(
    { dispose: () => panel?.dispose() },
    // For links on the page.
    vscode.commands.registerCommand('inlinelens.openLink', (address: string) => {
      const uri = vscode.Uri.parse(address)
      const line = Math.max(0, Number(/^L(\d+)/.exec(uri.fragment)?.[1] ?? 1) - 1)
      return reveal(uri.with({ fragment: '' }).toString(), {
        start: { line, character: 0 },
        end: { line, character: 0 },
      })
    }),
    vscode.commands.registerCommand(command.explain, async (argument: unknown) => {
      const place = positionParams(argument)
      if (!place) return
      const content = await session.execute<MarkupContent>(command.explain, place)
      if (!content) {
        void vscode.window.showInformationMessage(
          'Nothing is known here. Put the cursor on a call or in a function whose package compiles.',
        )
        return
      }
      const html = page(await rendered(content.value))
      if (panel) {
        panel.reveal(undefined, true)
      } else {
        panel = vscode.window.createWebviewPanel(
          'inlinelens.explanation',
          'Inlining Explained',
          { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
          {
            enableCommandUris: ['inlinelens.openLink'],
            enableFindWidget: true,
            localResourceRoots: [],
          },
        )
        panel.onDidDispose(() => (panel = undefined))
      }
      panel.webview.html = html
    }),
  )
}

/** Markdown as HTML whose links to files open them in the editor. */
async function rendered(markdown: string): Promise<string> {
  // The editor's renderer drops links to files, so they pass it as links to a host with a
  // random name, which no repository can guess, and are replaced by commands afterwards.
  const host = `${randomUUID()}.invalid`
  const passing = markdown.replace(
    /(?<!\\)\]\((file:[^)\s]+)\)/g,
    (_, address: string) => `](https://${host}/?${encodeURIComponent(address)})`,
  )
  const html = await vscode.commands.executeCommand<string>('markdown.api.render', passing)
  return html.replaceAll(
    new RegExp(`(?:data-)?href="https://${host.replace('.', '\\.')}/\\?([^"]*)"`, 'g'),
    (all: string, address: string) => {
      if (all.startsWith('data-')) return ''
      return `href="command:inlinelens.openLink?${encodeURIComponent(JSON.stringify([decodeURIComponent(address)]))}"`
    },
  )
}

function page(body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Inlining Explained</title>
<style>
  body { padding: 0.5em 1.5em; line-height: 1.5; max-width: 60em; }
  code { font-family: var(--vscode-editor-font-family); color: var(--vscode-textPreformat-foreground); background: var(--vscode-textPreformat-background); padding: 0.1em 0.3em; border-radius: 3px; }
  a { text-decoration: underline; }
  table { border-collapse: collapse; }
  th, td { padding: 0.25em 0.9em 0.25em 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, transparent)); }
  th { font-weight: 600; }
</style>
</head>
<body><main>${body}</main></body>
</html>`
}
