// The extension's entry point: creates its parts and connects them.
import * as vscode from 'vscode'
import { advise } from './commands/advise.ts'
import { calls } from './commands/calls.ts'
import { explain } from './commands/explain.ts'
import { hints } from './commands/hints.ts'
import { nearMissList } from './commands/nearmisses.ts'
import { report } from './commands/report.ts'
import { server } from './commands/server.ts'
import { tags } from './commands/tags.ts'
import { CostView } from './cost/view.ts'
import { reveal } from './location.ts'
import type { Place } from './protocol.ts'
import { Session } from './server/session.ts'
import { StatusItem } from './status.ts'
import { Tree } from './tree/tree.ts'

/** The API of the extension, for tests. */
export interface Exports {
  session: Session
  cost: CostView
  tree: Tree
  status: StatusItem
}

export function activate(context: vscode.ExtensionContext): Exports {
  const channel = vscode.window.createOutputChannel('Inlinelens', { log: true })
  const session = new Session(context, channel)
  const cost = new CostView(session)
  const tree = new Tree(session, context.workspaceState)
  const status = new StatusItem(session)
  running = session
  context.subscriptions.push(
    channel,
    cost,
    tree,
    status,
    explain(session),
    advise(session),
    calls(session),
    hints(session),
    nearMissList(session),
    report(session),
    server(session, channel),
    tags(),
    // For rows and links, with a place as their argument.
    vscode.commands.registerCommand('inlinelens.reveal', ({ uri, range }: Place) => reveal(uri, range)),
  )
  void session.restart() // not awaited, as opening a file need not wait for the server
  return { session, cost, tree, status }
}

let running: Session | undefined

/** Ends the server. The editor waits for it. */
export async function deactivate(): Promise<void> {
  await running?.dispose()
}
