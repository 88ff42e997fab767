import { useEffect, useState } from 'react'
import type { Kind } from '../model/kinds'
import { Excerpt } from './Excerpt'
import { problemOf, type TraceReader } from './reader'
import { StateChip } from './StateChip'
import { SpanTile } from './Steps'
import type { FoundSpan } from './types'
import { countText, momentText, operationWord, RUN_MARKS } from './words'

const PAUSE_MS = 200
const ASK_AGAIN_MS = 60

interface Found {
  hits: FoundSpan[]
  next: number | null
  searched: number
  of: number
}

interface Props {
  reader: TraceReader
  query: string
  kinds: Record<string, Kind>
  onOpen: (run: string, span: string) => void
}

/** What all runs hold of the words: the newest first, each with its run. */
export function Everywhere({ reader, query, kinds, onOpen }: Props) {
  const [found, setFound] = useState<Found | null>(null)
  const [problem, setProblem] = useState('')
  useEffect(() => {
    let stale = false
    let timer: ReturnType<typeof setTimeout>
    setFound(null)
    const ask = () => reader.searchAll(query, null).then((answer) => {
      if (stale) return
      setFound(answer)
      setProblem('')
      if (answer.searched < answer.of) timer = setTimeout(() => void ask(), ASK_AGAIN_MS)
    }, (error: unknown) => stale || setProblem(problemOf(error).what))
    if (query.trim()) timer = setTimeout(() => void ask(), PAUSE_MS)
    return () => { stale = true; clearTimeout(timer) }
  }, [reader, query])
  if (!query.trim()) return <p className="empty t3">Type what you look for: words of a prompt, an answer, a tool call, an error.</p>
  if (problem) return <p className="empty st-failed" role="alert">{problem}</p>
  if (!found) return <p className="empty t3">Searching all runs…</p>
  const more = async () => {
    const answer = await reader.searchAll(query, found.next)
    setFound({ ...answer, hits: [...found.hits, ...answer.hits] })
  }
  return (
    <div className="everywhere" role="region" aria-label="Found in all runs" tabIndex={0}>
      {found.searched < found.of && <p className="xs t3 num" role="status">{countText(found.searched)} of {countText(found.of)} spans searched so far…</p>}
      {found.hits.length === 0 && found.searched >= found.of && <p className="empty t3">Nothing close to that in any run. Try other words.</p>}
      <ul>{found.hits.map((hit) => <HitItem key={hit.span.id} hit={hit} kinds={kinds} onOpen={onOpen} />)}</ul>
      {found.next !== null && <button className="btn sm" onClick={() => void more().catch((error: unknown) => setProblem(problemOf(error).what))}>More</button>}
    </div>
  )
}

function HitItem({ hit, kinds, onOpen }: { hit: FoundSpan; kinds: Record<string, Kind>; onOpen: Props['onOpen'] }) {
  const { run, span } = hit
  return (
    <li>
      <button data-testid="found-span" onClick={() => onOpen(run.number, span.id)}>
        <span className="row">
          <SpanTile span={span} kinds={kinds} size={16} /><b className="ell">{span.name}</b><span className="t3 xs">{span.operation === 'invoke_node' ? '' : operationWord(span)}</span>
          <span className="grow" /><span className="t3 xs ell">{run.title}</span><span className="mono">{run.number}</span><StateChip mark={RUN_MARKS[run.status]} />
        </span>
        <span className="found-text"><Excerpt text={hit.excerpt} /></span>
        <span className="xs t3">{momentText(span.started_at)}</span>
      </button>
    </li>
  )
}
