// Figures of the trace: what is in sight, how long things took, heat. No React, no DOM.
import type { Row, Span, Step, Totals } from './types'

export const ROW_HEIGHT = 25
export const OVERSCAN = 12
/** Rows drawn change by so many at once: the bars are not drawn anew with every pixel of a scroll. */
export const STRIDE = 12
export const HEAT_STEPS = 5

/** The rows to draw: `[first, last)` for a scroller at `top` of `height` pixels. */
export function visible(top: number, height: number, count: number): [number, number] {
  const first = Math.max(0, STRIDE * Math.floor((Math.floor(top / ROW_HEIGHT) - OVERSCAN) / STRIDE))
  const last = Math.min(count, STRIDE * Math.ceil((Math.ceil((top + height) / ROW_HEIGHT) + OVERSCAN) / STRIDE))
  return [Math.min(first, last), last]
}

type Timed = Pick<Span | Row | Step, 'started_at' | 'ended_at' | 'status'>

/** Seconds a span took, or has taken so far; `now` in seconds since the epoch. */
export function seconds(span: Timed, now: number): number {
  return Math.max(0, (span.ended_at ?? endOfOpen(span, now)) - span.started_at)
}

function endOfOpen(span: Timed, now: number): number {
  return span.status === 'running' || span.status === 'waiting' ? now : span.started_at
}

export type HeatMeasure = 'time' | 'tokens' | 'cost'

/** What a node took, by a measure: seconds, tokens or dollars. */
export function heatOf(totals: Totals, measure: HeatMeasure): number {
  if (measure === 'time') return totals.seconds
  return measure === 'tokens' ? totals.input_tokens + totals.output_tokens : (totals.usd ?? 0)
}

/** 0 for nothing, else 1 to 5, by equal steps up to the largest. */
export function heatStep(value: number, largest: number): number {
  return value <= 0 || largest <= 0 ? 0 : Math.min(HEAT_STEPS, Math.ceil((HEAT_STEPS * value) / largest))
}

const ROUND_MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440]

/** Round tick positions in seconds from 0, at most `most` of them, the end not among them. */
export function ticks(length: number, most = 5): number[] {
  const raw = length / most
  const unit = 10 ** Math.floor(Math.log10(raw))
  const decimal = [1, 2, 5, 10].map((times) => times * unit).find((each) => each >= raw) ?? raw
  const step = raw < 30 ? decimal : (ROUND_MINUTES.map((minutes) => 60 * minutes).find((each) => each >= raw) ?? 86_400 * Math.ceil(raw / 86_400))
  const found: number[] = []
  for (let at = 0; at < length * 0.88; at += step) found.push(at)
  return found
}

/** Neighbouring parts of the scrubber's line that belong to one node, as `[first, after the last)`. */
export function stretches(bands: readonly (string | null)[]): { node: string; from: number; to: number }[] {
  const found: { node: string; from: number; to: number }[] = []
  bands.forEach((node, at) => {
    const last = found.at(-1)
    if (node === null) return
    if (last && last.node === node && last.to === at) last.to = at + 1
    else found.push({ node, from: at, to: at + 1 })
  })
  return found
}
