// Positions and ranges of the protocol, from the editor and in the editor.
import * as vscode from 'vscode'
import type { Range, TextDocumentPositionParams } from 'vscode-languageclient/node'

/** The position that a command got as its argument, or else the cursor's in a Go file. */
export function positionParams(argument: unknown): TextDocumentPositionParams | undefined {
  if (isPositionParams(argument)) return argument
  const editor = vscode.window.activeTextEditor
  if (editor?.document.languageId !== 'go' || editor.document.uri.scheme !== 'file') {
    void vscode.window.showInformationMessage('Open a Go file first.')
    return undefined
  }
  const { line, character } = editor.selection.active
  return { textDocument: { uri: uriOf(editor.document.uri) }, position: { line, character } }
}

function isPositionParams(value: unknown): value is TextDocumentPositionParams {
  if (typeof value !== 'object' || value === null) return false
  const { textDocument, position } = value as Partial<TextDocumentPositionParams>
  return typeof textDocument?.uri === 'string' && typeof position?.line === 'number'
}

/** A file's URI as the client writes it. */
export function uriOf(uri: vscode.Uri): string {
  return uri.toString()
}

export function rangeOf(r: Range): vscode.Range {
  return new vscode.Range(r.start.line, r.start.character, r.end.line, r.end.character)
}

/** Opens a file with the cursor at the start of a range. */
export async function reveal(uri: string, range: Range, preserveFocus = false): Promise<vscode.TextEditor> {
  // Not in the column of the page with an explanation.
  const viewColumn =
    (vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0])?.viewColumn ?? vscode.ViewColumn.One
  const start = new vscode.Position(range.start.line, range.start.character)
  const editor = await vscode.window.showTextDocument(vscode.Uri.parse(uri), {
    viewColumn,
    preserveFocus,
    preview: preserveFocus,
    selection: new vscode.Range(start, start),
  })
  editor.revealRange(rangeOf(range), vscode.TextEditorRevealType.InCenterIfOutsideViewport)
  return editor
}

/** A file and a 1-based line, for display. */
export function formatLocation(uri: string, range: Range): string {
  return `${vscode.workspace.asRelativePath(vscode.Uri.parse(uri))}:${range.start.line + 1}`
}
