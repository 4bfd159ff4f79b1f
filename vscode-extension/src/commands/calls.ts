// "List Calls": the calls in the function at the cursor, and those of it. Walking the
// list shows each in its file.
import * as vscode from 'vscode'
import { label, message, oneLine } from '../foreign.ts'
import { placeOf, placeWords, reveal } from '../place.ts'
import type { CallItem, CallList } from '../protocol.ts'
import type { Session } from '../server/session.ts'
import { lookOf } from '../words.ts'

interface Item extends vscode.QuickPickItem {
  call?: CallItem
}

export function calls(session: Session): vscode.Disposable {
  return vscode.commands.registerCommand('inlinelens.showCalls', async (argument: unknown) => {
    const place = placeOf(argument)
    if (!place) return
    const list = await session.request<CallList>('inlinelens/calls', place)
    if (!list || list.calls.length + list.calledFrom.length === 0) {
      void vscode.window.showInformationMessage(
        list?.function
          ? message(`Inlinelens: ${list.function.name} has no calls, and none in its package call it.`)
          : 'Inlinelens: nothing is known here. Is the cursor in a function, and its package compiled?',
      )
      return
    }
    await pick(list)
  })
}

async function pick(list: CallList): Promise<void> {
  const name = list.function?.name ?? 'package variables'
  const items: Item[] = []
  // A lens is about the calls of its function, so they come first.
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
  quick.placeholder = 'a call to go to'
  quick.matchOnDescription = true
  quick.matchOnDetail = true
  quick.items = items
  await new Promise<void>((resolve) => {
    let accepted = false
    // The first item is active at once: nothing moves before the user does.
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
  const look = lookOf(call.status)
  return {
    label: label(name),
    description: label(`${call.label} — ${placeWords(call.uri, call.range)}`),
    ...(call.reason && !call.label.includes(call.reason.message) ? { detail: label(call.reason.message) } : {}),
    iconPath: new vscode.ThemeIcon(look.icon, new vscode.ThemeColor(look.color)),
    call,
  }
}
