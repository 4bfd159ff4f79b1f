// The language status item: the state of the package of the active editor.

import { dirname } from 'node:path'
import * as vscode from 'vscode'
import { detail, oneLine } from './escape.ts'
import { command } from './generated.ts'
import type { HintState, PackageStatus } from './protocol.ts'
import type { Session } from './server/session.ts'

const selector: vscode.DocumentSelector = { scheme: 'file', language: 'go' }

export class StatusItem implements vscode.Disposable {
  private readonly item = vscode.languages.createLanguageStatusItem('inlinelens.status', selector)
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
    const file = vscode.window.activeTextEditor?.document.uri.fsPath
    const p = file === undefined ? undefined : packageOf(this.session.packages, file)
    const words = wordsOf(this.session, p, file)
    this.item.text = words.text
    this.item.detail = detail(words.detail)
    this.item.busy = words.busy ?? false
    this.item.severity = words.severity ?? vscode.LanguageStatusSeverity.Information
    this.item.command = words.command
    this.words = [plainText(words.text), oneLine(words.detail)].filter(Boolean).join('. ')
    this.item.accessibilityInformation = { label: `Inlinelens: ${this.words}` }
  }

  dispose(): void {
    for (const s of this.subscriptions) s.dispose()
  }
}

/** The status of a file's package; of the file, if it is compiled alone. */
export function packageOf(packages: readonly PackageStatus[], file: string): PackageStatus | undefined {
  return packages.find((p) => p.dir === file) ?? packages.find((p) => p.dir === dirname(file))
}

interface Words {
  text: string
  /** Plain text, not yet escaped. */
  detail: string
  busy?: boolean
  severity?: vscode.LanguageStatusSeverity
  command: vscode.Command
}

const showOutput: vscode.Command = { command: 'inlinelens.showOutput', title: 'Show Output' }

function wordsOf(session: Session, p: PackageStatus | undefined, file: string | undefined): Words {
  const warning = vscode.LanguageStatusSeverity.Warning
  switch (session.phase) {
    case 'untrusted':
      return {
        text: 'Inlining: not started',
        detail: 'the workspace is not trusted',
        severity: warning,
        command: { command: 'workbench.trust.manage', title: 'Manage Trust' },
      }
    case 'missing':
      return {
        text: 'Inlining: no server',
        detail: 'the program inlinelens was not found',
        severity: warning,
        command: { command: 'inlinelens.installServer', title: 'Install' },
      }
    case 'ended':
      return {
        text: 'Inlining: stopped',
        detail: 'the server ended repeatedly',
        severity: vscode.LanguageStatusSeverity.Error,
        command: { command: 'inlinelens.restart', title: 'Restart' },
      }
    case 'starting':
      return { text: 'Inlining: starting', detail: '', busy: true, command: showOutput }
    case 'running':
      return p
        ? packageWords(session, p, file)
        : { text: 'Inlining: no results', detail: 'this file is not compiled', command: showOutput }
  }
}

function packageWords(session: Session, p: PackageStatus, file: string | undefined): Words {
  const name = p.path ?? p.dir
  switch (p.state) {
    case 'compiling':
      return { text: 'Inlining: compiling', detail: name, busy: true, command: showOutput }
    case 'failed': {
      const more = (p.errors ?? 1) > 1 ? ` (and ${(p.errors ?? 1) - 1} more)` : ''
      const at = p.error?.location
      return {
        text: 'Inlining: does not compile',
        detail: (p.error?.message ?? 'see the output for the reason') + more,
        severity: vscode.LanguageStatusSeverity.Error,
        command: at
          ? {
              command: 'vscode.open',
              title: 'Go to Error',
              arguments: [
                vscode.Uri.parse(at.uri),
                {
                  selection: new vscode.Range(
                    at.range.start.line,
                    at.range.start.character,
                    at.range.start.line,
                    at.range.start.character,
                  ),
                },
              ],
            }
          : showOutput,
      }
    }
    case 'fresh':
    case 'stale': {
      const noted = p.files?.find((f) => vscode.Uri.parse(f.uri).fsPath === file)
      if (noted) {
        const { note, tags } = noted
        return {
          text: '$(info) Inlining: no verdicts',
          detail: note,
          command: tags
            ? { command: command.addTags, title: `Compile with -tags=${tags.join(',')}`, arguments: tags }
            : showOutput,
        }
      }
      const target = p.goos ? `${p.go} ${p.goos}/${p.goarch}` : p.go
      const detail = [
        p.state === 'stale' ? 'save to compile' : `${p.tookMs} ms`,
        target,
        p.partial ? 'other packages pending' : '',
        hintWords(session.hints, p),
      ]
      return {
        text: p.state === 'fresh' ? '$(check) Inlining: fresh' : '$(history) Inlining: unsaved edits',
        detail: detail.filter(Boolean).join(' · '),
        command: { command: command.preset, title: 'Mark Other Calls' },
      }
    }
  }
}

/** Which calls of a package have hints: "what stays: 412 of 1,393 calls". */
export function hintWords({ preset, title }: HintState, p: PackageStatus): string {
  if (preset === 'off') return title
  const [hinted, calls] = [p.hinted, p.calls].map((n) => n.toLocaleString('en-US'))
  return `${title}: ${hinted} of ${calls} calls`
}

/** The text without icons, for screen readers. */
function plainText(text: string): string {
  return text.replace(/\$\([^)]*\) ?/g, '')
}
