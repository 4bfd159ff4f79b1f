// "Show or Hide Hints" and "Hints at Other Calls".
import * as vscode from 'vscode'
import type { Session } from '../server/session.ts'

export function hints(session: Session): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('inlinelens.toggleHints', async () => {
      const now = await session.execute<{ shown: boolean }>('inlinelens.toggleHints')
      if (!now) return
      session.setHidden(!now.shown)
      tell(now.shown ? `hints at ${session.shown.name}` : 'hints are hidden')
    }),
    vscode.commands.registerCommand('inlinelens.cycleHints', () => {
      session.cycle()
      tell(`hints at ${session.shown.name}`)
    }),
  )
}

function tell(what: string): void {
  void vscode.window.setStatusBarMessage(`$(eye) Inlinelens: ${what}`, 5_000)
}
