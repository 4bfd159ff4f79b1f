// The tree "Inlining" in the side bar: packages, their functions by headroom with near
// misses on top, and their calls by status.
import * as vscode from 'vscode'
import { oneLine } from '../foreign.ts'
import { reveal } from '../place.ts'
import {
  type CallItem,
  type FunctionSummary,
  type FunctionsResult,
  type PackageFunctions,
  type Status,
  statuses,
} from '../protocol.ts'
import type { Session } from '../server/session.ts'
import { callSummary, headroom, lookOf, plural, summary } from '../words.ts'
import { nearMiss, nearMisses, type Order, sorted } from './order.ts'

type Node =
  | { kind: 'package'; of: PackageFunctions }
  | { kind: 'near' | 'functions' | 'calls'; of: PackageFunctions }
  | { kind: 'status'; of: PackageFunctions; status: Status }
  | { kind: 'function'; of: PackageFunctions; function: FunctionSummary; near: boolean }
  | { kind: 'call'; call: CallItem; name: string }

const orders: { order: Order; label: string }[] = [
  { order: 'headroom', label: 'By Headroom' },
  { order: 'calls', label: 'By Calls That Stayed' },
  { order: 'name', label: 'By Name' },
]

export class Tree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>()
  readonly onDidChangeTreeData = this.changed.event
  private readonly view: vscode.TreeView<Node>
  private readonly subscriptions: vscode.Disposable[]
  private readonly session: Session
  private readonly memory: vscode.Memento
  private timer: NodeJS.Timeout | undefined
  /** The state that was asked for last. */
  private drawn = ''
  private order: Order
  private readonly calls = new Map<string, Promise<CallItem[]>>()

  constructor(session: Session, memory: vscode.Memento) {
    this.session = session
    this.memory = memory
    this.order = memory.get<Order>('tree.order', 'headroom')
    this.view = vscode.window.createTreeView('inlinelens.tree', { treeDataProvider: this, showCollapseAll: true })
    this.subscriptions = [
      this.view,
      this.changed,
      session.onDidChange(() => this.refresh()),
      this.view.onDidChangeVisibility(() => this.refresh()),
      vscode.commands.registerCommand('inlinelens.tree.sort', () => this.sort()),
      vscode.commands.registerCommand('inlinelens.tree.reveal', (uri: string, range: CallItem['range']) =>
        reveal(uri, range),
      ),
      vscode.commands.registerCommand('inlinelens.tree.showCost', (node: Node) => {
        if (node.kind !== 'function') return
        const { uri, range } = node.function
        void reveal(uri, range).then(() =>
          vscode.commands.executeCommand('inlinelens.showCost', { textDocument: { uri }, position: range.start }),
        )
      }),
    ]
  }

  /**
   * Asks again soon, if the view is seen and something has changed; several changes at
   * once are one. The editor forgets a click that opens a node while all is drawn anew.
   */
  private refresh(): void {
    if (!this.view.visible || this.timer || this.drawn === this.state()) return
    this.timer = setTimeout(() => {
      this.timer = undefined
      // The editor asks by itself when it shows the view.
      if (this.drawn === this.state()) return
      this.calls.clear()
      this.changed.fire()
    }, 150)
  }

  /** What the contents depend on. */
  private state(): string {
    return JSON.stringify([this.session.phase, this.session.packages])
  }

  private async sort(): Promise<void> {
    const items = orders.map((o) => ({ ...o, ...(o.order === this.order ? { description: 'now' } : {}) }))
    const chosen = await vscode.window.showQuickPick(items, { title: 'Order of Functions' })
    if (!chosen) return
    this.order = chosen.order
    await this.memory.update('tree.order', this.order)
    this.changed.fire()
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!node) return this.packages()
    switch (node.kind) {
      case 'package': {
        const near = nearMisses(node.of.functions)
        return [
          ...(near.length > 0 ? [{ kind: 'near' as const, of: node.of }] : []),
          { kind: 'functions', of: node.of },
          { kind: 'calls', of: node.of },
        ]
      }
      case 'near':
        return nearMisses(node.of.functions).map((f) => ({ kind: 'function', of: node.of, function: f, near: true }))
      case 'functions':
        return sorted(node.of.functions, this.order).map((f) => ({
          kind: 'function',
          of: node.of,
          function: f,
          near: false,
        }))
      case 'calls':
        return statuses.filter((s) => node.of.calls[s]).map((status) => ({ kind: 'status', of: node.of, status }))
      case 'status': {
        const calls = await this.callsIn(node.of)
        return calls.filter((c) => c.status === node.status).map((call) => ({ kind: 'call', call, name: call.callee }))
      }
      case 'function': {
        const calls = await this.callsIn(node.of)
        return calls
          .filter((c) => c.callee === node.function.name && c.status !== 'eliminated')
          .map((call) => ({ kind: 'call', call, name: call.caller }))
      }
      case 'call':
        return []
    }
  }

  private async packages(): Promise<Node[]> {
    this.drawn = this.state()
    const result = await this.session.request<FunctionsResult>('inlinelens/functions', {}).catch(() => undefined)
    const packages = result?.packages ?? []
    this.view.message =
      packages.length === 0 && this.session.phase === 'running' ? 'Open a Go file to see its package here.' : ''
    return packages.map((of) => ({ kind: 'package', of }))
  }

  /** The calls of a package, asked for once until there are others. */
  private callsIn(p: PackageFunctions): Promise<CallItem[]> {
    let calls = this.calls.get(p.dir)
    if (!calls) {
      calls = this.session.request<CallItem[]>('inlinelens/packageCalls', { dir: p.dir }).then(
        (c) => c ?? [],
        () => [],
      )
      this.calls.set(p.dir, calls)
    }
    return calls
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const item = treeItem(node)
    item.id = idOf(node)
    const label = typeof item.label === 'string' ? item.label : ''
    // The icon tells a call's status; it cannot be read out.
    item.accessibilityInformation = {
      label: [label, item.description, node.kind === 'call' ? node.call.status : ''].filter(Boolean).join(', '),
    }
    return item
  }

  dispose(): void {
    clearTimeout(this.timer)
    for (const s of this.subscriptions) s.dispose()
  }
}

