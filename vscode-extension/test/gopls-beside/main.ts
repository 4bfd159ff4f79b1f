// Starts gopls for Go files, as the Go extension does, which is in no package registry. With
// GOPLS_HINTS=1 gopls has inlay hints. Commands add a second, slow provider of hints.
import * as vscode from 'vscode'
import { LanguageClient, type LanguageClientOptions, RevealOutputChannelOn } from 'vscode-languageclient/node'

let client: LanguageClient | undefined
let slow: vscode.Disposable | undefined
let toggle = false

/** Returns no hints, after seconds, as gopls may in a large module. Can toggle those of Inlinelens meanwhile. */
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
  if (!command) throw new Error('GOPLS is not set')
  vscode.commands.registerCommand('gopls-beside.toggleMeanwhile', () => {
    toggle = true
  })
  vscode.commands.registerCommand('gopls-beside.slowHints', () => {
    slow?.dispose()
    slow = slow
      ? undefined
      : vscode.languages.registerInlayHintsProvider({ language: 'go' }, { provideInlayHints: slowHints })
  })
  const options: LanguageClientOptions = {
    documentSelector: [{ scheme: 'file', language: 'go' }],
    initializationOptions: { hints: { parameterNames: process.env['GOPLS_HINTS'] === '1' } },
    // gopls answers requests that the editor cancels with errors of its own. As in the Go
    // extension, what fails is in the output, and not in a notification.
    revealOutputChannelOn: RevealOutputChannelOn.Never,
  }
  client = new LanguageClient('gopls', 'gopls', { command, args: ['-mode=stdio'] }, options)
  // "make try" works without gopls, too, if that cannot be built.
  await client.start().catch((error: unknown) => console.error(error))
}

export async function deactivate(): Promise<void> {
  await client?.stop()
}
