// Figures and states in words: one place, so that table, graph and panel say the same.
import type { IconName } from '../style/icons'
import type { RunStatus, Span, SpanStatus } from './types'

export function secondsText(value: number): string {
  if (value >= 60) return `${Math.floor(value / 60)} min ${String(Math.floor(value % 60)).padStart(2, '0')} s`
  if (value >= 1 || value < 0.005) return `${value.toFixed(1)} s`
  return `${value.toFixed(2)} s`
}

export function countText(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 })
}

export function usdText(value: number): string {
  return value === 0 ? '$0' : `$${value.toFixed(value >= 1 ? 2 : 4)}`
}

export function bytesText(value: number): string {
  if (value < 1000) return `${value} bytes`
  return value < 1e6 ? `${(value / 1000).toFixed(1)} kB` : `${(value / 1e6).toFixed(1)} MB`
}

/** `today 14:02:11` or `19 Nov 14:02:11`; `at` in seconds since the epoch. */
export function momentText(at: number): string {
  const when = new Date(at * 1000)
  const time = when.toLocaleTimeString('en-GB')
  const today = when.toDateString() === new Date().toDateString()
  return today ? `today ${time}` : `${when.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${time}`
}

export interface Mark {
  /** Class of the status colour: st-done, st-failed, ... */
  tone: 'idle' | 'running' | 'done' | 'waiting' | 'failed' | 'skipped'
  icon: IconName
  word: string
}

export const RUN_MARKS: Record<RunStatus, Mark> = {
  queued: { tone: 'idle', icon: 'ring', word: 'Queued' },
  running: { tone: 'running', icon: 'arc', word: 'Running' },
  waiting: { tone: 'waiting', icon: 'hand', word: 'Waits for you' },
  done: { tone: 'done', icon: 'check', word: 'Done' },
  failed: { tone: 'failed', icon: 'cross', word: 'Failed' },
  stopped: { tone: 'skipped', icon: 'stop', word: 'Stopped' },
  limit: { tone: 'waiting', icon: 'clock', word: 'Limit reached' },
  lost: { tone: 'failed', icon: 'warning', word: 'Lost' },
}

export const SPAN_MARKS: Record<SpanStatus, Mark> = {
  running: { tone: 'running', icon: 'arc', word: 'running' },
  ok: { tone: 'done', icon: 'check', word: 'done' },
  error: { tone: 'failed', icon: 'cross', word: 'failed' },
  waiting: { tone: 'waiting', icon: 'hand', word: 'waits for you' },
  cancelled: { tone: 'skipped', icon: 'stop', word: 'stopped' },
  lost: { tone: 'failed', icon: 'warning', word: 'lost with its process' },
}

const OPERATIONS: Record<string, string> = {
  invoke_workflow: 'run',
  chat: 'chat',
  execute_tool: 'tool',
  retrieve_memory: 'recall',
  write_memory: 'remember',
}

/** What sort of span it is, in a word. */
export function operationWord(span: Span): string {
  return OPERATIONS[span.operation] ?? span.operation.replaceAll('_', ' ')
}

/** The grey words behind a row's name: its visit and outcome, or what sort of call it is. */
export function aside(span: Span, manyVisits: boolean): string {
  if (span.operation !== 'invoke_node') return [operationWord(span), brief(span)].filter(Boolean).join(' · ')
  const item = span.item === null || span.item === undefined ? '' : `item ${span.item + 1}`
  const visit = manyVisits ? `visit ${span.visit ?? 1}` : ''
  const tries = (span.attempt ?? 1) > 1 ? `attempt ${span.attempt}` : ''
  const outcome = span.outcome && span.outcome !== 'done' && span.status === 'ok' ? span.outcome : ''
  return [item, visit, tries, outcome].filter(Boolean).join(' · ')
}

function brief(span: Span): string {
  if (span.operation === 'retrieve_memory') return Array.isArray(span.output) ? hitsText(span.output.length) : ''
  if (span.operation !== 'execute_tool' || typeof span.input !== 'object' || span.input === null) return ''
  const plain = Object.values(span.input).filter((value) => typeof value === 'string' || typeof value === 'number')
  return plain.join(', ').slice(0, 60)
}

function hitsText(count: number): string {
  return count === 1 ? '1 hit' : `${count} hits`
}
