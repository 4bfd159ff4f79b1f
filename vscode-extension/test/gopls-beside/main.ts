// Starts gopls for Go files, so that Inlinelens is seen beside it; with
// GOPLS_HINTS=1 it has hints of its own. It stands in for the Go extension, which no package registry has.
import { LanguageClient } from 'vscode-languageclient/node'

let client: LanguageClient | undefined

export async function activate(): Promise<void> {
  const command = process.env['GOPLS']
  if (!command) throw new Error('GOPLS names no program')
  client = new LanguageClient('gopls', 'gopls', { command, args: ['-mode=stdio'] }, {
    documentSelector: [{ scheme: 'file', language: 'go' }],
    initializationOptions: { hints: { parameterNames: process.env['GOPLS_HINTS'] === '1' } },
  })
  await client.start()
}

export async function deactivate(): Promise<void> {
  await client?.stop()
}
