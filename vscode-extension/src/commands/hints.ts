// "Show or Hide Hints" and "Change Which Calls Have Hints".
import * as vscode from 'vscode'
import { command } from '../generated.ts'
import type { Session } from '../server/session.ts'

export function hints(session: Session): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(command.toggleHints, async () => {
      const now = await session.execute<{ shown: boolean }>(command.toggleHints)
      if (!now) return
      session.setHidden(!now.shown)
      showMessage(now.shown ? `hints at ${session.hintSet.name}` : 'hints hidden')
    }),
    vscode.commands.registerCommand('inlinelens.cycleHints', () => {
      session.nextHintSet()
      showMessage(`hints at ${session.hintSet.name}`)
    }),
  )
}

function showMessage(what: string): void {
  void vscode.window.setStatusBarMessage(`$(eye) Inlinelens: ${what}`, 5_000)
}
