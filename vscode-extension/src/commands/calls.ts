// "List Calls": the calls in the function at the cursor, and the calls of it. Moving through
// the list shows each call in its file.
import * as vscode from 'vscode'
import { label, message, oneLine } from '../escape.ts'
import { statusIcon } from '../format.ts'
import { command, method } from '../generated.ts'
import { formatLocation, positionParams, reveal } from '../location.ts'
import type { CallItem, CallList } from '../protocol.ts'
import type { Session } from '../server/session.ts'

interface Item extends vscode.QuickPickItem {
  call?: CallItem
}

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
  const items: Item[] = []
  // The code lens counts the calls of its function, so these come first.
  if (list.calledFrom.length > 0) {
    items.push({ label: label(`calls of ${name}`), kind: vscode.QuickPickItemKind.Separator })
    items.push(...list.calledFrom.map((c) => item(c, c.caller)))
  }
  if (list.calls.length > 0) {
    items.push({ label: label(`calls in ${name}`), kind: vscode.QuickPickItemKind.Separator })
    items.push(...list.calls.map((c) => item(c, c.callee)))
  }
  const before = vscode.window.activeTextEditor
  const back = before && { editor: before, selection: before.selection, visible: before.visibleRanges[0] }
  const quick = vscode.window.createQuickPick<Item>()
  quick.title = oneLine(name)
  quick.placeholder = 'Select a call to go to'
  quick.matchOnDescription = true
  quick.matchOnDetail = true
  quick.items = items
  await new Promise<void>((resolve) => {
    let accepted = false
    // The first item is active from the start; the editor moves only when the user does.
    let moved = false
    quick.onDidChangeActive(([active]) => {
      if (moved && active?.call) void reveal(active.call.uri, active.call.range, true)
      moved = true
    })
    quick.onDidAccept(() => {
      accepted = true
      const call = quick.selectedItems[0]?.call
      quick.hide()
      if (call) void reveal(call.uri, call.range)
    })
    quick.onDidHide(() => {
      quick.dispose()
      if (!accepted && back) {
        void vscode.window
          .showTextDocument(back.editor.document, {
            viewColumn: back.editor.viewColumn ?? vscode.ViewColumn.Active,
            selection: back.selection,
          })
          .then((editor) => {
            if (back.visible) editor.revealRange(back.visible, vscode.TextEditorRevealType.AtTop)
          })
      }
      resolve()
    })
    quick.show()
  })
}

function item(call: CallItem, name: string): Item {
  const look = statusIcon(call.status)
  return {
    label: label(formatLocation(call.uri, call.range)),
    description: label(`${name} · ${call.label}`),
    ...(call.reason && !call.label.includes(call.reason.message) ? { detail: label(call.reason.message) } : {}),
    iconPath: new vscode.ThemeIcon(look.icon, new vscode.ThemeColor(look.color)),
    call,
  }
}