/** Names a node in the same way after a refresh, so that what is open stays open. */
function idOf(node: Node): string {
  switch (node.kind) {
    case 'call': {
      const { start } = node.call.range
      return `call ${node.name} ${node.call.uri} ${start.line}:${start.character} ${node.call.status} ${node.call.caller}`
    }
    case 'status':
      return `status ${node.of.dir} ${node.of.path} ${node.status}`
    case 'function':
      return `function ${node.of.dir} ${node.of.path} ${node.near} ${node.function.name} ${node.function.uri} ${node.function.range.start.line}`
    default:
      return `${node.kind} ${node.of.dir} ${node.of.path}`
  }
}

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState

function treeItem(node: Node): vscode.TreeItem {
  switch (node.kind) {
    case 'package': {
      const item = new vscode.TreeItem(oneLine(node.of.path), Expanded)
      const inlinable = node.of.functions.filter((f) => f.inlinable).length
      item.description =
        node.of.state === 'fresh' || node.of.state === 'stale'
          ? `${inlinable} of ${node.of.functions.length} inlinable`
          : node.of.state
      item.iconPath = new vscode.ThemeIcon('package')
      item.tooltip = oneLine(node.of.dir)
      return item
    }
    case 'near': {
      const item = new vscode.TreeItem('Near Misses', Expanded)
      item.description = String(nearMisses(node.of.functions).length)
      item.iconPath = new vscode.ThemeIcon('target', new vscode.ThemeColor('inlinelens.notInlined'))
      item.tooltip = `over the budget by ${nearMiss} at most`
      return item
    }
    case 'functions': {
      const item = new vscode.TreeItem('Functions', Collapsed)
      item.description = String(node.of.functions.length)
      item.iconPath = new vscode.ThemeIcon('symbol-function')
      return item
    }
    case 'calls': {
      const item = new vscode.TreeItem('Calls', Collapsed)
      const total = Object.values(node.of.calls).reduce((sum, n) => sum + n, 0)
      item.description = `${node.of.calls.inlined ?? 0} of ${total} inlined`
      item.iconPath = new vscode.ThemeIcon('call-incoming')
      return item
    }
    case 'status': {
      const look = lookOf(node.status)
      const item = new vscode.TreeItem(node.status, Collapsed)
      item.description = String(node.of.calls[node.status] ?? 0)
      item.iconPath = new vscode.ThemeIcon(look.icon, new vscode.ThemeColor(look.color))
      return item
    }
    case 'function': {
      const f = node.function
      const item = new vscode.TreeItem(oneLine(f.name), f.calls.total > 0 ? Collapsed : None)
      item.description = oneLine(summary(f))
      const near = (headroom(f) ?? 0) < 0 && (headroom(f) ?? 0) >= -nearMiss
      item.iconPath = f.inlinable
        ? new vscode.ThemeIcon('pass', new vscode.ThemeColor('inlinelens.inlined'))
        : new vscode.ThemeIcon(
            near ? 'target' : 'circle-large-outline',
            new vscode.ThemeColor(near ? 'inlinelens.notInlined' : 'inlinelens.dynamic'),
          )
      item.tooltip = f.reason ? oneLine(f.reason.message) : `${plural(f.calls.total, 'call')} in its package`
      item.contextValue = 'function'
      item.command = { command: 'inlinelens.tree.reveal', title: 'Go to Function', arguments: [f.uri, f.range] }
      return item
    }
    case 'call': {
      const { call } = node
      const look = lookOf(call.status)
      const item = new vscode.TreeItem(oneLine(node.name), None)
      item.description = oneLine(callSummary(call))
      item.iconPath = new vscode.ThemeIcon(look.icon, new vscode.ThemeColor(look.color))
      if (call.reason) item.tooltip = oneLine(call.reason.message)
      item.command = { command: 'inlinelens.tree.reveal', title: 'Go to Call', arguments: [call.uri, call.range] }
      return item
    }
  }
}
