// "Compile with Tags": adds build tags to the settings, for a file that is excluded without
// them. The server offers it at the package clause, and the status item does too.
import * as vscode from 'vscode'
import { message } from '../escape.ts'
import { command, type SettingName, section } from '../generated.ts'
import { withTags } from '../tags.ts'

const flagsSetting: SettingName = 'build.flags'

export function tags(): vscode.Disposable {
  return vscode.commands.registerCommand(command.addTags, async (...given: unknown[]) => {
    const names = given.filter((tag): tag is string => typeof tag === 'string' && /^[\p{L}\p{N}_.]+$/u.test(tag))
    if (names.length === 0) return
    const settings = vscode.workspace.getConfiguration(section)
    const flags = withTags(settings.get<string[]>(flagsSetting, []), names)
    const target = vscode.workspace.workspaceFolders
      ? vscode.ConfigurationTarget.Workspace
      : vscode.ConfigurationTarget.Global
    await settings.update(flagsSetting, flags, target)
    const where = target === vscode.ConfigurationTarget.Workspace ? "the workspace's settings" : 'the settings'
    const chosen = await vscode.window.showInformationMessage(
      message(`${section}.${flagsSetting} in ${where} is now ${JSON.stringify(flags)}.`),
      'Open Settings',
    )
    if (chosen) await vscode.commands.executeCommand('workbench.action.openSettings', `${section}.${flagsSetting}`)
  })
}
