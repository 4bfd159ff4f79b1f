// The item in the status bar: the state of the package of the active editor, and which of
// its calls have hints. A click does what helps most: it goes to the error, or offers to
// choose other calls.

import { dirname } from 'node:path'
import * as vscode from 'vscode'
import { commandLink, hover, label, oneLine } from './escape.ts'
import { count, placeOf, plural } from './format.ts'
import { command } from './generated.ts'
import type { HintState, PackageStatus } from './protocol.ts'
import type { Session } from './server/session.ts'

export class StatusItem implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('inlinelens.status', vscode.StatusBarAlignment.Left, 0)
  private readonly subscriptions: vscode.Disposable[]
  private readonly session: Session
  /** Its text, as screen readers read it. */
  words = ''

  constructor(session: Session) {
    this.session = session
    this.item.name = 'Inlinelens'
    this.subscriptions = [
      this.item,
      session.onDidChange(() => this.update()),
      vscode.window.onDidChangeActiveTextEditor(() => this.update()),
    ]
    this.update()
  }

  private update(): void {
    const document = vscode.window.activeTextEditor?.document
    if (document?.languageId !== 'go' || document.uri.scheme !== 'file') {
      this.item.hide()
      return
    }
    const file = document.uri.fsPath
    const state = stateOf(this.session, packageOf(this.session.packages, file), file)
    this.item.text = `${state.icon} Inlining: ${label(clip(state.text))}`
    this.item.backgroundColor = state.color && new vscode.ThemeColor(`statusBarItem.${state.color}Background`)
    this.item.command = state.command
    this.item.tooltip = tooltip(state)
    this.words = [`Inlining: ${state.text}`, ...state.details].map(oneLine).join('. ')
    this.item.accessibilityInformation = { label: `Inlinelens: ${this.words}`, role: 'button' }
    this.item.show()
  }

  dispose(): void {
    for (const s of this.subscriptions) s.dispose()
  }
}

/** The status of a file's package; of the file, if it is compiled alone. */
export function packageOf(packages: readonly PackageStatus[], file: string): PackageStatus | undefined {
  return packages.find((p) => p.dir === file) ?? packages.find((p) => p.dir === dirname(file))
}

/** What the item says. Texts are plain, not yet escaped. */
interface State {
  icon: string
  text: string
  /** Sentences for the tooltip. */
  details: string[]
  color?: 'warning' | 'error'
  command: vscode.Command
}

const showOutput: vscode.Command = { command: 'inlinelens.showOutput', title: 'Show Output of Server' }
const choosePreset: vscode.Command = { command: 'inlinelens.choosePreset', title: 'Choose Which Calls Have Hints' }
const openReport: vscode.Command = { command: 'inlinelens.openReport', title: 'Open Report of Package' }
const showView: vscode.Command = { command: 'inlinelens.tree.focus', title: 'Show Inlinelens View' }

function stateOf(session: Session, p: PackageStatus | undefined, file: string): State {
  switch (session.phase) {
    case 'untrusted':
      return {
        icon: '$(warning)',
        text: 'not started',
        details: ['The workspace is not trusted'],
        color: 'warning',
        command: { command: 'workbench.trust.manage', title: 'Manage Workspace Trust' },
      }
    case 'missing':
      return {
        icon: '$(warning)',
        text: 'no server',
        details: ['The program inlinelens was not found'],
        color: 'warning',
        command: { command: 'inlinelens.installServer', title: 'Install Server' },
      }
    case 'ended':
      return {
        icon: '$(error)',
        text: 'stopped',
        details: ['The server ended repeatedly'],
        color: 'error',
        command: { command: 'inlinelens.restart', title: 'Restart Server' },
      }
    case 'starting':
      return { icon: '$(sync~spin)', text: 'starting', details: [], command: showOutput }
    case 'running':
      return p
        ? packageState(session.hints, p, file)
        : { icon: '$(info)', text: 'no results', details: ['This file is not compiled'], command: showOutput }
  }
}

function packageState(hints: HintState, p: PackageStatus, file: string): State {
  const name = p.path ?? p.dir
  if (p.state === 'failed') return failedState(p, name)
  const noted = p.files?.find((f) => vscode.Uri.parse(f.uri).fsPath === file)
  if (noted && p.state !== 'compiling') {
    const { note, tags } = noted
    return {
      icon: '$(info)',
      text: 'no verdicts',
      details: [note],
      command: tags
        ? { command: command.addTags, title: `Compile with -tags=${tags.join(',')}`, arguments: tags }
        : showOutput,
    }
  }
  const target = p.goos ? `${p.go} ${p.goos}/${p.goarch}` : (p.go ?? '')
  const shown = hintWords(hints, p)
  switch (p.state) {
    case 'compiling':
      return { icon: '$(sync~spin)', text: 'compiling', details: [name], command: showOutput }
    case 'stale':
      return {
        icon: '$(history)',
        text: `unsaved edits · ${shown}`,
        details: [name, 'Save to compile the edits', target].filter(Boolean),
        command: choosePreset,
      }
    case 'fresh':
      return {
        icon: '$(check)',
        text: shown,
        details: [
          name,
          `Fresh: compiled in ${count(p.tookMs)} ms`,
          target,
          p.partial ? 'Reasons in other packages are still to come' : '',
        ].filter(Boolean),
        command: choosePreset,
      }
  }
}

function failedState(p: PackageStatus, name: string): State {
  const at = p.error?.location
  const message = p.error?.message ?? 'the output says why'
  const more = (p.errors ?? 1) - 1
  return {
    icon: '$(error)',
    // Where only the tests do not compile, there are calls of the rest.
    text: `${p.calls > 0 ? 'tests do not compile' : 'does not compile'}: ${message}`,
    details: [name, at ? placeOf(at) : '', more > 0 ? plural(more, 'more error') : ''].filter(Boolean),
    color: 'error',
    command: at ? { command: 'inlinelens.reveal', title: 'Go to Error', arguments: [at] } : showOutput,
  }
}

/** Which calls of a package have hints: "what stays: 412 of 1,393". */
export function hintWords({ preset, title }: HintState, p: PackageStatus): string {
  return preset === 'off' ? title : `${title}: ${count(p.hinted)} of ${count(p.calls)}`
}

/** The longest text that the status bar has room for beside other items. */
const longest = 60

function clip(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1).trimEnd()}…` : text
}

function tooltip(state: State): vscode.MarkdownString {
  const links = [state.command, choosePreset, openReport, showView, showOutput]
  const unique = links.filter((l, i) => links.findIndex((other) => other.command === l.command) === i)
  const text = new vscode.MarkdownString(
    [
      `**Inlinelens**: ${hover(state.text)}`,
      state.details.map(hover).join('  \n'),
      unique.map((l) => commandLink(l.title, l.command, l.arguments)).join('  \n'),
    ]
      .filter(Boolean)
      .join('\n\n'),
  )
  text.isTrusted = { enabledCommands: unique.map((l) => l.command) }
  return text
}
