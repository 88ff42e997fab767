import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { Icon, Tile } from '../style/icons'
import { extent, ROW_HEIGHT, type Row, rows, search, ticks, type Trace, visible } from './model'
import type { Kind } from '../model/kinds'
import type { Span } from './types'
import { aside, countText, secondsText, SPAN_MARKS, usdText } from './words'
import { Waterfall } from './Waterfall'

interface Props {
  trace: Trace
  kinds: Record<string, Kind>
  now: number
  complete: boolean
  selected: string | null
  onSelect: (id: string) => void
}

/** The steps as a tree table with the waterfall beside it. Only the rows in sight are drawn. */
export function Steps({ trace, kinds, now, complete, selected, onSelect }: Props) {
  const [query, setQuery] = useState('')
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const found = useMemo(() => search(trace, query), [trace, query])
  const list = useMemo(() => rows(trace, closed, found?.shown ?? null), [trace, closed, found])
  const toggle = (id: string, open: boolean) =>
    setClosed((before) => {
      const after = new Set(before)
      if (open) after.delete(id)
      else after.add(id)
      return after
    })
  return (
    <section className="wf" aria-label="Steps">
      <div className="wtop">
        <label className="in find">
          <Icon name="search" className="t3" />
          <input type="search" value={query} placeholder="Search in this run" aria-label="Search in this run" data-search
            onChange={(event) => setQuery(event.target.value)} onKeyDown={(event) => event.key === 'Escape' && setQuery('')} />
        </label>
        {found && <span className="xs t3 num" role="status">{found.hits.size === 0 ? 'Nothing close to that. Try other words.' : `${countText(found.hits.size)} found`}</span>}
        <span className="grow" />
        <span className="xs t3 num">{complete ? `${countText(trace.byId.size)} spans` : 'reading…'}</span>
      </div>
      <Table {...{ trace, kinds, now, list, selected, onSelect, toggle }} hits={found?.hits ?? null} />
    </section>
  )
}

interface TableProps extends Omit<Props, 'complete'> {
  list: Row[]
  hits: Set<string> | null
  toggle: (id: string, open: boolean) => void
}

