/** The live picture of a run, from its events. Pure: a batch of events gives the next picture. */

import type { Stop, StopAt } from '../debug/stop'

/** A field of a form (docs/contracts.md, People in the loop); an unknown type is drawn as a long text. */
export interface FormField {
  name: string
  title?: string
  type: 'text' | 'long_text' | 'number' | 'boolean' | 'choice' | 'choices' | 'date' | 'json'
  help?: string
  choices?: string[]
  required?: boolean
  default?: unknown
  minimum?: number
  maximum?: number
  whole?: boolean
  earliest?: string
  latest?: string
}

export interface Form {
  title: string
  text?: string
  fields?: FormField[]
  /** The field of type choice that is drawn as buttons. */
  decide?: string
  call?: { tool: string; arguments: Record<string, unknown>; policy?: string }
  /** Seconds since the epoch. */
  deadline?: number | null
  /** Why the node did not take the answer before. */
  error?: { what: string; mend: string }
}

export interface ToolCall { tool: string; arguments: unknown; result?: unknown; failed?: boolean; policy?: string }

export interface ModelCall { model: string; input_tokens: number; output_tokens: number; seconds: number }

export interface Visit {
  visit: number
  /** The span of its trace; null before it is known. */
  span: string | null
  /** Index in a `for each`. */
  item: number | null
  /** Taken from an earlier run or a pin: it did not run. */
  kept: boolean
  step: number
  startedAt: number
  seconds: number | null
  tokens: number
  usd: number
  text: string
  progress: string
  outcome: string | null
  outputs: Record<string, unknown> | null
  error: { what: string; mend: string } | null
  tools: ToolCall[]
  models: ModelCall[]
  /** What the node shows of its inner work (`nodes/views.py`), as it came. */
  view: unknown
}

/** `stopped`: a debugger's stop before or after it. */
export type NodeState = 'running' | 'done' | 'failed' | 'waiting' | 'stopped'

export interface NodeRun {
  state: NodeState
  visits: Visit[]
  /** Outcomes it has ended with, and the node whose end led here. */
  outcomes: string[]
  cause: string | null
}

export interface Spent { steps: number; seconds: number; tokens: number; usd: number }

export interface Picture {
  nodes: Record<string, NodeRun>
  asks: { node: string; interrupt: string; form: Form }[]
  stops: StopAt[]
  spent: Spent
  status: string
  outputs: Record<string, unknown> | null
  error: { what: string; mend: string } | null
  /** The node whose text came last: what the answer shows while it grows. */
  speaker: string | null
  lastDone: string[]
  lines: string[]
  /** Sub-workflow frame -> the runs of it that were seen, by the span each stands below. The last one is shown. */
  within: Record<string, string[]>
}

/** What the picture has to know of the document. */
export interface Scene {
  /** Whether a flow edge leads from one node to another. */
  leadsTo: (from: string, to: string) => boolean
  /** The sub-workflow frame a node stands in; null for any other node. */
  frameOf: (node: string) => string | null
}

