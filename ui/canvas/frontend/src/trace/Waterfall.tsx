import { useContext, useEffect, useRef, useState } from 'react'
import type { Kind } from '../model/kinds'
import { frame, traces } from './bars'
import { ROW_HEIGHT } from './model'
import { ThemeMark } from './theme'
import type { Row } from './types'

interface Props {
  /** Null for a row that has not been read. */
  rows: (Row | null)[]
  /** Index of the first of them among all. */
  first: number
  start: number
  end: number
  now: number
  kinds: Record<string, Kind>
}

/** Bars for the rows in sight, drawn by Plotly under the rows' own clicks. */
export function Waterfall({ rows, first, start, end, now, kinds }: Props) {
  const lane = useRef<HTMLDivElement>(null)
  const theme = useContext(ThemeMark)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const element = lane.current!
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => {
      observer.disconnect()
      void plotly().then((library) => library.purge(element))
    }
  }, [])
  useEffect(() => {
    const element = lane.current!
    let stale = false
    void plotly().then((library) => {
      if (stale || width === 0 || rows.length === 0) return
      const scale = { start, end, now, width }
      const colour = colourReader(element)
      const layout = frame(rows, first, scale, colour, getComputedStyle(element).fontFamily)
      void library.react(element, traces(rows, first, scale, kinds, colour), layout, { staticPlot: true, displayModeBar: false, responsive: false })
    })
    return () => void (stale = true)
  }, [rows, first, start, end, now, width, kinds, theme])
  return <div className="lane" ref={lane} aria-hidden="true" style={{ top: first * ROW_HEIGHT, height: rows.length * ROW_HEIGHT }} />
}

// Loaded when the first trace opens: it is larger than everything else together.
function plotly() {
  return (loaded ??= import('plotly.js-basic-dist-min').then((module) => module.default))
}

let loaded: Promise<typeof import('plotly.js-basic-dist-min').default> | null = null

/** Plotly takes no CSS variables: reads what a token comes to in the theme shown. */
function colourReader(element: HTMLElement): (token: string) => string {
  const probe = element.parentElement!.appendChild(document.createElement('i'))
  const known = new Map<string, string>()
  queueMicrotask(() => probe.remove())
  return (token) => {
    if (!known.has(token)) {
      probe.style.color = `var(--${token})`
      known.set(token, getComputedStyle(probe).color)
    }
    return known.get(token)!
  }
}
