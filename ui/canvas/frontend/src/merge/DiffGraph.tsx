import { useEffect, useMemo, useRef, useState, type CSSProperties, type KeyboardEvent, type ReactElement } from 'react'
import { neighbour, type Direction } from '../compare/neighbour'
import { nodeName } from '../model/document'
import type { Rect } from '../model/geometry'
import type { Kinds } from '../model/kinds'
import { Tile } from '../style/icons'
import { SIGNS, wordsOf, type EdgeMark, type Marked, type MarkedEdge } from './marks'
import { curve, placed, type Placed } from './place'

/** Smaller, names could not be read: then the graph is scrolled. */
const LEAST_SCALE = 0.5
/** Pixels on the screen that a name should have, and canvas units it may take for it. */
const TEXT = 12
const MOST_TEXT = 20
const ARROWS: Record<string, Direction> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' }
const ON_EDGE: Partial<Record<EdgeMark, string>> = { added: '+ new', removed: '− gone', moved: 'moved here', left: 'moved away' }

interface Props {
  marked: Marked
  kinds: Kinds
  selected: string | null
  onSelect: (id: string | null) => void
  /** Nodes where somebody has to choose. */
  asked?: ReadonlySet<string>
}

/** Two documents on one graph: a sign, a word and a border for what is new, gone or changed. */
export function DiffGraph({ marked, kinds, selected, onSelect, asked }: Props): ReactElement {
  const ground = useRef<HTMLDivElement>(null)
  const size = useSize(ground)
  const [plan, setPlan] = useState<Placed | null>(null)
  useEffect(() => {
    let left = false
    void placed(marked.document, marked.marks, kinds).then((found) => !left && setPlan(found))
    return () => { left = true }
  }, [marked, kinds])
  const ids = useMemo(() => (plan ? [...plan.boxes.keys()].sort((a, b) => plan.boxes.get(b)!.w - plan.boxes.get(a)!.w) : []), [plan])
  if (!plan) return <div className="dg-ground" ref={ground} />
  const scale = Math.min(1.1, Math.max(LEAST_SCALE, Math.min((size.width - 16) / plan.width, (size.height - 60) / plan.height)))
  const left = Math.max(8, (size.width - plan.width * scale) / 2)
  const top = Math.max(48, (size.height - plan.height * scale) / 2)
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const direction = ARROWS[event.key]
    const from = (event.target as HTMLElement).dataset['node']
    if (!direction || !from) return
    event.preventDefault()
    const to = neighbour([...plan.boxes].map(([id, box]) => ({ id, x: box.x, y: box.y, width: box.w })), from, direction)
    if (!to) return
    onSelect(to)
    event.currentTarget.querySelector<HTMLElement>(`[data-node="${to}"]`)?.focus()
  }
  const tabbed = selected && plan.boxes.has(selected) ? selected : ids.find((id) => marked.changes.has(id)) ?? ids[0]
  return (
    <div className="dg-ground" ref={ground} role="group" aria-label="The workflow with what changed; arrow keys go from node to node" data-testid="diff-graph" onClick={(event) => { if (event.target === event.currentTarget) onSelect(null) }}>
      <div className="dg" style={{ left, top, width: plan.width, height: plan.height, transform: `scale(${scale})`, '--dg-text': `${Math.min(MOST_TEXT, Math.max(14, TEXT / scale))}px` } as CSSProperties} onKeyDown={onKeyDown}>
        <Lines marked={marked} boxes={plan.boxes} />
        {ids.map((id) => <Card key={id} id={id} marked={marked} kinds={kinds} box={plan.boxes.get(id)!} selected={id === selected} tabbed={id === tabbed} asked={asked?.has(id) ?? false} onSelect={onSelect} />)}
        <EdgeWords marked={marked} boxes={plan.boxes} />
      </div>
      <div className="dg-space" style={{ width: left + plan.width * scale, height: top + plan.height * scale }} />
    </div>
  )
}

