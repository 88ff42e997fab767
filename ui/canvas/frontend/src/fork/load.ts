/** All that the fork dialog has to know of a visit: read once, when it opens. */

import type { Api } from '../api'
import { complete, type Document } from '../model/document'
import { byName, type Kind, type Kinds } from '../model/kinds'
import { same } from '../build/debug/values'
import type { Visited } from './body'

export interface Loaded {
  run: { id: string; number: string; model: string | null; workflow_id: string | null; status: string }
  visited: Visited
  name: string
  visit: number
  item: number | null
  /** The workflow as it was, and as it is now; null where it is gone. */
  document: Document
  now: Document | null
  /** Whether the two differ in more than layout. */
  differs: boolean
  kinds: Kinds
  models: string[]
}

interface Span { id: string; parent_id: string | null; operation: string; name: string; node_id: string | null; visit: number | null; item: number | null; input: unknown; output: unknown; outcome: string | null }

export async function load(api: Api, runId: string, spanId: string, here: Document | undefined): Promise<Loaded> {
  const [run, span, document, kinds, models] = await Promise.all([
    api.get<Loaded['run']>(`/runs/${runId}`), visitOf(api, runId, spanId), api.get<unknown>(`/runs/${runId}/document`), api.get<Kind[]>('/kinds'), api.get<{ suggestions: string[] }>('/models'),
  ])
  const state = await api.get<{ before: Record<string, unknown> }>(`/runs/${runId}/spans/${span.id}/state`)
  const then = complete(document)
  const now = here ?? (await stored(api, run.workflow_id))
  return {
    run, name: span.name, visit: span.visit ?? 1, item: span.item, document: then, now, differs: now !== null && !same(meant(then), meant(now)), kinds: byName(kinds), models: models.suggestions,
    visited: { span: span.id, node: span.node_id ?? '', inputs: record(span.input), outputs: record(span.output), outcome: span.outcome, state: state.before },
  }
}

/** The node visit that a span belongs to. */
async function visitOf(api: Api, run: string, id: string): Promise<Span> {
  let span = await api.get<Span>(`/runs/${run}/spans/${id}`)
  while (span.operation !== 'invoke_node' && span.parent_id) span = await api.get<Span>(`/runs/${run}/spans/${span.parent_id}`)
  if (span.operation !== 'invoke_node') throw new Error('This is not a step of a node: choose one to fork at.')
  return span
}

async function stored(api: Api, workflow: string | null): Promise<Document | null> {
  if (!workflow) return null
  try {
    return complete((await api.get<{ document: unknown }>(`/workflows/${workflow}`)).document)
  } catch {
    return null // It was deleted since: then only the workflow as it was can run.
  }
}

/** A document without what only places it on the canvas. */
function meant(document: Document): unknown {
  const nodes = Object.entries(document.nodes).filter(([, node]) => node.kind !== 'note').map(([id, { position: _, size: __, note: ___, ...node }]) => [id, node])
  return { inputs: document.inputs, outputs: document.outputs, state: document.state, nodes: Object.fromEntries(nodes), edges: { flow: [...document.edges.flow].sort(), data: [...document.edges.data].sort(), attach: document.edges.attach } }
}

function record(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}
