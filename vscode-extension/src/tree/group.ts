// Groups of calls, as the view and the report show them: a package may have thousands.

import { fileOf } from '../format.ts'
import type { CallItem } from '../protocol.ts'
import { withoutTypes } from './name.ts'

export type Grouping = 'callee' | 'reason' | 'file'

/** The groupings, in the words of the list to choose from. */
export const groupings: Record<Grouping, { label: string; detail: string }> = {
  callee: { label: 'Callee', detail: 'What is called, with the number of calls' },
  reason: { label: 'Reason', detail: 'Why the calls were not inlined' },
  file: { label: 'File', detail: 'The file that has the calls' },
}

export interface Group {
  name: string
  calls: CallItem[]
}

export function grouped(calls: readonly CallItem[], by: Grouping): Group[] {
  const groups = new Map<string, Group>()
  for (const call of calls) {
    const [key, name] = keys[by](call)
    const group = groups.get(key)
    if (group) group.calls.push(call)
    else groups.set(key, { name, calls: [call] })
  }
  return [...groups.values()]
}

/** What tells groups apart, and what they are called. */
const keys: Record<Grouping, (c: CallItem) => [key: string, name: string]> = {
  callee: (c) => {
    const name = withoutTypes(c.callee)
    return [name, name]
  },
  reason: (c) => {
    const code = c.reason?.code ?? c.status
    return [code, code]
  },
  file: (c) => [c.uri, fileOf(c.uri)],
}