function Card({ id, marked, kinds, box, selected, tabbed, asked, onSelect }: { id: string; marked: Marked; kinds: Kinds; box: Rect; selected: boolean; tabbed: boolean; asked: boolean; onSelect: (id: string) => void }): ReactElement {
  const node = marked.document.nodes[id]!
  const kind = kinds[node.kind]
  const mark = marked.marks.get(id) ?? 'same'
  const changes = marked.changes.get(id) ?? []
  const words = asked ? 'to decide' : wordsOf(mark, changes)
  const name = nodeName(id, node, kind?.title)
  const classes = ['dg-card', `m-${mark}`, kind?.frame ? 'frame' : '', selected ? 'sel' : '', asked ? 'asked' : '', mark === 'same' && changes.length ? 'm-edges' : ''].filter(Boolean).join(' ')
  return (
    <button className={classes} style={{ left: box.x, top: box.y, width: box.w, height: box.h }} tabIndex={tabbed ? 0 : -1} aria-pressed={selected} aria-label={`${name}: ${words}`}
      data-node={id} data-mark={mark} data-testid={`diff-${id}`} onClick={() => onSelect(id)}>
      <span className="dg-name"><Tile family={kind?.family ?? 'tools'} kind={node.kind} size={20} /><span className="ell">{name}</span></span>
      {(mark !== 'same' || changes.length > 0 || asked) && <span className="dg-mark"><b aria-hidden="true">{asked ? '?' : SIGNS[mark] || '~'}</b>{words}</span>}
    </button>
  )
}

/** Flow and resources; data only where it changed, as it would hide the rest. */
function shown(marked: Marked): MarkedEdge[] {
  return marked.edges.filter((each) => each.sort !== 'data' || each.mark !== 'same')
}

function isInside(marked: Marked, { edge }: MarkedEdge): boolean {
  return marked.document.nodes[edge.target]?.parent === edge.source
}

function Lines({ marked, boxes }: { marked: Marked; boxes: ReadonlyMap<string, Rect> }): ReactElement {
  return (
    <svg className="dg-lines" aria-hidden="true">
      <defs>
        {(['same', 'added', 'removed', 'moved', 'left'] as const).map((mark) => (
          <marker key={mark} id={`dg-${mark}`} className={`e-${mark}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" orient="auto" markerUnits="userSpaceOnUse"><path d="M0 .5 7.5 4 0 7.5z" /></marker>
        ))}
      </defs>
      {shown(marked).map((each) => {
        const line = curve(each, boxes, isInside(marked, each))
        return line && <path key={each.key} className={`dg-edge e-${each.mark} s-${each.sort}`} data-edge={each.key} data-mark={each.mark} d={line.path} markerEnd={each.sort === 'attach' ? undefined : `url(#dg-${each.mark})`} />
      })}
    </svg>
  )
}

function EdgeWords({ marked, boxes }: { marked: Marked; boxes: ReadonlyMap<string, Rect> }): ReactElement {
  return (
    <>
      {shown(marked).map((each) => {
        const line = curve(each, boxes, isInside(marked, each))
        const words = ON_EDGE[each.mark]
        const whole = marked.marks.get(each.edge.source) === each.mark || marked.marks.get(each.edge.target) === each.mark
        return line && words && !whole ? <span key={each.key} className={`dg-word e-${each.mark}`} style={{ left: line.x, top: line.y }}>{words}</span> : null
      })}
    </>
  )
}

export function Legend(): ReactElement {
  return (
    <p className="dg-legend xs t2" data-testid="diff-legend">
      <span className="m-added"><b>+</b> new</span>
      <span className="m-removed"><b>−</b> gone</span>
      <span className="m-changed"><b>~</b> changed</span>
      <span><svg viewBox="0 0 30 8" aria-hidden="true"><path className="dg-edge e-added" d="M0 4h30" /></svg>new edge</span>
      <span><svg viewBox="0 0 30 8" aria-hidden="true"><path className="dg-edge e-removed" d="M0 4h30" /></svg>edge gone</span>
      <span><svg viewBox="0 0 30 8" aria-hidden="true"><path className="dg-edge e-moved" d="M0 4h30" /></svg>edge moved</span>
    </p>
  )
}

function useSize(element: React.RefObject<HTMLDivElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 900, height: 600 })
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => entry && setSize({ width: entry.contentRect.width, height: entry.contentRect.height }))
    if (element.current) observer.observe(element.current)
    return () => observer.disconnect()
  }, [element, element.current]) // eslint-disable-line
  return size
}
