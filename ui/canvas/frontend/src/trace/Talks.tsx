import { useEffect, useState } from 'react'
import { Talk } from './Conversation'
import { problemOf, type TraceReader } from './reader'
import type { Span } from './types'
import { countText } from './words'

const PAGE = 20

/** All model calls of the run as a conversation, a page at a time. */
export function Talks({ reader, onSelect }: { reader: TraceReader; onSelect: (id: string) => void }) {
  const [offset, setOffset] = useState(0)
  const [page, setPage] = useState<{ total: number; calls: Span[] } | null>(null)
  const [problem, setProblem] = useState('')
  useEffect(() => {
    let stale = false
    reader.calls(offset, PAGE, null).then((found) => stale || setPage(found), (error: unknown) => stale || setProblem(problemOf(error).what))
    return () => void (stale = true)
  }, [reader, offset])
  if (problem) return <p className="empty st-failed" role="alert">{problem}</p>
  if (!page) return <p className="empty t3">Reading the conversation…</p>
  if (page.total === 0) return <p className="empty t3">No model was called in this run.</p>
  return (
    <div className="talks" tabIndex={0} role="region" aria-label="Conversation of the run">
      <Talk calls={page.calls} onSelect={onSelect} />
      {page.total > PAGE && (
        <p className="row pager">
          <button className="btn sm" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - PAGE))}>Earlier</button>
          <span className="xs t3 num">calls {countText(offset + 1)} to {countText(Math.min(page.total, offset + PAGE))} of {countText(page.total)}</span>
          <button className="btn sm" disabled={offset + PAGE >= page.total} onClick={() => setOffset(offset + PAGE)}>Later</button>
        </p>
      )}
    </div>
  )
}
