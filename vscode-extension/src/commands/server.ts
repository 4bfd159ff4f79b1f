// Commands that control the server.
import * as vscode from 'vscode'
import { command } from '../generated.ts'
import { install } from '../server/install.ts'
import type { Session } from '../server/session.ts'

export function server(session: Session, channel: vscode.LogOutputChannel): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('inlinelens.restart', () => session.restart()),
    vscode.commands.registerCommand(command.recompile, () => session.execute(command.recompile)),
    vscode.commands.registerCommand('inlinelens.showOutput', () => channel.show()),
    vscode.commands.registerCommand('inlinelens.installServer', () => install(session, channel)),
  )
}
