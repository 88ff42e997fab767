// Figures and states in words: one place, so that table, graph and panel say the same.
import type { IconName } from '../style/icons'
import type { Row, RunStatus, SpanStatus } from './types'

export function secondsText(value: number): string {
  if (value >= 3600) return `${Math.floor(value / 3600)} h ${String(Math.floor((value % 3600) / 60)).padStart(2, '0')} min`
  if (value >= 60) return `${Math.floor(value / 60)} min ${String(Math.floor(value % 60)).padStart(2, '0')} s`
  if (value >= 1 || value < 0.005) return `${value.toFixed(1)} s`
  return `${value.toFixed(2)} s`
}

/** A time in few characters, for a node of the graph: `4.2 s`, `5.9 min`, `10.6 h`. */
export function shortSeconds(value: number): string {
  if (value >= 3600) return `${(value / 3600).toFixed(1)} h`
  return value >= 60 ? `${(value / 60).toFixed(1)} min` : secondsText(value)
}

/** A count in few characters: `940`, `4.7k`, `11k`, `4.5M`. */
export function shortCount(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(2))}M`
  if (value >= 10_000) return `${Math.round(value / 1000)}k`
  return value >= 1000 ? `${Number((value / 1000).toFixed(1))}k` : countText(value)
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
export function operationWord(span: Pick<Row, 'operation'>): string {
  return OPERATIONS[span.operation] ?? span.operation.replaceAll('_', ' ')
}

/** The grey words behind a row's name: its visit and outcome, or what sort of call it is. */
export function aside(row: Pick<Row, 'operation' | 'item' | 'visit' | 'attempt' | 'outcome' | 'status' | 'brief'>): string {
  if (row.operation !== 'invoke_node') return [operationWord(row), row.brief].filter(Boolean).join(' · ')
  const item = row.item === null ? '' : `item ${row.item + 1}`
  const visit = (row.visit ?? 1) > 1 ? `visit ${row.visit}` : ''
  const tries = (row.attempt ?? 1) > 1 ? `attempt ${row.attempt}` : ''
  const outcome = row.outcome && row.outcome !== 'done' && row.status === 'ok' ? row.outcome : ''
  return [item, visit, tries, outcome].filter(Boolean).join(' · ')
}

/** What was changed in a fork, in a few words: `another prompt`, `inputs, model`. */
export function changesText(changes: Record<string, unknown>): string {
  const words: Record<string, string> = {
    inputs: 'other inputs', state: 'other state', outputs: 'another output', outcomes: 'another outcome', model: 'another model',
    config: 'other settings', document: 'edited workflow', only: 'this step alone', pins: 'pinned outputs',
  }
  const named = Object.keys(changes).flatMap((key) => words[key] ?? [])
  return named.join(', ') || 'nothing changed'
}
