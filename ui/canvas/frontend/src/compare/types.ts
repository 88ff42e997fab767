/** What `GET /compare` and its windows answer; see docs/contracts.md, "Comparisons". */

import type { Run, Span } from '../trace/types'

export type ChangeSort =
  | 'missing' | 'kind' | 'settings' | 'by_hand' | 'input' | 'prompt' | 'model' | 'arguments' | 'query' | 'memory' | 'calls' | 'answer' | 'outcome' | 'output'

export type Within = 'both' | 'left' | 'right'

export interface Figures {
  visits: number
  seconds: number
  tokens: number
  /** null where a price is unknown. */
  usd: number | null
  outcome: string | null
  status: Span['status']
  kept: number
}

export interface NodePair {
  node: string
  label: string
  kind: string
  parent: string | null
  within: Within
  changes: ChangeSort[]
  left: Figures | null
  right: Figures | null
  first: number | null
  first_changed: number | null
  /** The last outputs in few words, where they differ. */
  output: [string, string] | null
}

export interface EdgePair {
  edge: string
  source: string
  outcome: string
  target: string
  within: Within
  /** Times taken. */
  left: number
  right: number
}

export interface CallSide {
  span: string
  status: Span['status']
  seconds: number
  tokens: number
  usd: number | null
}

export interface VisitSide extends CallSide {
  outcome: string | null
  kept: boolean
  /** Seconds since its run began. */
  at: number
}

export interface Visit {
  index: number
  node: string
  label: string
  kind: string
  visit: number
  item: number | null
  depth: number
  /** Of a node of the two workflows; false inside a workflow that a node runs. */
  own: boolean
  changes: ChangeSort[]
  left: VisitSide | null
  right: VisitSide | null
}

export interface Call {
  operation: string
  name: string
  changes: ChangeSort[]
  left: CallSide | null
  right: CallSide | null
}

export interface DocumentChange {
  sort: string
  what: string
  node: string | null
  key: string | null
  before: unknown
  after: unknown
}

export interface Summary {
  left: Run
  right: Run
  same: boolean
  visits: number
  changed: number
  first: Visit | null
  nodes: NodePair[]
  edges: EdgePair[]
  document: DocumentChange[]
  /** Names of the state variables of both workflows. */
  state: string[]
}

/** Where a visit stands; indices, null where there is none. */
export interface Place {
  nth_changed: number | null
  next_changed: number | null
  previous_changed: number | null
  nth_of_node: number
  of_node: number
  next_of_node: number | null
  previous_of_node: number | null
}

export interface Detail {
  visit: Visit
  left: Span | null
  right: Span | null
  calls: Call[]
  calls_total: number
  settings: DocumentChange[]
  place: Place
}

export interface VisitWindow {
  visits: Visit[]
  total: number
}
