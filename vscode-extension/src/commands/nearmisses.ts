// "Go to Near Miss": the functions that are a little over the budget, in the order of reports:
// those first that are worth most.
import * as vscode from 'vscode'
import { label } from '../escape.ts'
import { placeOf, plural } from '../format.ts'
import { method } from '../generated.ts'
import type { FunctionsResult } from '../protocol.ts'
import type { Session } from '../server/session.ts'
import { type NearMiss, nearMisses } from '../tree/order.ts'
import { type PlaceItem, pickPlace } from './pick.ts'

export function nearMissList(session: Session): vscode.Disposable {
  return vscode.commands.registerCommand('inlinelens.goToNearMiss', async () => {
    const result = await session.request<FunctionsResult>(method.functions, {})
    const packages = (result?.packages ?? []).map((p) => ({ path: p.path, near: nearMisses(p) }))
    const withNear = packages.filter((p) => p.near.length > 0)
    if (withNear.length === 0) {
      const compiling = session.packages.some((p) => p.state === 'compiling')
      void vscode.window.showInformationMessage(
        compiling
          ? 'The package is still being compiled.'
          : 'There are no near misses: no function of an open package is a little over the budget.',
      )
      return
    }
    const items = withNear.flatMap(({ path, near }): PlaceItem[] => [
      ...(withNear.length > 1 ? [{ label: label(path), kind: vscode.QuickPickItemKind.Separator }] : []),
      ...near.map(item),
    ])
    await pickPlace('Near Misses', 'Select a function to go to', items)
  })
}

function item(m: NearMiss): PlaceItem {
  return {
    label: label(m.of.name),
    description: label(`${m.over} over · ${plural(m.calls, 'call')} · ${placeOf(m.of)}`),
    iconPath: new vscode.ThemeIcon('target', new vscode.ThemeColor('inlinelens.notInlined')),
    place: m.of,
  }
}