function Table({ trace, kinds, now, list, hits, selected, onSelect, toggle }: TableProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ top: 0, height: 500 })
  const index = list.findIndex((row) => row.span.id === selected)
  useEffect(() => watchSize(scroller.current!, (height) => setView((before) => ({ ...before, height }))), [])
  useEffect(() => keepInSight(scroller.current!, index), [index])
  const [first, last] = visible(view.top, view.height, list.length)
  const span = extent(trace, now)
  const drawn = list.slice(first, last)
  const many = useMemo(() => manyVisits(trace), [trace])
  return (
    <>
      <div className="wr hd" aria-hidden="true">
        <span>Step</span><span className="r">Tokens</span><span className="r">Cost</span>
        <Axis length={span.end - span.start} />
      </div>
      <div className="rows" ref={scroller} role="tree" tabIndex={0} aria-label="Steps of the run" data-tree
        aria-activedescendant={index >= first && index < last ? rowId(selected!) : undefined}
        onScroll={(event) => setView({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}
        onKeyDown={(event) => onTreeKey(event, list, index, trace, onSelect, toggle)}>
        <div className="rows-all" style={{ height: list.length * ROW_HEIGHT }}>
          {drawn.map((row, at) => (
            <StepRow key={row.span.id} row={row} at={first + at} selected={row.span.id === selected} hit={hits?.has(row.span.id) ?? false}
              many={many.has(row.span.node_id ?? '')} trace={trace} kinds={kinds} now={now} onSelect={onSelect} toggle={toggle} />
          ))}
          <Waterfall rows={drawn} first={first} start={span.start} end={span.end} now={now} kinds={kinds} />
        </div>
      </div>
    </>
  )
}

function Axis({ length }: { length: number }) {
  return (
    <span className="axis num">
      {ticks(length).map((at) => <span key={at} style={{ left: `${(100 * at) / length}%` }}>{axisText(at, length)}</span>)}
      <span style={{ right: 0 }}>{secondsText(length)}</span>
    </span>
  )
}

function axisText(value: number, length: number): string {
  if (value === 0) return '0 s'
  return length >= 120 ? secondsText(value) : String(Number(value.toPrecision(3)))
}

interface RowProps {
  row: Row
  at: number
  selected: boolean
  hit: boolean
  many: boolean
  trace: Trace
  kinds: Record<string, Kind>
  now: number
  onSelect: (id: string) => void
  toggle: (id: string, open: boolean) => void
}

function StepRow({ row, at, selected, hit, many, trace, kinds, onSelect, toggle }: RowProps) {
  const { span } = row
  const figures = trace.figures(span)
  const mark = SPAN_MARKS[span.status]
  const isNode = span.operation === 'invoke_node' || span.operation === 'invoke_workflow'
  return (
    <div className={`wr ${selected ? 'sel' : ''} ${hit ? 'hit-row' : ''} ${at % 2 ? 'even' : ''}`} id={rowId(span.id)} style={{ top: at * ROW_HEIGHT }}
      role="treeitem" aria-level={row.depth + 1} aria-selected={selected} aria-expanded={row.children > 0 ? row.open : undefined}
      aria-setsize={row.siblings} aria-posinset={row.position + 1} data-span={span.id} data-operation={span.operation}
      onClick={() => onSelect(span.id)}>
      <span className="n" style={{ paddingLeft: row.depth * 16 }}>
        {row.children > 0 ? (
          <button className="twist" tabIndex={-1} aria-label={row.open ? 'Close' : 'Open'}
            onClick={(event) => { event.stopPropagation(); toggle(span.id, !row.open) }}>
            <Icon name={row.open ? 'down' : 'right'} size={12} />
          </button>
        ) : <span className="twist" />}
        {span.operation !== 'invoke_workflow' && <SpanTile span={span} kinds={kinds} size={16} />}
        <span className={isNode ? 'b ell' : 't2 ell'}>{span.name}</span>
        {span.status !== 'ok' && <span className={`state st-${mark.tone}`}><Icon name={mark.icon} size={12} className={mark.icon === 'arc' ? 'spin' : ''} />{mark.word}</span>}
        <span className="t3 ell">{aside(span, many)}</span>
      </span>
      <span className="r num">{figures.tokens > 0 ? countText(figures.tokens) : '—'}</span>
      <span className="r num">{figures.tokens > 0 ? usdText(figures.usd) : '—'}</span>
      <span className="vh">{secondsText(Math.max(0, (span.ended_at ?? span.started_at) - span.started_at))}</span>
    </div>
  )
}

const OPERATION_TILES: Record<string, [string, string]> = {
  chat: ['resources', 'resource.model'],
  execute_tool: ['tools', 'tools.call'],
  retrieve_memory: ['memory', 'memory.recall'],
  write_memory: ['memory', 'memory.remember'],
}

/** The tile of a node's kind, or of the sort of call. */
export function SpanTile({ span, kinds, size }: { span: Span; kinds: Record<string, Kind>; size?: 16 | 20 }) {
  const own = OPERATION_TILES[span.operation]
  const family = own?.[0] ?? kinds[span.kind ?? '']?.family ?? 'control'
  const kind = own && !(span.operation === 'execute_tool' && span.kind?.startsWith('tool.')) ? own[1] : (span.kind ?? 'start')
  return size ? <Tile family={family} kind={kind} size={size} /> : <Tile family={family} kind={kind} />
}

function rowId(span: string): string {
  return `span-${span}`
}

function manyVisits(trace: Trace): Set<string> {
  const found = new Set<string>()
  for (const span of trace.byId.values()) if ((span.visit ?? 1) > 1 && span.node_id) found.add(span.node_id)
  return found
}

function watchSize(element: HTMLElement, onHeight: (height: number) => void): () => void {
  const observer = new ResizeObserver(() => onHeight(element.clientHeight))
  observer.observe(element)
  return () => observer.disconnect()
}

function keepInSight(scroller: HTMLElement, index: number): void {
  if (index < 0) return
  const [top, bottom] = [index * ROW_HEIGHT, (index + 1) * ROW_HEIGHT]
  if (top < scroller.scrollTop) scroller.scrollTop = top
  else if (bottom > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = bottom - scroller.clientHeight
}

function onTreeKey(
  event: KeyboardEvent, list: Row[], index: number, trace: Trace,
  onSelect: (id: string) => void, toggle: (id: string, open: boolean) => void,
): void {
  const row = list[index]
  const to = (at: number) => {
    const next = list[Math.min(list.length - 1, Math.max(0, at))]
    if (next) onSelect(next.span.id)
  }
  const acts: Record<string, () => void> = {
    ArrowDown: () => to(index + 1),
    ArrowUp: () => to(index - 1),
    PageDown: () => to(index + 15),
    PageUp: () => to(index - 15),
    Home: () => to(0),
    End: () => to(list.length - 1),
    ArrowRight: () => row && row.children > 0 && (row.open ? to(index + 1) : toggle(row.span.id, true)),
    ArrowLeft: () => {
      if (row && row.children > 0 && row.open) toggle(row.span.id, false)
      else if (row?.span.parent_id && trace.byId.has(row.span.parent_id)) onSelect(row.span.parent_id)
    },
  }
  const act = acts[event.key]
  if (!act || event.altKey || event.ctrlKey || event.metaKey) return
  event.preventDefault()
  event.stopPropagation()
  act()
}
