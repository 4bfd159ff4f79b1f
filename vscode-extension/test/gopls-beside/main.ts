// Starts gopls for Go files, so that Inlinelens is seen beside it; with
// GOPLS_HINTS=1 it has hints of its own. It stands in for the Go extension, which no package registry has.
// With SLOW_HINTS=1 it also has hints, none, that take seconds, as gopls' may in a large module.
import * as vscode from 'vscode'
import { LanguageClient } from 'vscode-languageclient/node'

let client: LanguageClient | undefined

let toggle = false

/** Has no hints, slowly; if it was told so, those of Inlinelens are shown or hidden meanwhile. */
async function slowHints(): Promise<vscode.InlayHint[]> {
  const pause = () => new Promise((resolve) => setTimeout(resolve, 1_500))
  await pause()
  if (toggle) {
    toggle = false
    await vscode.commands.executeCommand('inlinelens.toggleHints')
  }
  await pause()
  return []
}

export async function activate(): Promise<void> {
  const command = process.env['GOPLS']
  if (!command) throw new Error('GOPLS names no program')
  vscode.commands.registerCommand('gopls-beside.toggleMeanwhile', () => (toggle = true))
  if (process.env['SLOW_HINTS'])
    vscode.languages.registerInlayHintsProvider({ language: 'go' }, { provideInlayHints: slowHints })
  client = new LanguageClient(
    'gopls',
    'gopls',
    { command, args: ['-mode=stdio'] },
    {
      documentSelector: [{ scheme: 'file', language: 'go' }],
      initializationOptions: { hints: { parameterNames: process.env['GOPLS_HINTS'] === '1' } },
    },
  )
  await client.start()
}

export async function deactivate(): Promise<void> {
  await client?.stop()
}
