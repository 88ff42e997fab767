// The trace as data: the tree of spans, its rows, durations, heat and figures. No React, no DOM.
import type { Span } from './types'

export const ROW_HEIGHT = 25
export const OVERSCAN = 12
export const HEAT_STEPS = 5

export interface Row {
  span: Span
  depth: number
  /** Spans directly below; 0 for a leaf. */
  children: number
  open: boolean
  position: number
  siblings: number
}

export interface Figures {
  tokens: number
  input: number
  output: number
  usd: number
}

export class Trace {
  readonly byId = new Map<string, Span>()
  readonly children = new Map<string, Span[]>()
  readonly roots: Span[] = []
  private readonly totals = new Map<string, Figures>()

  /** Builds the tree. A span whose parent is not there yet stands at the top, not nowhere. */
  constructor(spans: Iterable<Span>) {
    for (const span of spans) this.byId.set(span.id, span)
    for (const span of this.byId.values()) {
      const parent = span.parent_id
      if (parent === null || parent === span.id || !this.byId.has(parent)) this.roots.push(span)
      else this.children.set(parent, [...(this.children.get(parent) ?? []), span])
    }
    this.roots.sort(byStart)
    for (const list of this.children.values()) list.sort(byStart)
  }

  /** Tokens and dollars of a span with all below it; each model call counted once. */
  figures(span: Span): Figures {
    const known = this.totals.get(span.id)
    if (known) return known
    const below = (this.children.get(span.id) ?? []).map((child) => this.figures(child))
    const sum = below.reduce(add, NOTHING)
    const total = sum.tokens > 0 || sum.usd > 0 ? sum : own(span)
    this.totals.set(span.id, total)
    return total
  }

  /** The span and everything above it, the root first. */
  path(id: string): Span[] {
    const found: Span[] = []
    for (let span = this.byId.get(id); span && !found.includes(span); span = this.byId.get(span.parent_id ?? '')) {
      found.unshift(span)
    }
    return found
  }

  /** The spans of a node, first visit first. */
  visits(node: string): Span[] {
    return [...this.byId.values()].filter((span) => span.operation === 'invoke_node' && span.node_id === node).sort(byStart)
  }

  /** The node a span belongs to: its own, else that of the nearest span above. */
  nodeOf(id: string): string | null {
    const owner = this.path(id).reverse().find((span) => span.node_id)
    return owner?.node_id ?? null
  }
}

const NOTHING: Figures = { tokens: 0, input: 0, output: 0, usd: 0 }

function add(a: Figures, b: Figures): Figures {
  return { tokens: a.tokens + b.tokens, input: a.input + b.input, output: a.output + b.output, usd: a.usd + b.usd }
}

function own(span: Span): Figures {
  const input = span.input_tokens ?? 0
  const output = span.output_tokens ?? 0
  return { tokens: input + output, input, output, usd: span.usd ?? 0 }
}

function byStart(a: Span, b: Span): number {
  return a.started_at - b.started_at || (a.step ?? 0) - (b.step ?? 0) || a.id.localeCompare(b.id)
}

/** The rows from top to bottom. `only`: ids to show (with all above them); null shows all. */
export function rows(trace: Trace, closed: ReadonlySet<string>, only: ReadonlySet<string> | null): Row[] {
  const found: Row[] = []
  const stack = shown(trace.roots, only).map((span, position, all) => ({ span, depth: 0, position, siblings: all.length }))
  stack.reverse()
  for (let next = stack.pop(); next; next = stack.pop()) {
    const below = shown(trace.children.get(next.span.id) ?? [], only)
    const open = only !== null || !closed.has(next.span.id)
    found.push({ ...next, children: below.length, open })
    if (!open) continue
    const depth = next.depth + 1
    for (let at = below.length - 1; at >= 0; at--) {
      stack.push({ span: below[at]!, depth, position: at, siblings: below.length })
    }
  }
  return found
}

