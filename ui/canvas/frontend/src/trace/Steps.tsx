import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { Icon, Tile } from '../style/icons'
import type { Kind } from '../model/kinds'
import { Excerpt } from './Excerpt'
import { Sign } from './signs'
import { ROW_HEIGHT, ticks, visible } from './model'
import type { Tree, TreeState } from './tree'
import { TrialSign } from './TrialSign'
import type { TrialMark } from './trials'
import type { Row } from './types'
import { aside, countText, secondsText, SPAN_MARKS, usdText } from './words'
import { Waterfall } from './Waterfall'

interface Props {
  tree: Tree
  kinds: Record<string, Kind>
  start: number
  end: number
  now: number
  selected: string | null
  /** Span -> what trying a correction there came to. */
  marks: ReadonlyMap<string, TrialMark>
  onSelect: (id: string) => void
  onToggle: (row: Row, open: boolean) => void
}

/** The steps as a tree table with the waterfall beside it. Only the rows in sight are read and drawn. */
export function Steps({ tree, kinds, start, end, now, selected, marks, onSelect, onToggle }: Props) {
  const state = useSyncExternalStore(tree.subscribe, tree.snapshot)
  const scroller = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ top: 0, height: 500 })
  const { window: here, at } = state
  const [first, last] = visible(view.top, view.height, here.total)
  useEffect(() => watchSize(scroller.current!, (height) => setView((before) => ({ ...before, height }))), [])
  useEffect(() => { if (at !== null) keepInSight(scroller.current!, at) }, [state.scroll, at])
  useEffect(() => { tree.look(first, last) }, [tree, first, last, here])
  useEffect(() => { if (document.activeElement === document.body) scroller.current?.focus({ preventScroll: true }) }, [])
  const drawn = Array.from({ length: last - first }, (_, index) => here.rows.get(first + index) ?? null)
  return (
    <>
      <div className="wr hd" aria-hidden="true">
        <span>Step</span><span className="r">Tokens</span><span className="r">Cost</span>
        <Axis length={end - start} />
      </div>
      <div className="rows" ref={scroller} role="tree" tabIndex={0} aria-label="Steps of the run" data-tree
        aria-activedescendant={selected && at !== null && at >= first && at < last ? rowId(selected) : undefined}
        onScroll={(event) => setView({ top: event.currentTarget.scrollTop, height: event.currentTarget.clientHeight })}
        onKeyDown={(event) => onTreeKey(event, tree, state, scroller, onSelect, onToggle)}>
        <div className="rows-all" style={{ height: here.total * ROW_HEIGHT }}>
          {drawn.map((row, index) => row ? (
            <StepRow key={row.id} row={row} at={first + index} selected={row.id === selected} mark={marks.get(row.id)} kinds={kinds} onSelect={onSelect} onToggle={onToggle} />
          ) : <div key={first + index} className={`wr unread ${(first + index) % 2 ? 'even' : ''}`} style={{ top: (first + index) * ROW_HEIGHT }} aria-hidden="true"><span className="n"><i /></span></div>)}
          <Waterfall rows={drawn} first={first} start={start} end={end} now={now} kinds={kinds} />
        </div>
        {state.found === 0 && state.searched >= state.of && <p className="empty t3">Nothing close to that. Try other words, or search all runs.</p>}
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
  if (length >= 7200 && value % 3600 === 0) return `${value / 3600} h`
  if (length >= 150 && value % 60 === 0) return `${value / 60} min`
  return length >= 150 ? secondsText(value) : String(Number(value.toPrecision(3)))
}

interface RowProps {
  row: Row
  at: number
  selected: boolean
  mark: TrialMark | undefined
  kinds: Record<string, Kind>
  onSelect: (id: string) => void
  onToggle: (row: Row, open: boolean) => void
}

