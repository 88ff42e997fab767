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
}

export interface TraceDocument {
  nodes: Record<string, { kind: string; label?: string; parent?: string | null; position?: [number, number] | null }>
  edges?: { flow?: string[]; data?: string[]; attach?: string[] }
}

export interface SpanPage {
  spans: Span[]
  next: string | number | null
}

/** Where the reader wants to be; the page answers by changing the address. */
export interface Wish {
  view: 'build' | 'trace' | 'runs' | 'memory' | 'settings'
  workflow?: string
  run?: string
  span?: string
}
