// The commands about the server itself.
import * as vscode from 'vscode'
import { install } from '../server/install.ts'
import type { Session } from '../server/session.ts'

export function server(session: Session, channel: vscode.LogOutputChannel): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('inlinelens.restart', () => session.restart()),
    vscode.commands.registerCommand('inlinelens.recompile', () => session.execute('inlinelens.recompile')),
    vscode.commands.registerCommand('inlinelens.showOutput', () => channel.show()),
    vscode.commands.registerCommand('inlinelens.installServer', () => install(session, channel)),
  )
}
