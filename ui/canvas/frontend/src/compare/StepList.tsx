import { useEffect, useRef, useState, type KeyboardEvent, type ReactElement } from 'react'
import type { Kind } from '../model/kinds'
import { Tile } from '../style/icons'
import { countText, secondsText } from '../trace/words'
import type { Visit, VisitSide } from './types'
import { changeWord, visitWords } from './words'
import type { Windows } from './windows'

const ROW = 30
const OVERSCAN = 10

interface Props {
  visits: Windows<Visit>
  kinds: Record<string, Kind>
  selected: number | null
  first: number | null
  onNeed: (first: number, last: number) => void
  onVisit: (index: number) => void
}

/** The visits of both runs, aligned, one a row. Only the rows in sight are drawn, and only their windows read. */
export function StepList({ visits, kinds, selected, first, onNeed, onVisit }: Props): ReactElement {
  const scroller = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ top: 0, height: 300 })
  const from = Math.max(0, Math.floor(view.top / ROW) - OVERSCAN)
  const to = Math.min(visits.total, Math.ceil((view.top + view.height) / ROW) + OVERSCAN)
  useEffect(() => onNeed(from, to), [onNeed, from, to, visits])
  useEffect(() => {
    const observer = new ResizeObserver(() => setView((before) => ({ ...before, height: scroller.current!.clientHeight })))
    observer.observe(scroller.current!)
    return () => observer.disconnect()
  }, [])
  const rows = Array.from({ length: to - from }, (_, at) => from + at)
  const at = rows.find((row) => visits.at(row)?.index === selected)
  if (visits.total === 0) return <p className="empty t3">No step differs.</p>
  return (
    <div className="by-step">
      <div className="step-row head" aria-hidden="true"><span>Step</span><span>A</span><span>B</span><span>What differs</span></div>
      <div className="step-rows" ref={scroller} role="listbox" tabIndex={0} aria-label="Steps of both runs" data-testid="steps" aria-activedescendant={at === undefined ? undefined : `cmp-step-${at}`}
        onScroll={(event) => setView({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}
        onKeyDown={(event) => onKey(event, visits, at, scroller.current!, onVisit)}>
        <div style={{ height: visits.total * ROW, position: 'relative' }}>
          {rows.map((row) => <StepRow key={row} row={row} visit={visits.at(row)} total={visits.total} kinds={kinds} selected={selected} first={first} onVisit={onVisit} />)}
        </div>
      </div>
    </div>
  )
}

interface RowProps {
  row: number
  visit: Visit | undefined
  total: number
  kinds: Record<string, Kind>
  selected: number | null
  first: number | null
  onVisit: (index: number) => void
}

function StepRow({ row, visit, total, kinds, selected, first, onVisit }: RowProps): ReactElement {
  if (!visit) return <div className="step-row t3" style={{ top: row * ROW }} role="option" aria-selected={false}>…</div>
  const classes = ['step-row', visit.index === selected ? 'sel' : '', visit.changes.length === 0 ? 'same' : '', visit.index === first ? 'first' : ''].join(' ')
  return (
    <div className={classes} style={{ top: row * ROW }} id={`cmp-step-${row}`} role="option" aria-selected={visit.index === selected} aria-setsize={total} aria-posinset={row + 1}
      data-testid={`step-${visit.index}`} onClick={() => onVisit(visit.index)}>
      <span className="row ell" style={{ paddingLeft: visit.depth * 14 }}>
        <Tile family={kinds[visit.kind]?.family ?? 'tools'} kind={visit.kind} size={16} />
        <span className="ell"><b>{visit.label}</b> <span className="t3">{visitWords(visit)}</span></span>
      </span>
      <Took side={visit.left} /><Took side={visit.right} />
      <span className="ell">{visit.changes.length === 0 ? 'same' : !visit.right ? 'only in A' : !visit.left ? 'only in B' : visit.changes.map(changeWord).join(', ')}{visit.index === first && <span className="chip waiting">first</span>}</span>
    </div>
  )
}

function Took({ side }: { side: VisitSide | null }): ReactElement {
  if (!side) return <span className="t3 num">—</span>
  const outcome = side.status === 'ok' ? (side.outcome && side.outcome !== 'done' ? ` ${side.outcome}` : '') : ` ${side.status}`
  return <span className="num ell">{side.kept ? 'taken over' : secondsText(side.seconds)}{side.tokens > 0 && ` · ${countText(side.tokens)} tok`}{outcome && <b>{outcome}</b>}</span>
}

function onKey(event: KeyboardEvent, visits: Windows<Visit>, at: number | undefined, scroller: HTMLElement, onVisit: (index: number) => void): void {
  const here = at ?? Math.floor(scroller.scrollTop / ROW) - 1
  const page = Math.max(1, Math.floor(scroller.clientHeight / ROW) - 1)
  const to = { ArrowDown: here + 1, ArrowUp: here - 1, PageDown: here + page, PageUp: here - page, Home: 0, End: visits.total - 1 }[event.key]
  if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return
  event.preventDefault()
  event.stopPropagation()
  const row = Math.max(0, Math.min(visits.total - 1, to))
  if (row * ROW < scroller.scrollTop) scroller.scrollTop = row * ROW
  else if ((row + 1) * ROW > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = (row + 1) * ROW - scroller.clientHeight
  const visit = visits.at(row)
  if (visit) onVisit(visit.index)
}
