// Types of the methods that the server adds to the Language Server Protocol, which
// docs/editor.md describes. Positions are LSP's: lines and UTF-16 columns, 0-based.
import type { Location, Range } from 'vscode-languageclient/node'
import type { ReasonCode, State, Status } from './generated.ts'

/** A file and a place in it; what has more is one, too. */
export interface Place {
  uri: string
  range: Range
}

/** The params of the notification inlinelens/status. */
export interface StatusParams {
  hints: HintState
  packages: PackageStatus[]
}

/** The status of the package in a directory with open files. */
export interface PackageStatus {
  dir: string
  path?: string
  state: State
  partial?: boolean
  error?: { message: string; location?: Location }
  errors?: number
  /** Open files without verdicts, and the build tags that would include them. */
  files?: { uri: string; note: string; tags?: string[] }[]
  go?: string
  goos?: string
  goarch?: string
  tookMs: number
  /** The calls of the package, and those that get a hint. */
  calls: number
  hinted: number
}

/** Which calls have hints: a preset and its title. The preset is "" if the settings differ from all. */
export interface HintState {
  preset: string
  title: string
}

export interface Reason {
  code: ReasonCode
  op?: string
  /** The fewest words that tell it from the others: "defer". */
  words: string
  message: string
  location?: Location
}

/** The result of inlinelens/calls. */
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

/** The result of inlinelens/cost: the cost of a function, line by line. */
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
  /** The part of cost that belongs to no line. */
  unexplained?: number
  lines: CostLine[]
  blockers?: { range: Range; op: string }[]
}

export interface CostLine {
  line: number
  cost: number
  /** The cost of the lines up to and including this one. */
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
  /** What it is, in short words: its callee, or its kind. */
  name: string
  callee?: string
  note?: string
  target?: Location
}

/** The result of inlinelens/functions. */
export interface FunctionsResult {
  packages: PackageFunctions[]
}

export interface PackageFunctions {
  path: string
  dir: string
  state: State
  functions: FunctionSummary[]
  /** Of functions, in the order of reports. */
  nearMisses: NearMissSummary[]
  calls: Partial<Record<Status, number>>
}

/** A function that is a little over budget. */
export interface NearMissSummary {
  /** Its index in the list of functions. */
  function: number
  over: number
  /** The calls of it in its package that would be inlined. */
  calls: number
}

export interface FunctionSummary {
  name: string
  uri: string
  range: Range
  inlinable: boolean
  known: boolean
  cost?: number
  budget?: number
  reason?: Reason
  /** The calls of it in its package, and how many of them were inlined. */
  calls: { total: number; inlined: number }
}
