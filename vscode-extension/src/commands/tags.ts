// "Compile with Tags": build tags into the settings, for a file that they exclude. The
// server offers it at the file's package clause, and so does the status.
import * as vscode from 'vscode'
import { message } from '../foreign.ts'
import { withTags } from '../tags.ts'

export function tags(): vscode.Disposable {
  return vscode.commands.registerCommand('inlinelens.addTags', async (...given: unknown[]) => {
    const names = given.filter((tag): tag is string => typeof tag === 'string' && /^[\p{L}\p{N}_.]+$/u.test(tag))
    if (names.length === 0) return
    const settings = vscode.workspace.getConfiguration('inlinelens')
    const flags = withTags(settings.get<string[]>('build.flags', []), names)
    const target = vscode.workspace.workspaceFolders
      ? vscode.ConfigurationTarget.Workspace
      : vscode.ConfigurationTarget.Global
    await settings.update('build.flags', flags, target)
    const where = target === vscode.ConfigurationTarget.Workspace ? "the workspace's settings" : 'the settings'
    const chosen = await vscode.window.showInformationMessage(
      message(`Inlinelens: inlinelens.build.flags in ${where} is now ${JSON.stringify(flags)}.`),
      'Open Settings',
    )
    if (chosen) await vscode.commands.executeCommand('workbench.action.openSettings', 'inlinelens.build.flags')
  })
}
