import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { Kind } from '../model/kinds'
import { Icon } from '../style/icons'
import { type CommentActs, Comments } from './Comments'
import { sectionsOf } from './sections'
import { seconds } from './model'
import { Sign } from './signs'
import { StateChip } from './StateChip'
import { useStateAround } from './StateDiff'
import { SpanTile } from './Steps'
import type { TraceReader } from './reader'
import type { Around, Row } from './types'
import { useWhole } from './useSpan'
import { countText, secondsText, SPAN_MARKS, usdText } from './words'

/** Calls of a node that are shown whole. */
const MOST_CALLS = 20

export interface PanelActs extends CommentActs {
  select: (span: string) => void
  copyLink: () => void
  /** Null where the span belongs to no step that can be forked at. */
  fork: ((changes?: object) => void) | null
  pin: (() => Promise<void>) | null
}

interface Props {
  reader: TraceReader
  around: Around
  kinds: Record<string, Kind>
  /** The workflow has state variables. */
  hasState: boolean
  start: number
  now: number
  acts: PanelActs
  /** What rules and models say went wrong, and where it stands. */
  failure: ReactNode
  failurePlace: 'first' | 'last' | null
}

/** Everything about one span on one scroll; the tabs jump and follow. */
export function SpanPanel({ reader, around, kinds, hasState, start, now, acts, failure, failurePlace }: Props) {
  const { row } = around
  const calls = row.operation === 'invoke_workflow' ? [] : around.children.filter((each) => !each.operation.startsWith('invoke')).slice(0, MOST_CALLS)
  const whole = useWhole(reader, [row, ...calls])
  const inNode = around.path.some((each) => each.operation === 'invoke_node')
  const state = useStateAround(reader, row.id, hasState && inNode)
  const sections = sectionsOf({ around, whole, calls, state, onSelect: acts.select })
  const wrong: Section[] = [{ name: 'What went wrong', body: failure }]
  const all = [
    ...(failurePlace === 'first' ? wrong : []),
    ...sections,
    ...(failurePlace === 'last' ? wrong : []),
    { name: 'Comments', count: around.comments.length || undefined, body: <Comments key={row.id} comments={around.comments} acts={acts} /> },
  ]
  return (
    <aside className="det" aria-label={`${row.name}, ${SPAN_MARKS[row.status].word}`} data-panel data-of={row.id}>
      <PanelHead row={row} kinds={kinds} start={start} now={now} step={around.step} acts={acts} />
      <Actions acts={acts} comments={around.comments.length} />
      <Parts key={row.id} sections={all} />
    </aside>
  )
}

function PanelHead({ row, kinds, start, now, step, acts }: { row: Row; kinds: Record<string, Kind>; start: number; now: number; step: number | null; acts: PanelActs }) {
  const from = row.started_at - start
  const tokens = row.input_tokens + row.output_tokens
  const facts = [
    step !== null && row.operation === 'invoke_node' && `Step ${countText(step + 1)}`,
    `${secondsText(from)} to ${secondsText(from + seconds(row, now))}`,
    tokens > 0 && `${countText(row.input_tokens)} in, ${countText(row.output_tokens)} out`,
    row.model,
    tokens > 0 && (row.usd === null ? 'no list price' : usdText(row.usd)),
    (row.attempt ?? 1) > 1 && `attempt ${row.attempt}`,
  ]
  return (
    <div className="dh">
      <SpanTile span={row} kinds={kinds} />
      <div className="grow">
        <h2 className="nm ell">
          {row.name} <span className="t3 light">{row.depth === 0 ? 'the whole run' : row.visit && row.operation === 'invoke_node' ? `visit ${row.visit}` : row.operation.replaceAll('_', ' ')}{row.item === null ? '' : `, item ${row.item + 1}`}</span>
        </h2>
        <div className="xs t3 num">{facts.filter(Boolean).join(' · ')}</div>
      </div>
      {row.outcome && row.outcome !== 'done' && row.status === 'ok' && <span className="chip line">{row.outcome}</span>}
      {row.kept_from && <span className="chip" title="Taken from the run this one was forked from">kept</span>}
      <StateChip mark={SPAN_MARKS[row.status]} />
      <LinkButton onCopy={acts.copyLink} />
    </div>
  )
}

function LinkButton({ onCopy }: { onCopy: () => void }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <>
      {copied && <span className="xs st-done" role="status">Link copied</span>}
      <button className="btn ghost sm icon" aria-label="Copy link to this step" title="Copy link to this step" data-testid="copy-link" onClick={() => { onCopy(); setCopied(true) }}><Icon name="share" size={14} /></button>
    </>
  )
}

function Actions({ acts, comments }: { acts: PanelActs; comments: number }) {
  const [said, setSaid] = useState('')
  const pin = acts.pin
  const focusComment = (event: { currentTarget: HTMLElement }) => {
    const field = event.currentTarget.closest('[data-panel]')?.querySelector<HTMLElement>('[data-testid=comment-text]')
    field?.scrollIntoView({ block: 'center' })
    field?.focus()
  }
  return (
    <div className="acts">
      {acts.fork && <button className="btn primary" data-testid="fork-here" title="Fork from here (F)" onClick={() => acts.fork!()}><Icon name="fork" />Fork from here</button>}
      {pin && <button className="btn ghost" title="Pin this output: runs from the canvas take it instead of running the node" onClick={() => void pin().then(() => setSaid('Pinned in the workflow'), (error: Error) => setSaid(error.message))}><Sign name="pin" />Pin</button>}
      <button className="btn ghost" title="Comment (C)" data-testid="comment-here" onClick={focusComment}><Sign name="comment" />Comment {comments > 0 && <span className="count">{comments}</span>}</button>
      {said && <span className="xs t3" role="status">{said}</span>}
    </div>
  )
}

export interface Section {
  name: string
  count?: number
  note?: string
  body: ReactNode
}

function Parts({ sections }: { sections: Section[] }) {
  const scroller = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState(0)
  useEffect(() => { scroller.current!.scrollTop = 0 }, [])
  const jump = (index: number) => {
    setAt(index)
    scroller.current!.children[index]?.scrollIntoView({ block: 'start' })
  }
  return (
    <>
      <div className="tabs" role="tablist" aria-label="Parts of this step">
        {sections.map((section, index) => (
          <button key={index} role="tab" aria-selected={index === Math.min(at, sections.length - 1)} onClick={() => jump(index)}>
            {section.name} {section.count !== undefined && <span className="count">{section.count}</span>}
          </button>
        ))}
      </div>
      <div className="parts-scroll" ref={scroller} onScroll={(event) => setAt(sectionAt(event.currentTarget))}>
        {sections.map((section) => (
          <section className="sec" key={section.name} aria-label={section.name}>
            <h3>{section.name} {section.note && <span className="t3">{section.note}</span>}</h3>
            {section.body}
          </section>
        ))}
      </div>
    </>
  )
}

function sectionAt(scroller: HTMLElement): number {
  const atEnd = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1
  const all = [...scroller.children] as HTMLElement[]
  const passed = all.filter((each) => each.offsetTop - scroller.offsetTop <= scroller.scrollTop + 12).length - 1
  return atEnd && scroller.scrollTop > 0 ? Math.max(passed, firstInSight(all, scroller)) : Math.max(0, passed)
}

function firstInSight(all: HTMLElement[], scroller: HTMLElement): number {
  return all.findIndex((each) => each.offsetTop - scroller.offsetTop >= scroller.scrollTop)
}