function StepRow({ row, at, selected, mark, kinds, onSelect, onToggle }: RowProps) {
  const tokens = row.input_tokens + row.output_tokens
  const isNode = row.operation.startsWith('invoke')
  return (
    <div className={`wr ${selected ? 'sel' : ''} ${row.hit ? 'hit-row' : ''} ${at % 2 ? 'even' : ''}`} id={rowId(row.id)} style={{ top: at * ROW_HEIGHT }}
      role="treeitem" aria-level={row.depth + 1} aria-selected={selected} aria-expanded={row.children > 0 ? row.open : undefined}
      aria-setsize={row.siblings} aria-posinset={row.position + 1} data-at={at} data-span={row.id} data-operation={row.operation}
      onClick={() => onSelect(row.id)} onDoubleClick={() => row.children > 0 && onToggle(row, !row.open)}>
      <span className="n" style={{ paddingLeft: Math.min(row.depth, 8) * 16 }}>
        {row.children > 0 ? (
          <button className="twist" tabIndex={-1} aria-label={row.open ? 'Close' : `Open, ${countText(row.below)} below`}
            onClick={(event) => { event.stopPropagation(); onToggle(row, !row.open) }}>
            <Icon name={row.open ? 'down' : 'right'} size={12} />
          </button>
        ) : <span className="twist" />}
        {row.depth > 0 && <SpanTile span={row} kinds={kinds} size={16} />}
        <span className={isNode ? 'b ell' : 't2 ell'}>{row.name}</span>
        <RowMarks row={row} />
        {mark && <TrialSign mark={mark} />}
        <span className="t3 ell">{row.hit ? <Excerpt text={row.hit} /> : rowAside(row)}</span>
        {row.comments > 0 && <span className="said" title={row.comments === 1 ? '1 comment' : `${row.comments} comments`}><Sign name="comment" />{row.comments}</span>}
      </span>
      <span className="r num">{tokens > 0 ? countText(tokens) : '—'}</span>
      <span className="r num" title={tokens > 0 && row.usd === null ? 'No list price is known' : undefined}>{tokens > 0 && row.usd !== null ? usdText(row.usd) : '—'}</span>
      <span className="vh">{secondsText(Math.max(0, (row.ended_at ?? row.started_at) - row.started_at))}</span>
    </div>
  )
}

function RowMarks({ row }: { row: Row }): ReactNode {
  const mark = SPAN_MARKS[row.status]
  if (row.status !== 'ok') return <span className={`state st-${mark.tone}`} title={row.error?.what}><Icon name={mark.icon} size={12} className={mark.icon === 'arc' ? 'spin' : ''} />{mark.word}</span>
  return row.kept_from ? <span className="state t3" title="Taken from the run this one was forked from">kept</span> : null
}

/** The grey words, and of a closed row how much is below it. */
function rowAside(row: Row): string {
  const below = row.children > 0 && !row.open ? `${countText(row.below)} below` : ''
  return [aside(row), below].filter(Boolean).join(' · ')
}

const OPERATION_TILES: Record<string, [string, string]> = {
  chat: ['resources', 'resource.model'],
  execute_tool: ['tools', 'tools.call'],
  retrieve_memory: ['memory', 'memory.recall'],
  write_memory: ['memory', 'memory.remember'],
}

/** The tile of a node's kind, or of the sort of call. */
export function SpanTile({ span, kinds, size }: { span: Pick<Row, 'operation' | 'kind'>; kinds: Record<string, Kind>; size?: 16 | 20 }) {
  const own = OPERATION_TILES[span.operation]
  const family = own?.[0] ?? kinds[span.kind ?? '']?.family ?? 'control'
  const kind = own && !(span.operation === 'execute_tool' && span.kind?.startsWith('tool.')) ? own[1] : (span.kind ?? 'start')
  return size ? <Tile family={family} kind={kind} size={size} /> : <Tile family={family} kind={kind} />
}

function rowId(span: string): string {
  return `span-${span}`
}

function watchSize(element: HTMLElement, onHeight: (height: number) => void): () => void {
  const observer = new ResizeObserver(() => onHeight(element.clientHeight))
  observer.observe(element)
  return () => observer.disconnect()
}

function keepInSight(scroller: HTMLElement, index: number): void {
  const [top, bottom] = [index * ROW_HEIGHT, (index + 1) * ROW_HEIGHT]
  const far = Math.abs(top - scroller.scrollTop) > 3 * scroller.clientHeight
  if (far) scroller.scrollTop = Math.max(0, top - scroller.clientHeight / 3)
  else if (top < scroller.scrollTop) scroller.scrollTop = top
  else if (bottom > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = bottom - scroller.clientHeight
}

function onTreeKey(
  event: KeyboardEvent, tree: Tree, state: TreeState, scroller: RefObject<HTMLDivElement | null>,
  onSelect: (id: string) => void, onToggle: (row: Row, open: boolean) => void,
): void {
  const at = state.at ?? -1
  const row = at >= 0 ? (state.window.rows.get(at) ?? null) : null
  const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 500) / ROW_HEIGHT) - 1)
  const to = (place: number) => void tree.rowAt(place).then((next) => next && onSelect(next.id))
  const acts: Record<string, () => void> = {
    ArrowDown: () => to(at + 1),
    ArrowUp: () => to(at - 1),
    PageDown: () => to(at + page),
    PageUp: () => to(at - page),
    Home: () => to(0),
    End: () => to(state.window.total - 1),
    ArrowRight: () => { if (row && row.children > 0) row.open ? to(at + 1) : onToggle(row, true) },
    ArrowLeft: () => {
      if (row && row.children > 0 && row.open) onToggle(row, false)
      else if (row?.parent_id) onSelect(row.parent_id)
    },
  }
  const act = acts[event.key]
  if (!act || event.altKey || event.ctrlKey || event.metaKey) return
  event.preventDefault()
  event.stopPropagation()
  act()
}
