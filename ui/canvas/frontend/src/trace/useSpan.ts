import { useEffect, useState } from 'react'
import type { TraceStore } from './store'
import type { Span } from './types'

/** The spans with their long values, as they arrive; what the list holds stands in until then. */
export function useWhole(store: TraceStore, spans: Span[]): Span[] {
  const [whole, setWhole] = useState<ReadonlyMap<string, Span>>(new Map())
  const key = spans.map((span) => `${span.id}:${span.status}`).join(' ')
  useEffect(() => {
    let stale = false
    for (const span of spans) {
      store.span(span.id).then(
        (full) => stale || setWhole((before) => new Map(before).set(span.id, full)),
        () => undefined, // the list's shortened values stay, and the store reports the lost server
      )
    }
    return () => void (stale = true)
    // The key says when the spans are other ones, or have changed.
  }, [store, key])
  return spans.map((span) => whole.get(span.id) ?? span)
}