function shown(spans: Span[], only: ReadonlySet<string> | null): Span[] {
  return only === null ? spans : spans.filter((span) => only.has(span.id))
}

/** The ids of the spans that contain all words of the query, with everything above them; null for no query. */
export function search(trace: Trace, query: string): { hits: Set<string>; shown: Set<string> } | null {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return null
  const hits = new Set<string>()
  const around = new Set<string>()
  for (const span of trace.byId.values()) {
    const text = searchable(span)
    if (!words.every((word) => text.includes(word))) continue
    hits.add(span.id)
    for (const each of trace.path(span.id)) around.add(each.id)
  }
  return { hits, shown: around }
}

const texts = new WeakMap<Span, string>()

function searchable(span: Span): string {
  let text = texts.get(span)
  if (text === undefined) {
    const parts = [span.name, span.node_id, span.kind, span.outcome, span.response_model, span.error?.what]
    text = `${parts.filter(Boolean).join(' ')} ${asText(span.input)} ${asText(span.output)}`.toLowerCase()
    texts.set(span, text)
  }
  return text
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The rows to draw: `[first, last)` for a scroller at `top` of `height` pixels. */
export function visible(top: number, height: number, count: number): [number, number] {
  const first = Math.max(0, Math.floor(top / ROW_HEIGHT) - OVERSCAN)
  const last = Math.min(count, Math.ceil((top + height) / ROW_HEIGHT) + OVERSCAN)
  return [Math.min(first, last), last]
}

/** Seconds a span took, or has taken so far; `now` in seconds since the epoch. */
export function seconds(span: Span, now: number): number {
  return Math.max(0, (span.ended_at ?? endOfOpen(span, now)) - span.started_at)
}

function endOfOpen(span: Span, now: number): number {
  return span.status === 'running' || span.status === 'waiting' ? now : span.started_at
}

/** The first start and the last end of all spans, seconds since the epoch. */
export function extent(trace: Trace, now: number): { start: number; end: number } {
  let start = Infinity
  let end = -Infinity
  for (const span of trace.byId.values()) {
    start = Math.min(start, span.started_at)
    end = Math.max(end, span.started_at + seconds(span, now))
  }
  return Number.isFinite(start) ? { start, end: Math.max(end, start + 0.001) } : { start: 0, end: 1 }
}

export type HeatMeasure = 'time' | 'tokens' | 'cost'

export interface NodeHeat {
  value: number
  seconds: number
  visits: number
  status: Span['status']
  outcome: string | null
}

/** What each node took over all its visits, with the state of the last one. */
export function nodeHeat(trace: Trace, measure: HeatMeasure, now: number): Map<string, NodeHeat> {
  const found = new Map<string, NodeHeat>()
  const visits = [...trace.byId.values()].filter((span) => span.operation === 'invoke_node' && span.node_id).sort(byStart)
  for (const span of visits) {
    const before = found.get(span.node_id!) ?? { value: 0, seconds: 0, visits: 0 }
    const took = seconds(span, now)
    const figures = trace.figures(span)
    const value = { time: took, tokens: figures.tokens, cost: figures.usd }[measure]
    found.set(span.node_id!, {
      value: before.value + value,
      seconds: before.seconds + took,
      visits: before.visits + 1,
      status: span.status,
      outcome: span.outcome,
    })
  }
  return found
}

/** 0 for nothing, else 1 to 5, by equal steps up to the largest. */
export function heatStep(value: number, largest: number): number {
  return value <= 0 || largest <= 0 ? 0 : Math.min(HEAT_STEPS, Math.ceil((HEAT_STEPS * value) / largest))
}

/** Round tick positions in seconds from 0, at most `most` of them, the end not among them. */
export function ticks(length: number, most = 5): number[] {
  const raw = length / most
  const unit = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].map((times) => times * unit).find((each) => each >= raw) ?? raw
  const found: number[] = []
  for (let at = 0; at < length * 0.88; at += step) found.push(at)
  return found
}
