// A list of places to go to. Moving through the list shows each place in its file; Escape
// leads back to where the cursor was.
import * as vscode from 'vscode'
import { oneLine } from '../escape.ts'
import { reveal } from '../location.ts'
import type { Place } from '../protocol.ts'

export interface PlaceItem extends vscode.QuickPickItem {
  place?: Place
}

/** Shows the list, and returns when it is closed. */
export async function pickPlace(title: string, placeholder: string, items: PlaceItem[]): Promise<void> {
  const before = vscode.window.activeTextEditor
  const back = before && { editor: before, selection: before.selection, visible: before.visibleRanges[0] }
  const quick = vscode.window.createQuickPick<PlaceItem>()
  quick.title = oneLine(title)
  quick.placeholder = placeholder
  quick.matchOnDescription = true
  quick.matchOnDetail = true
  quick.items = items
  await new Promise<void>((resolve) => {
    let accepted = false
    // The first item is active from the start; the editor moves only when the user does.
    let moved = false
    quick.onDidChangeActive(([active]) => {
      if (moved && active?.place) void reveal(active.place.uri, active.place.range, true)
      moved = true
    })
    quick.onDidAccept(() => {
      accepted = true
      const place = quick.selectedItems[0]?.place
      quick.hide()
      if (place) void reveal(place.uri, place.range)
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
