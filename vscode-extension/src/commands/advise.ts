// Waits for the changes that make a function inlinable, while they are being tried, and
// opens the menu of code actions again, which has them then.
import * as vscode from 'vscode'
import { command } from '../generated.ts'
import { positionParams } from '../location.ts'
import type { Session } from '../server/session.ts'

/** The result of the server's command. */
interface Advice {
  offers: number
  why: string
}

export function advise(session: Session): vscode.Disposable {
  return vscode.commands.registerCommand(command.advise, async (argument: unknown) => {
    const place = positionParams(argument)
    if (!place) return
    // The server shows progress, which the user may cancel.
    const advice = await session.execute<Advice>(command.advise, place)
    if (!advice) return
    if (advice.offers === 0) {
      void vscode.window.showInformationMessage(`Inlinelens: no change makes it inlinable: ${advice.why}`)
      return
    }
    await vscode.commands.executeCommand('editor.action.codeAction', { kind: 'refactor', apply: 'never' })
  })
}
