// What the server says beyond the language server protocol; docs/editor.md has it in
// words. Positions are those of the protocol: lines and UTF-16 columns, 0-based.
import type { Location, Position, Range } from 'vscode-languageclient/node'

/** What a request or a command is about: a position in a document. */
export interface Place {
  textDocument: { uri: string }
  position: Position
}

export type State = 'compiling' | 'fresh' | 'stale' | 'failed'

/** The params of the notification inlinelens/status. */
export interface StatusParams {
  packages: PackageStatus[]
}

/** What is known of the package in a directory with open files. */
export interface PackageStatus {
  dir: string
  path?: string
  state: State
  partial?: boolean
  error?: { message: string; location?: Location }
  errors?: number
  /** Open files without verdicts, and the build tags that they need, if that is why. */
  files?: { uri: string; note: string; tags?: string[] }[]
  go?: string
  goos?: string
  goarch?: string
  tookMs: number
}

/** A call's status; the order is that in which they are listed. */
export const statuses = ['not-inlined', 'mixed', 'dynamic', 'unknown', 'inlined', 'intrinsic', 'eliminated'] as const
export type Status = (typeof statuses)[number]

export interface Reason {
  code: string
  op?: string
  message: string
  location?: Location
}

/** The answer to inlinelens/calls. */
export interface CallList {
  function?: FunctionItem
  calls: CallItem[]
  calledFrom: CallItem[]
}

export interface FunctionItem {
  name: string
  range: Range
  selectionRange: Range
  known: boolean
  inlinable: boolean
  cost?: number
  budget?: number
  reason?: Reason
}

export interface CallItem {
  uri: string
  range: Range
  caller: string
  callee: string
  status: Status
  via?: string
  label: string
  cost?: number
  budget?: number
  reason?: Reason
  calleeLocation?: Location
}

/** The answer to inlinelens/cost: the cost of one function, taken apart. */
export interface Breakdown {
  uri: string
  function: string
  range: Range
  cost: number
  budget: number
  /** Whether cost is the number that the compiler printed. */
  printed: boolean
  inlinable: boolean
  reason?: string
  /** What of cost no line has. */
  unexplained?: number
  lines: CostLine[]
  blockers?: { range: Range; op: string }[]
}

export interface CostLine {
  line: number
  cost: number
  /** The costs of the lines up to this one, and this one. */
  total: number
  /** Whether total exceeds the budget. */
  over: boolean
  text: string
  parts?: CostPart[]
}

export interface CostPart {
  range: Range
  cost: number
  what: string
  callee?: string
  note?: string
  target?: Location
}

/** The answer to inlinelens/functions. */
export interface FunctionsResult {
  packages: PackageFunctions[]
}

export interface PackageFunctions {
  path: string
  dir: string
  state: State
  functions: FunctionSummary[]
  calls: Partial<Record<Status, number>>
}

export interface FunctionSummary {
  name: string
  uri: string
  range: Range
  inlinable: boolean
  known: boolean
  cost?: number
  budget?: number
  reason?: { code: string; message: string }
  /** How many calls of it there are in its package, and how many were inlined. */
  calls: { total: number; inlined: number }
}
