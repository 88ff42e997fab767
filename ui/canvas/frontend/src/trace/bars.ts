// The waterfall as Plotly data: one horizontal bar for each row in sight, with its seconds beside it.
import type { Kind } from '../model/kinds'
import { ROW_HEIGHT, seconds, ticks } from './model'
import type { Row } from './types'
import { secondsText } from './words'

export interface Scale {
  /** Seconds since the epoch. */
  start: number
  end: number
  now: number
  /** Pixels of the lane. */
  width: number
}

export type Colour = (token: string) => string

const THICKNESS = 11 / ROW_HEIGHT
const OPERATION_FAMILIES: Record<string, string> = {
  chat: 'resources',
  execute_tool: 'tools',
  retrieve_memory: 'memory',
  write_memory: 'memory',
}

/** The token of a bar's colour: family of the node, sort of the call, or the state where it is no success. */
export function barToken(span: Pick<Row, 'status' | 'operation' | 'kind'>, kinds: Record<string, Kind>): string {
  if (span.status === 'waiting') return 'waiting'
  if (span.status === 'error' || span.status === 'lost') return 'failed'
  if (span.status === 'running') return 'running'
  if (span.operation === 'invoke_workflow') return 'text-2'
  return `f-${OPERATION_FAMILIES[span.operation] ?? kinds[span.kind ?? '']?.family ?? 'control'}`
}

/** Plotly traces for `rows`, the first of which stands on row `first`; one that has not been read has no bar. */
export function traces(rows: (Row | null)[], first: number, scale: Scale, kinds: Record<string, Kind>, colour: Colour): Record<string, unknown>[] {
  const length = scale.end - scale.start
  const least = (2 * length) / Math.max(1, scale.width)
  const bars = rows.flatMap((span, at) => {
    if (!span) return []
    const took = seconds(span, scale.now)
    const from = Math.min(span.started_at - scale.start, length - least)
    return [{ span, took, from, wide: Math.max(took, least), place: first + at }]
  })
  const y = bars.map((bar) => bar.place)
  return [barTrace(bars, y, kinds, colour), textTrace(bars, y, length, scale.width, colour)]
}

interface Bar {
  span: Row
  place: number
  took: number
  from: number
  wide: number
}

function barTrace(bars: Bar[], y: number[], kinds: Record<string, Kind>, colour: Colour): Record<string, unknown> {
  return {
    type: 'bar',
    orientation: 'h',
    y,
    base: bars.map((bar) => bar.from),
    x: bars.map((bar) => bar.wide),
    width: THICKNESS,
    hoverinfo: 'skip',
    marker: {
      color: bars.map(({ span }) => colour(barToken(span, kinds))),
      opacity: bars.map(({ span }) => (span.kept_from ? 0.38 : span.operation.startsWith('invoke') ? 1 : 0.6)),
      line: { width: 0 },
      cornerradius: 2,
      pattern: {
        shape: bars.map(({ span }) => (span.status === 'waiting' ? '/' : span.status === 'cancelled' ? '.' : '')),
        size: 5,
        fillmode: 'replace',
        solidity: 0.4,
      },
    },
  }
}

function textTrace(bars: Bar[], y: number[], length: number, width: number, colour: Colour): Record<string, unknown> {
  const room = (70 * length) / Math.max(1, width)
  const right = bars.map((bar) => bar.from + bar.wide + room <= length)
  const inside = bars.map((bar, at) => !right[at] && bar.from < room)
  const root = (bar: Bar) => bar.span.operation === 'invoke_workflow'
  return {
    type: 'scatter',
    mode: 'text',
    y,
    x: bars.map((bar, at) => (right[at] || inside[at] ? bar.from + bar.wide : bar.from)),
    text: bars.map((bar, at) => (root(bar) ? '' : right[at] ? ` ${secondsText(bar.took)}` : `${secondsText(bar.took)} `)),
    textposition: right.map((each) => (each ? 'middle right' : 'middle left')),
    textfont: { size: 11, color: bars.map(({ span }, at) => colour(!inside[at] ? 'text-2' : span.operation.startsWith('invoke') && !span.kept_from ? 'f-ink' : 'text')) },
    hoverinfo: 'skip',
    cliponaxis: false,
  }
}

/** Plotly layout: no chrome, rows of exactly 25 px, a faint line at each tick. */
export function frame(rows: readonly unknown[], first: number, scale: Scale, colour: Colour, font: string): Record<string, unknown> {
  const length = scale.end - scale.start
  return {
    width: scale.width,
    height: rows.length * ROW_HEIGHT,
    margin: { l: 0, r: 0, t: 0, b: 0, pad: 0 },
    barmode: 'overlay',
    showlegend: false,
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    font: { family: font },
    xaxis: {
      range: [0, length],
      tickvals: ticks(length),
      showticklabels: false,
      gridcolor: colour('line'),
      zeroline: false,
      fixedrange: true,
    },
    yaxis: { range: [first + rows.length - 0.5, first - 0.5], visible: false, fixedrange: true },
  }
}
