import { useEffect, useState } from 'react'
import type { TraceReader } from './reader'
import type { Row, Span } from './types'

/** The spans with their long values as they arrive, by id; read again where their state has changed. */
export function useWhole(reader: TraceReader, rows: Pick<Row, 'id' | 'status'>[]): ReadonlyMap<string, Span> {
  const [whole, setWhole] = useState<ReadonlyMap<string, Span>>(new Map())
  const key = rows.map((row) => `${row.id}:${row.status}`).join(' ')
  useEffect(() => {
    let stale = false
    const wanted = new Set(rows.map((row) => row.id))
    setWhole((before) => new Map([...before].filter(([id]) => wanted.has(id))))
    for (const row of rows) {
      reader.span(row.id).then(
        (span) => stale || setWhole((before) => new Map(before).set(row.id, span)),
        () => undefined, // the store reports the lost server, and the panel says what is missing
      )
    }
    return () => void (stale = true)
    // The key says when the spans are other ones, or have changed.
  }, [reader, key])
  return whole
}
