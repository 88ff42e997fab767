/** Loads a comparison in windows and holds what is chosen. The view subscribes; nothing here knows React. */

import { type Api, ApiError } from '../api'
import type { Kind } from '../model/kinds'
import type { Run, Span, StateAround } from '../trace/types'
import type { Detail, Summary, Visit, VisitWindow } from './types'
import { WINDOW, Windows } from './windows'

const MOST_DETAILS = 60
const MOST_SPANS = 200
const REFRESH_MS = 2000
const WORKS = new Set(['queued', 'running'])

/** Whether more will come of a run by itself. */
function isGoingOn(run: Run): boolean {
  return WORKS.has(run.status)
}

export interface CompareState {
  summary: Summary | null
  kinds: Record<string, Kind>
  error: { what: string; mend: string } | null
  /** Index of the visit that is looked at; null where there is none. */
  selected: number | null
  detail: Detail | null
  onlyChanged: boolean
  /** The visits, all or only those that differ. */
  visits: Windows<Visit>
}

export class CompareStore {
  state: CompareState = { summary: null, kinds: {}, error: null, selected: null, detail: null, onlyChanged: false, visits: new Windows(0) }
  private readonly listeners = new Set<() => void>()
  private readonly details = new Map<number, Promise<Detail>>()
  private readonly spans = new Map<string, Promise<Span>>()
  private readonly states = new Map<string, Promise<StateAround>>()
  private readonly query: string
  private timer: ReturnType<typeof setTimeout> | null = null
  private closed = false

  constructor(private readonly api: Api, readonly left: string, readonly right: string) {
    this.query = `left=${encodeURIComponent(left)}&right=${encodeURIComponent(right)}`
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  readonly snapshot = (): CompareState => this.state

  close(): void {
    this.closed = true
    if (this.timer) clearTimeout(this.timer)
  }

  /** Reads everything anew; what is looked at stays. While a run goes on it is read again and again. */
  async open(): Promise<void> {
    this.closed = false
    this.details.clear()
    this.spans.clear()
    this.states.clear()
    try {
      const [summary, kinds] = await Promise.all([this.api.get<Summary>(`/compare?${this.query}`), this.api.get<Kind[]>('/kinds')])
      this.set({ summary, kinds: Object.fromEntries(kinds.map((kind) => [kind.kind, kind])), error: null, visits: this.windows(summary, this.state.onlyChanged) })
      if (isGoingOn(summary.left) || isGoingOn(summary.right)) this.later()
      const start = this.state.selected ?? summary.first?.index ?? 0
      if (summary.visits > 0) await this.select(Math.min(start, summary.visits - 1))
    } catch (error) {
      this.fail(error)
    }
  }

  async select(index: number): Promise<void> {
    this.set({ selected: index })
    try {
      const detail = await this.detail(index)
      if (this.state.selected === index) this.set({ detail, error: null })
    } catch (error) {
      this.fail(error)
    }
  }

  showOnly(changed: boolean): void {
    if (this.state.summary) this.set({ onlyChanged: changed, visits: this.windows(this.state.summary, changed) })
  }

  /** Rows `[first, last)` are about to be in sight. */
  need(first: number, last: number): void {
    for (const offset of this.state.visits.wanted(first, last)) void this.read(this.state.visits, offset)
  }

  /** A call with its values whole. */
  span(run: string, id: string): Promise<Span> {
    return kept(this.spans, id, MOST_SPANS, () => this.api.get<Span>(`/runs/${run}/spans/${id}`))
  }

  /** The state variables after a step of a run. */
  async stateAfter(run: string, span: string): Promise<Record<string, unknown>> {
    return (await kept(this.states, span, MOST_SPANS, () => this.api.get<StateAround>(`/runs/${run}/spans/${span}/state`))).after
  }

  /** Set a field of a node of the stored workflow, on top of whatever it is now. */
  async put(workflow: string, node: string, key: string, value: unknown, label: string): Promise<void> {
    const { revision } = await this.api.get<{ revision: number }>(`/workflows/${workflow}`)
    const batch = { seq: 1, ops: [{ op: 'set_config', id: node, key, value }], label }
    await this.api.json('PATCH', `/workflows/${workflow}`, { client: crypto.randomUUID(), batches: [batch] }, { 'If-Match': String(revision) })
  }

  private later(): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = setTimeout(() => void (this.closed || this.open()), REFRESH_MS)
  }

  private detail(index: number): Promise<Detail> {
    return kept(this.details, index, MOST_DETAILS, () => this.api.get<Detail>(`/compare/visits/${index}?${this.query}`))
  }

  private windows(summary: Summary, changed: boolean): Windows<Visit> {
    return new Windows(changed ? summary.changed : summary.visits)
  }

  private async read(windows: Windows<Visit>, offset: number): Promise<void> {
    try {
      const changed = this.state.onlyChanged
      const found = await this.api.get<VisitWindow>(`/compare/visits?${this.query}&changed=${changed}&offset=${offset}&limit=${WINDOW}`)
      windows.put(offset, found.visits)
      if (windows === this.state.visits) this.set({})
    } catch (error) {
      windows.failed(offset)
      this.fail(error)
    }
  }

  private fail(error: unknown): void {
    const problem = error instanceof ApiError ? error.problem : null
    this.set({ error: { what: problem?.what ?? 'The server does not answer.', mend: problem?.mend ?? 'Try again when it is back.' } })
  }

  private set(change: Partial<CompareState>): void {
    this.state = { ...this.state, ...change }
    for (const listener of this.listeners) listener()
  }
}

/** What was read before, else read now; failures are forgotten, and the oldest beyond `most`. */
function kept<K, V>(held: Map<K, Promise<V>>, key: K, most: number, read: () => Promise<V>): Promise<V> {
  const known = held.get(key)
  if (known) return known
  const asked = read()
  held.set(key, asked)
  asked.catch(() => held.delete(key))
  if (held.size > most) held.delete(held.keys().next().value!)
  return asked
}
