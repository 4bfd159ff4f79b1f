// Which calls have hints: the next preset, a preset of the user's choice, all or none.
import * as vscode from 'vscode'
import { command, presets } from '../generated.ts'
import type { Session } from '../server/session.ts'

export function hints(session: Session): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(command.preset, () => session.execute(command.preset)),
    vscode.commands.registerCommand('inlinelens.choosePreset', async () => {
      const items = presets.map((p) => ({
        label: `${p.title.charAt(0).toUpperCase()}${p.title.slice(1)}`,
        detail: p.doc.replaceAll('`', ''),
        name: p.name,
        ...(p.name === session.hints.preset ? { description: 'current' } : {}),
      }))
      const chosen = await vscode.window.showQuickPick(items, { title: 'Calls That Have Hints', matchOnDetail: true })
      if (chosen) await session.execute(command.preset, chosen.name)
    }),
    vscode.commands.registerCommand(command.toggleHints, () => session.execute(command.toggleHints)),
  )
}
