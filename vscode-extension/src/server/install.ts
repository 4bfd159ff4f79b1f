// Offers to install the server with "go install" if there is none, or one of an incompatible
// version.
import { execFile } from 'node:child_process'
import * as vscode from 'vscode'
import { message as plain } from '../escape.ts'
import { oldestServer } from './version.ts'

const address = 'github.com/inlinelens/inlinelens/cmd/inlinelens'

interface Restartable {
  restart(): Promise<void>
}

/** Says what is wrong, and offers to install the server or to open the setting. */
export async function offerInstall(
  session: Restartable,
  channel: vscode.LogOutputChannel,
  problem: string | undefined,
): Promise<void> {
  const message = problem ?? 'The Inlinelens server, the program inlinelens, was not found.'
  const chosen = await vscode.window.showWarningMessage(plain(message), 'Install', 'Open Settings')
  if (chosen === 'Open Settings') {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'inlinelens.server.path')
  }
  if (chosen === 'Install') await install(session, channel)
}

/** Runs go install with progress, then starts what it installed. */
export async function install(session: Restartable, channel: vscode.LogOutputChannel): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showWarningMessage('The server can be installed once the workspace is trusted.')
    return
  }
  const what = `${address}@v${oldestServer}`
  try {
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `go install ${what}`, cancellable: true },
      (_, token) => goInstall(what, token, channel),
    )
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    channel.error(`go install ${what}: ${text}`)
    const chosen = await vscode.window.showErrorMessage(plain(`go install failed: ${problem(text)}`), 'Show Output')
    if (chosen) channel.show()
    return
  }
  await session.restart()
}

/** The line that says what is wrong, behind those that say what the go command does. */
function problem(text: string): string {
  const lines = text.split('\n')
  return lines.find((l) => !l.startsWith('go: downloading ')) ?? text
}

function goInstall(what: string, token: vscode.CancellationToken, channel: vscode.LogOutputChannel): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile('go', ['install', what], { timeout: 10 * 60_000 }, (error, _, stderr) => {
      if (stderr) channel.info(stderr.trimEnd())
      if (!error || token.isCancellationRequested) resolve()
      else if ('code' in error && error.code === 'ENOENT')
        reject(new Error('the go command is not in PATH; install Go from https://go.dev/dl'))
      else reject(new Error(stderr.trim() || error.message))
    })
    token.onCancellationRequested(() => child.kill())
  })
}
