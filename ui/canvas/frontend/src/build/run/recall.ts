/** A run whose events are gone (the server was started anew): its cards, from the steps of its trace. Pure. */

import { advance, BLANK, type Picture, type RunEvent, type Scene } from './events'

/** A row of `GET /runs/{id}/steps`. */
export interface Step {
  id: string
  node: string
  visit: number
  item: number | null
  kind: string
  status: string
  outcome: string | null
  started_at: number
  ended_at: number | null
  input_tokens: number | null
  output_tokens: number | null
  usd: number | null
  kept: boolean
  /** Of a workflow that a node ran: not on this canvas. */
  inner: boolean
}

/** Whether a picture lacks what its run has done. */
export function isBare(picture: Picture, steps: number): boolean {
  return steps > 0 && picture.status !== 'running' && picture.status !== 'queued' && !Object.values(picture.nodes).some((node) => node.visits.some((visit) => visit.outcome !== null || visit.error !== null))
}

/** The picture with the visits of the trace; what stops or waits now stays so. */
export function recalled(picture: Picture, steps: Step[], scene: Scene): Picture {
  const told = advance(BLANK, steps.filter((step) => !step.inner).flatMap(eventsOf), scene).nodes
  const nodes = { ...told }
  for (const [id, now] of Object.entries(picture.nodes)) nodes[id] = { ...(told[id] ?? now), state: now.state }
  for (const [id, node] of Object.entries(nodes)) {
    if (node.state !== 'running') continue // Else it was cut: nothing works on the run now.
    if (node.visits.length > 1) nodes[id] = { ...node, state: 'done', visits: node.visits.slice(0, -1) }
    else delete nodes[id]
  }
  return { ...picture, nodes }
}

function eventsOf(step: Step): RunEvent[] {
  const place = { node: step.node, visit: step.visit, item: step.item, span: step.id, kept: step.kept, kind: step.kind }
  const started: RunEvent = { type: 'node.started', at: step.started_at, ...place }
  if (step.ended_at === null || !['ok', 'error'].includes(step.status)) return [started]
  const ended = { at: step.ended_at, ...place, seconds: step.ended_at - step.started_at, tokens: (step.input_tokens ?? 0) + (step.output_tokens ?? 0), usd: step.usd ?? 0 }
  if (step.status === 'ok') return [started, { type: 'node.finished', ...ended, outcome: step.outcome ?? 'done', outputs: null }]
  return [started, { type: 'node.failed', ...ended, error: { what: 'It failed; the trace says why.', mend: '' }, handled: step.outcome === 'error' }]
}
