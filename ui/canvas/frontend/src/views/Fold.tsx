import { useState, type ReactElement, type ReactNode } from 'react'

/** Long text, cut until it is asked for in full. */
export function Fold({ text, most = 320, lines = 6, children }: { text: string; most?: number; lines?: number; children?: (shown: string) => ReactNode }): ReactElement {
  const [all, setAll] = useState(false)
  const long = text.length > most || text.split('\n').length > lines
  const shown = all || !long ? text : cut(text, most, lines)
  return (
    <>
      <span className="v-text">{children ? children(shown) : shown}</span>
      {long && <button className="link xs v-more" aria-expanded={all} onClick={() => setAll(!all)}>{all ? 'Show less' : `Show all ${text.length.toLocaleString('en-US')} characters`}</button>}
    </>
  )
}

function cut(text: string, most: number, lines: number): string {
  return `${text.split('\n').slice(0, lines).join('\n').slice(0, most).trimEnd()}…`
}
