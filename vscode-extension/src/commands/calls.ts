// "List Calls": the calls in the function at the cursor, and the calls of it. Moving through
// the list shows each call in its file.
import * as vscode from 'vscode'
import { label, message } from '../escape.ts'
import { figure, statusIcon } from '../format.ts'
import { command, method } from '../generated.ts'
import { formatLocation, positionParams } from '../location.ts'
import type { CallItem, CallList } from '../protocol.ts'
import type { Session } from '../server/session.ts'
import { type PlaceItem, pickPlace } from './pick.ts'

export function calls(session: Session): vscode.Disposable {
  return vscode.commands.registerCommand(command.showCalls, async (argument: unknown) => {
    const place = positionParams(argument)
    if (!place) return
    const list = await session.request<CallList>(method.calls, place)
    if (!list || list.calls.length + list.calledFrom.length === 0) {
      void vscode.window.showInformationMessage(
        list?.function
          ? message(`${list.function.name} calls nothing, and nothing in its package calls it.`)
          : 'No calls are known here. Put the cursor in a function whose package compiles.',
      )
      return
    }
    await pick(list)
  })
}

async function pick(list: CallList): Promise<void> {
  const name = list.function?.name ?? 'package variables'
  const items: PlaceItem[] = []
  // The code lens counts the calls of its function, so these come first.
  if (list.calledFrom.length > 0) {
    items.push({ label: label(`calls of ${name}`), kind: vscode.QuickPickItemKind.Separator })
    items.push(...list.calledFrom.map((c) => item(c, c.caller)))
  }
  if (list.calls.length > 0) {
    items.push({ label: label(`calls in ${name}`), kind: vscode.QuickPickItemKind.Separator })
    items.push(...list.calls.map((c) => item(c, c.callee)))
  }
  await pickPlace(name, 'Select a call to go to', items)
}

function item(call: CallItem, name: string): PlaceItem {
  const look = statusIcon(call.status)
  // Short words, as the list has room for 90 characters. The hover at the call has the sentence.
  const words = [call.status, figure(call)].filter(Boolean).join(' ')
  return {
    label: label(formatLocation(call.uri, call.range)),
    description: label(`${name} · ${words}`),
    iconPath: new vscode.ThemeIcon(look.icon, new vscode.ThemeColor(look.color)),
    place: call,
  }
}
