// "Mark Other Calls" and "Show or Hide Hints".
import * as vscode from 'vscode'
import { command } from '../generated.ts'
import type { HintState } from '../protocol.ts'
import type { Session } from '../server/session.ts'
import { hintWords, packageOf } from '../status.ts'

export function hints(session: Session): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(command.preset, async () => {
      const chosen = await session.execute<HintState>(command.preset)
      if (chosen) await tell(session, chosen.preset)
    }),
    vscode.commands.registerCommand(command.toggleHints, async () => {
      const now = await session.execute<{ shown: boolean }>(command.toggleHints)
      if (now) await tell(session)
    }),
  )
}

/** Shows which calls have hints now, once the server has told so with their counts. */
async function tell(session: Session, preset?: string): Promise<void> {
  await changed(session, () => preset === undefined || session.hints.preset === preset)
  const file = vscode.window.activeTextEditor?.document.uri.fsPath
  const p = file === undefined ? undefined : packageOf(session.packages, file)
  void vscode.window.setStatusBarMessage(
    `$(eye) Inlinelens: ${p ? hintWords(session.hints, p) : session.hints.title}`,
    5_000,
  )
}

/** Waits for the next change of the session after which something holds, for up to a second. */
function changed(session: Session, holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      subscription.dispose()
      resolve()
    }
    const timer = setTimeout(done, 1_000)
    const subscription = session.onDidChange(() => holds() && done())
  })
}