export const BLANK: Picture = {
  nodes: {}, asks: [], stops: [], spent: { steps: 0, seconds: 0, tokens: 0, usd: 0 }, status: 'queued',
  outputs: null, error: null, speaker: null, lastDone: [], lines: [], within: {},
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type RunEvent = { type: string; at: number } & Record<string, any>

const TEXT_KEPT = 6000

export function advance(picture: Picture, events: RunEvent[], scene: Scene): Picture {
  return events.reduce((before, event) => {
    const shown = event['within'] === undefined ? before : entered(before, event, scene)
    if (shown) return step(shown, event, scene.leadsTo)
    return event.type === 'node.waiting' && event['stop'] ? stopped(before, event) : before
  }, picture)
}

/**
 * Events from below a node: of a sub-workflow's frame, the run of it that began last is shown on the nodes in the
 * frame, and begins afresh. Null for those of an older one, and for those of a workflow that is not on this canvas.
 */
function entered(picture: Picture, event: RunEvent, { frameOf }: Scene): Picture | null {
  const frame = frameOf(event['node'])
  if (frame === null) return null
  const runs = picture.within[frame] ?? []
  const id = event['within'] as string
  if (runs.includes(id)) return runs.at(-1) === id ? picture : null
  const nodes = Object.fromEntries(Object.entries(picture.nodes).filter(([node]) => frameOf(node) !== frame))
  return { ...picture, nodes, within: { ...picture.within, [frame]: [...runs, id] } }
}

function step(picture: Picture, event: RunEvent, leadsTo: Scene['leadsTo']): Picture {
  switch (event.type) {
    case 'run.started': return { ...unstopped(picture, () => true), status: 'running' }
    case 'node.started': return started(picture, event, leadsTo)
    case 'node.token': return { ...onVisit(picture, event, (visit) => ({ text: (visit.text + event['text']).slice(-TEXT_KEPT) })), speaker: event['node'] }
    case 'node.view': return onVisit(picture, event, () => ({ view: event['view'] }))
    case 'node.progress': return onVisit(picture, event, () => ({ progress: event['text'] }))
    case 'node.finished': return finished(picture, event)
    case 'node.failed': return failed(picture, event)
    case 'node.waiting': return waiting(picture, event)
    case 'tool.started': return onVisit(picture, event, (visit) => ({ tools: [...visit.tools, { tool: event['tool'], arguments: event['arguments'] }] }))
    case 'tool.finished': return toolFinished(picture, event)
    case 'model.finished': return onVisit(picture, event, (visit) => ({ models: [...visit.models, event as unknown as ModelCall] }))
    case 'run.spent': return { ...picture, spent: { steps: event['steps'], seconds: event['seconds'], tokens: event['tokens'], usd: event['usd'] } }
    case 'run.finished': return ended(picture, event)
    default: return picture
  }
}

function node(picture: Picture, id: string, patch: Partial<NodeRun>): Picture {
  const before = picture.nodes[id] ?? { state: 'running', visits: [], outcomes: [], cause: null }
  return { ...picture, nodes: { ...picture.nodes, [id]: { ...before, ...patch } } }
}

function blankVisit(event: RunEvent): Visit {
  return {
    visit: event['visit'] ?? 1, span: event['span'] ?? null, item: event['item'] ?? null, kept: event['kept'] === true, step: event['step'] ?? 0, startedAt: event.at, seconds: null, tokens: 0, usd: 0, text: '', progress: '',
    outcome: null, outputs: null, error: null, tools: [], models: [], view: null,
  }
}

function started(picture: Picture, event: RunEvent, leadsTo: Scene['leadsTo']): Picture {
  const id = event['node'] as string
  const visits = picture.nodes[id]?.visits ?? []
  const again = visits.some((visit) => visit.visit === event['visit'])
  const cause = [...picture.lastDone].reverse().find((other) => leadsTo(other, id)) ?? null
  const asks = picture.asks.filter((ask) => ask.node !== id)
  const stops = picture.stops.filter(({ stop }) => stop.node !== id || stop.visit !== event['visit'] || (stop.item ?? null) !== (event['item'] ?? null))
  return { ...node(picture, id, { state: 'running', visits: again ? visits : [...visits, blankVisit(event)], cause }), asks, stops, status: 'running' }
}

function onVisit(picture: Picture, event: RunEvent, change: (visit: Visit) => Partial<Visit>): Picture {
  const id = event['node'] as string
  const visits = picture.nodes[id]?.visits ?? [blankVisit(event)]
  const found = visits.findLastIndex((visit) => visit.visit === (event['visit'] ?? visit.visit))
  const index = found < 0 ? visits.length - 1 : found
  return node(picture, id, { visits: visits.map((visit, at) => (at === index ? { ...visit, ...change(visit) } : visit)) })
}

function finished(picture: Picture, event: RunEvent): Picture {
  const id = event['node'] as string
  const done = onVisit(picture, event, (visit) => ({
    span: event['span'] ?? visit.span, kept: visit.kept || event['kept'] === true, seconds: event['seconds'], tokens: event['tokens'] ?? 0, usd: event['usd'] ?? 0, outcome: event['outcome'], outputs: event['outputs'] ?? null, progress: '',
  }))
  const outcomes = [...new Set([...(done.nodes[id]?.outcomes ?? []), event['outcome'] as string])]
  const lastDone = [...picture.lastDone.filter((other) => other !== id), id]
  // Another item of the frame may still be stopped at the same node.
  const state = picture.stops.some((stop) => stop.node === id) ? 'stopped' : 'done'
  return { ...node(done, id, { state, outcomes }), lastDone }
}

function failed(picture: Picture, event: RunEvent): Picture {
  const id = event['node'] as string
  const next = onVisit(picture, event, (visit) => ({ span: event['span'] ?? visit.span, error: event['error'], seconds: event['seconds'] ?? event.at - visit.startedAt }))
  const outcomes = event['handled'] ? [...new Set([...(next.nodes[id]?.outcomes ?? []), 'error'])] : next.nodes[id]?.outcomes ?? []
  return { ...node(next, id, { state: 'failed', outcomes }), lastDone: event['handled'] ? [...picture.lastDone, id] : picture.lastDone }
}

function waiting(picture: Picture, event: RunEvent): Picture {
  if (event['stop']) return node(stopped(picture, event), event['node'], { state: 'stopped' })
  const asks = [...picture.asks.filter((ask) => ask.interrupt !== event['interrupt']), { node: event['node'], interrupt: event['interrupt'], form: event['form'] }]
  return { ...node(picture, event['node'], { state: 'waiting' }), asks, status: 'waiting' }
}

/** The run stands before or after a visit, which may be of a workflow that is not on this canvas. */
function stopped(picture: Picture, event: RunEvent): Picture {
  const form = event['form'] as Form
  const at: StopAt = { interrupt: event['interrupt'], node: event['node'], title: form.title, text: form.text ?? '', stop: event['stop'] as Stop }
  if (event['within']) at.within = event['within']
  return { ...picture, stops: [...picture.stops.filter((other) => other.interrupt !== at.interrupt), at], status: 'waiting' }
}

/** The run goes on from these stops: the nodes show again what they had come to. */
export function unstopped(picture: Picture, goesOn: (stop: StopAt) => boolean): Picture {
  const gone = picture.stops.filter(goesOn)
  if (!gone.length) return picture
  const stops = picture.stops.filter((stop) => !gone.includes(stop))
  const nodes = { ...picture.nodes }
  for (const { node: id, stop } of gone) {
    const run = nodes[id]
    if (run?.state !== 'stopped' || stops.some((other) => other.node === id)) continue
    if (stop.when === 'after' || run.visits.some((visit) => visit.outcome !== null)) nodes[id] = { ...run, state: 'done' }
    else delete nodes[id]
  }
  return { ...picture, nodes, stops }
}

function toolFinished(picture: Picture, event: RunEvent): Picture {
  return onVisit(picture, event, (visit) => {
    const index = visit.tools.findLastIndex((call) => call.tool === event['tool'] && call.result === undefined)
    const call: ToolCall = { tool: event['tool'], arguments: event['arguments'] ?? visit.tools[index]?.arguments, result: event['result'] ?? null, failed: event['failed'], ...(event['denied'] ? { policy: event['policy'] ?? 'a policy' } : {}) }
    return { tools: index < 0 ? [...visit.tools, call] : visit.tools.map((old, at) => (at === index ? call : old)) }
  })
}

/** The run is over (or waits): what still seemed to run has stopped. */
function ended(picture: Picture, event: RunEvent): Picture {
  const status = event['status'] as string
  if (status === 'waiting') return { ...picture, status }
  const rest = unstopped(picture, () => true).nodes
  const nodes = Object.fromEntries(Object.entries(rest).filter(([, run]) => run.state !== 'running' || run.visits.length > 1)
    .map(([id, run]) => [id, run.state === 'running' ? { ...run, state: 'done' as const, visits: run.visits.slice(0, -1) } : run]))
  return { ...picture, nodes, status, outputs: event['outputs'] ?? picture.outputs, error: event['error'] ?? null, asks: [], stops: [] }
}

export const OVER = new Set(['done', 'failed', 'stopped', 'limit', 'lost'])

/** Sums over all visits of a node. */
export function totals(run: NodeRun | undefined): { seconds: number; tokens: number; usd: number; visits: number } {
  const sum = { seconds: 0, tokens: 0, usd: 0, visits: run?.visits.length ?? 0 }
  for (const visit of run?.visits ?? []) {
    sum.seconds += visit.seconds ?? 0
    sum.tokens += visit.tokens
    sum.usd += visit.usd
  }
  return sum
}
