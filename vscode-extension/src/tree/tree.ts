// The view in the side bar: packages, their near misses, functions and calls. What its rows
// are is in rows.ts.
import { dirname } from 'node:path'
import * as vscode from 'vscode'
import { oneLine } from '../escape.ts'
import { command, method } from '../generated.ts'
import { reveal } from '../location.ts'
import type { CallItem, FunctionsResult, PackageFunctions } from '../protocol.ts'
import type { Session } from '../server/session.ts'
import { type Grouping, groupings } from './group.ts'
import { type Order, orders } from './order.ts'
import { packageRows, type Row } from './rows.ts'

export class Tree implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>()
  readonly onDidChangeTreeData = this.changed.event
  private readonly view: vscode.TreeView<Row>
  private readonly subscriptions: vscode.Disposable[]
  private readonly session: Session
  private readonly memory: vscode.Memento
  private timer: NodeJS.Timeout | undefined
  /** The state for which children were requested last. */
  private requestedState = ''
  private order: Order
  private grouping: Grouping
  private filter = ''
  private packages: Row[] = []
  /** Whether the user has expanded rows, by id: the editor forgets that of rows that a filter takes away. */
  private readonly expanded = new Map<string, boolean>()
  private readonly calls = new Map<string, Promise<CallItem[]>>()

  constructor(session: Session, memory: vscode.Memento) {
    this.session = session
    this.memory = memory
    this.order = known(orders, memory.get('tree.order')) ?? 'gain'
    this.grouping = known(groupings, memory.get('tree.grouping')) ?? 'callee'
    this.view = vscode.window.createTreeView('inlinelens.tree', { treeDataProvider: this, showCollapseAll: true })
    this.subscriptions = [
      this.view,
      this.changed,
      session.onDidChange(() => this.refresh()),
      this.view.onDidChangeVisibility(() => this.refresh()),
      this.view.onDidExpandElement(({ element }) => this.expanded.set(element.id, true)),
      this.view.onDidCollapseElement(({ element }) => this.expanded.set(element.id, false)),
      vscode.window.onDidChangeActiveTextEditor(() => this.expandActive()),
      vscode.commands.registerCommand('inlinelens.tree.sort', () => this.sort()),
      vscode.commands.registerCommand('inlinelens.tree.group', () => this.group()),
      vscode.commands.registerCommand('inlinelens.tree.filter', () => this.askFilter()),
      vscode.commands.registerCommand('inlinelens.tree.clearFilter', () => this.setFilter('')),
      vscode.commands.registerCommand('inlinelens.tree.showCost', (row: Row) => {
        if (!row.function) return
        const { uri, range } = row.function
        void reveal(uri, range).then(() =>
          vscode.commands.executeCommand(command.showCost, { textDocument: { uri }, position: range.start }),
        )
      }),
    ]
  }

  /**
   * Has the view request its contents again if it is visible and something has changed.
   * Changes within a short time are one: a redraw would lose a click that expands a row.
   */
  private refresh(): void {
    if (!this.view.visible || this.timer || this.requestedState === this.state()) return
    this.timer = setTimeout(() => {
      this.timer = undefined
      // The editor requests the contents by itself when it shows the view.
      if (this.requestedState === this.state()) return
      this.forgetCalls()
      this.changed.fire()
    }, 150)
  }

  /** Has calls requested again, but for packages that are being compiled: they have the calls of before. */
  private forgetCalls(): void {
    for (const dir of this.calls.keys()) {
      if (this.session.packages.find((p) => p.dir === dir)?.state !== 'compiling') this.calls.delete(dir)
    }
  }

  /** What the contents of the view depend on. */
  private state(): string {
    return JSON.stringify([this.session.phase, this.session.packages])
  }

  private async sort(): Promise<void> {
    const order = await choose('Sort Functions and Calls By', orders, this.order)
    if (!order) return
    this.order = order
    await this.memory.update('tree.order', order)
    this.changed.fire()
  }

  private async group(): Promise<void> {
    const grouping = await choose('Group Calls By', groupings, this.grouping)
    if (!grouping) return
    this.grouping = grouping
    await this.memory.update('tree.grouping', grouping)
    this.changed.fire()
  }

  /** Has the user enter a filter, which is applied at every pause. Escape brings back the one before. */
  private askFilter(): void {
    const before = this.filter
    const input = vscode.window.createInputBox()
    input.title = 'Filter Functions and Calls'
    input.placeholder = 'Words in the name, the file or the reason'
    input.prompt = 'Shows what has all of these words. Empty shows everything.'
    input.value = before
    let timer: NodeJS.Timeout | undefined
    let accepted = false
    input.onDidChangeValue((value) => {
      clearTimeout(timer)
      timer = setTimeout(() => this.setFilter(value), 200)
    })
    input.onDidAccept(() => {
      accepted = true
      input.hide()
    })
    input.onDidHide(() => {
      clearTimeout(timer)
      this.setFilter(accepted ? input.value : before)
      input.dispose()
      if (accepted) void vscode.commands.executeCommand('inlinelens.tree.focus')
    })
    input.show()
  }

  private setFilter(text: string): void {
    const filter = text.trim()
    if (filter === this.filter) return
    this.filter = filter
    void vscode.commands.executeCommand('setContext', 'inlinelens.filtered', filter !== '')
    this.changed.fire()
  }

  async getChildren(row?: Row): Promise<Row[]> {
    return unique(row ? ((await row.children?.()) ?? []) : await this.root())
  }

  getParent(): undefined {
    return undefined // only packages are revealed
  }

  private async root(): Promise<Row[]> {
    this.requestedState = this.state()
    const result = await this.session.request<FunctionsResult>(method.functions, {}).catch(() => undefined)
    const packages = result?.packages ?? []
    this.view.message = this.message(packages.length)
    this.packages = packageRows({
      packages,
      active: this.active(),
      status: (dir) => this.session.packages.find((p) => p.dir === dir),
      calls: (p) => this.callsIn(p),
      order: this.order,
      grouping: this.grouping,
      filter: this.filter,
    })
    return this.packages
  }

  private message(packages: number): string {
    if (packages === 0) return this.session.phase === 'running' ? 'Open a Go file to see its package here.' : ''
    return this.filter ? `Filter: ${oneLine(this.filter)} (the icon above clears it)` : ''
  }

  /** The directory of the package of the active editor, or its file if that is compiled alone. */
  private active(): string | undefined {
    const file = vscode.window.activeTextEditor?.document.uri.fsPath
    if (file === undefined) return undefined
    return this.session.packages.some((p) => p.dir === file) ? file : dirname(file)
  }

  /** Expands the package of the active editor. The others stay as they are, and where they are. */
  private expandActive(): void {
    const active = this.active()
    const row = this.packages.find((r) => r.package === active)
    if (row && this.view.visible) void this.view.reveal(row, { expand: true, select: false, focus: false })
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

  getTreeItem(row: Row): vscode.TreeItem {
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState
    const expanded = this.expanded.get(row.id) ?? row.expanded
    const item = new vscode.TreeItem(row.label, row.children ? (expanded ? Expanded : Collapsed) : None)
    item.id = row.id
    item.description = row.description ?? ''
    if (row.icon) {
      const { icon, color } = row.icon
      item.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color))
    }
    // Screen readers do not read the icon.
    item.accessibilityInformation = {
      label: row.spoken ?? [row.label, row.description].filter(Boolean).join(', '),
    }
    if (row.function) item.contextValue = 'function'
    if (row.place) {
      const { uri, range } = row.place
      item.command = { command: 'inlinelens.reveal', title: 'Go to Code', arguments: [{ uri, range }] }
    } else if (row.command) item.command = { command: row.command, title: row.label }
    return item
  }

  resolveTreeItem(item: vscode.TreeItem, row: Row): vscode.TreeItem {
    if (row.tooltip) item.tooltip = new vscode.MarkdownString(row.tooltip())
    return item
  }

  dispose(): void {
    clearTimeout(this.timer)
    for (const s of this.subscriptions) s.dispose()
  }
}

/** Rows with ids that differ: //line directives can put several calls to one place. */
function unique(rows: Row[]): Row[] {
  const seen = new Set<string>()
  return rows.map((row) => {
    let id = row.id
    for (let n = 2; seen.has(id); n++) id = `${row.id} #${n}`
    seen.add(id)
    return id === row.id ? row : { ...row, id }
  })
}

/** A remembered choice, if there still is such a one. */
function known<K extends string>(choices: Record<K, unknown>, chosen: unknown): K | undefined {
  return typeof chosen === 'string' && Object.hasOwn(choices, chosen) ? (chosen as K) : undefined
}

async function choose<K extends string>(
  title: string,
  choices: Record<K, { label: string; detail: string }>,
  current: K,
): Promise<K | undefined> {
  const items = (Object.keys(choices) as K[]).map((key) => ({
    ...choices[key],
    key,
    ...(key === current ? { description: 'current' } : {}),
  }))
  return (await vscode.window.showQuickPick(items, { title }))?.key
}
