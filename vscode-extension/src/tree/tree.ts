// The view "Inlining" in the side bar: packages, their functions by headroom, near misses
// first, and their calls by status.
import * as vscode from 'vscode'
import { oneLine } from '../escape.ts'
import { callSummary, headroom, listedStatuses, plural, statusIcon, summary } from '../format.ts'
import { command, method, type Status } from '../generated.ts'
import { reveal } from '../location.ts'
import type { CallItem, FunctionSummary, FunctionsResult, PackageFunctions } from '../protocol.ts'
import type { Session } from '../server/session.ts'
import { nearMiss, nearMisses, type Order, sorted } from './order.ts'

type Node =
  | { kind: 'package'; of: PackageFunctions }
  | { kind: 'near' | 'functions' | 'calls'; of: PackageFunctions }
  | { kind: 'status'; of: PackageFunctions; status: Status }
  | { kind: 'function'; of: PackageFunctions; function: FunctionSummary; near: boolean }
  | { kind: 'call'; call: CallItem; name: string }

const orders: { order: Order; label: string }[] = [
  { order: 'headroom', label: 'Headroom' },
  { order: 'calls', label: 'Calls Not Inlined' },
  { order: 'name', label: 'Name' },
]

export class Tree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>()
  readonly onDidChangeTreeData = this.changed.event
  private readonly view: vscode.TreeView<Node>
  private readonly subscriptions: vscode.Disposable[]
  private readonly session: Session
  private readonly memory: vscode.Memento
  private timer: NodeJS.Timeout | undefined
  /** The state for which children were requested last. */
  private requestedState = ''
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
          vscode.commands.executeCommand(command.showCost, { textDocument: { uri }, position: range.start }),
        )
      }),
    ]
  }

  /**
   * Has the view request its contents again if it is visible and something has changed.
   * Changes within a short time are one: a redraw would lose a click that expands a node.
   */
  private refresh(): void {
    if (!this.view.visible || this.timer || this.requestedState === this.state()) return
    this.timer = setTimeout(() => {
      this.timer = undefined
      // The editor requests the contents by itself when it shows the view.
      if (this.requestedState === this.state()) return
      this.calls.clear()
      this.changed.fire()
    }, 150)
  }

  /** What the contents of the view depend on. */
  private state(): string {
    return JSON.stringify([this.session.phase, this.session.packages])
  }

  private async sort(): Promise<void> {
    const items = orders.map((o) => ({ ...o, ...(o.order === this.order ? { description: 'current' } : {}) }))
    const chosen = await vscode.window.showQuickPick(items, { title: 'Sort Functions By' })
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
        return listedStatuses.filter((s) => node.of.calls[s]).map((status) => ({ kind: 'status', of: node.of, status }))
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
    this.requestedState = this.state()
    const result = await this.session.request<FunctionsResult>(method.functions, {}).catch(() => undefined)
    const packages = result?.packages ?? []
    this.view.message =
      packages.length === 0 && this.session.phase === 'running' ? 'Open a Go file to see its package here.' : ''
    return packages.map((of) => ({ kind: 'package', of }))
  }

  /** The calls of a package, requested once until something changes. */
  private callsIn(p: PackageFunctions): Promise<CallItem[]> {
    let calls = this.calls.get(p.dir)
    if (!calls) {
      calls = this.session.request<CallItem[]>(method.packageCalls, { dir: p.dir }).then(
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
    // Screen readers do not read the icon, which shows a call's status.
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

/** An id that is the same after a refresh, so that expanded nodes stay expanded. */
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
      item.tooltip = `At most ${nearMiss} over the budget`
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
      const look = statusIcon(node.status)
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
      const look = statusIcon(call.status)
      const item = new vscode.TreeItem(oneLine(node.name), None)
      item.description = oneLine(callSummary(call))
      item.iconPath = new vscode.ThemeIcon(look.icon, new vscode.ThemeColor(look.color))
      if (call.reason) item.tooltip = oneLine(call.reason.message)
      item.command = { command: 'inlinelens.tree.reveal', title: 'Go to Call', arguments: [call.uri, call.range] }
      return item
    }
  }
}
