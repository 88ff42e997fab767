// What the API answers about runs; see docs/contracts.md, "Spans" and "HTTP API".

export type SpanStatus = 'running' | 'ok' | 'error' | 'waiting' | 'cancelled' | 'lost'

export interface Artifact {
  $artifact: string
  bytes: number
  preview: string
}

export interface Message {
  role: string
  content: unknown
  tool_calls?: unknown
  name?: string
}

export interface Span {
  id: string
  run_id: string
  parent_id: string | null
  operation: string
  name: string
  node_id: string | null
  kind: string | null
  visit: number | null
  item: number | null
  attempt: number | null
  step: number | null
  status: SpanStatus
  started_at: number
  ended_at: number | null
  input: unknown
  output: unknown
  outcome: string | null
  error: { what: string; mend?: string; type?: string } | null
  provider: string | null
  request_model: string | null
  response_model: string | null
  input_tokens: number | null
  output_tokens: number | null
  usd: number | null
  finish_reason: string | null
  attributes: Record<string, unknown> | null
}

export type RunStatus = 'queued' | 'running' | 'waiting' | 'done' | 'failed' | 'stopped' | 'limit' | 'lost'

export interface Run {
  id: string
  number: string
  workflow_id: string | null
  title: string
  version_hash: string
  revision: number | null
  status: RunStatus
  inputs: Record<string, unknown>
  outputs: Record<string, unknown> | null
  error: { what: string; mend?: string } | null
  model: string | null
  started_at: number | null
  ended_at: number | null
  seconds: number | null
  steps: number | null
  input_tokens: number | null
  output_tokens: number | null
  usd: number | null
  limits: { steps?: number | null; seconds?: number | null; tokens?: number | null; usd?: number | null } | null
  parent_id?: string | null
  forked_at?: string | null
  label?: string
  kept?: number
}

/** A span as the tree shows it; tokens and dollars are of it with all below. */
export interface Row {
  id: string
  parent_id: string | null
  depth: number
  children: number
  below: number
  position: number
  siblings: number
  open: boolean
  operation: string
  name: string
  node_id: string | null
  kind: string | null
  visit: number | null
  item: number | null
  attempt: number | null
  status: SpanStatus
  started_at: number
  ended_at: number | null
  outcome: string | null
  model: string | null
  error: { what: string; type: string } | null
  input_tokens: number
  output_tokens: number
  usd: number | null
  brief: string
  comments: number
  kept_from: string | null
  /** Where a search found its words, marked by U+0002 and U+0003. */
  hit: string | null
}

export interface TreeWindow {
  rows: Row[]
  offset: number
  total: number
  spans: number
  at: number | null
  opened: string[]
  found: number | null
  searched: number
  of: number
}

/** What the visits of a node came to; status and outcome are those of the last. */
export interface Totals {
  visits: number
  seconds: number
  input_tokens: number
  output_tokens: number
  usd: number | null
  status: SpanStatus
  outcome: string | null
  kept: number
  ended_at: number | null
  /** The spans of the first and the last visit. */
  first: string
  last: string
}

export interface Overview {
  spans: number
  steps: number
  start: number | null
  end: number | null
  depth: number
  nodes: Record<string, Totals>
  /** `node.outcome` of every outcome given. */
  edges: string[]
  /** The node at work in each of equal parts of the run's time. */
  bands: (string | null)[]
  failed: number
  comments: number
  show: string | null
}

/** A visit of a node. */
export interface Step {
  index: number
  id: string
  node: string
  name: string
  kind: string | null
  visit: number | null
  item: number | null
  status: SpanStatus
  outcome: string | null
  started_at: number
  ended_at: number | null
  input_tokens: number
  output_tokens: number
  usd: number | null
  kept: boolean
  /** Of a workflow that a node ran: not on this graph. */
  inner: boolean
}

export interface StepsWindow {
  total: number
  offset: number
  before: Record<string, Totals>
  edges: string[]
  steps: Step[]
}

export interface Comment {
  id: string
  span: string
  run: string
  author: string
  text: string
  created_at: number
  edited_at: number | null
}

export interface Around {
  row: Row
  path: Row[]
  step: number | null
  children: Row[]
  more: number
  failures: Row[]
  visits: Row[]
  comments: Comment[]
}

export interface StateAround {
  before: Record<string, unknown>
  after: Record<string, unknown>
  changed: string[]
}

/** A span that a search of all runs found. */
export interface FoundSpan {
  run: { id: string; number: string; title: string; status: RunStatus; started_at: number | null }
  span: Pick<Span, 'id' | 'operation' | 'name' | 'node_id' | 'kind' | 'visit' | 'item' | 'status' | 'started_at' | 'ended_at' | 'outcome'>
  excerpt: string
}

export interface Relative {
  id: string
  number: string
  parent_id: string | null
  forked_at: string | null
  node: string | null
  visit: number | null
  label: string
  changes: Record<string, unknown>
  status: RunStatus
  title: string
  created_at: number
}

export interface TraceDocument {
  nodes: Record<string, { kind: string; label?: string; parent?: string | null; position?: [number, number] | null }>
  edges?: { flow?: string[]; data?: string[]; attach?: string[] }
  state?: Record<string, unknown>
}

/** Where the reader wants to be; the page answers by changing the address. */
export interface Wish {
  view: 'build' | 'trace' | 'runs' | 'memory' | 'settings' | 'compare'
  workflow?: string
  run?: string
  span?: string
  /** Of a comparison: the two runs. */
  left?: string
  right?: string
}
