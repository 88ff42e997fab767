import { useEffect, useMemo, useRef, useState, type CSSProperties, type KeyboardEvent, type ReactElement } from 'react'
import type { Kind } from '../model/kinds'
import { Icon, Tile } from '../style/icons'
import { type Box, layout, type Line } from '../trace/layout'
import type { TraceDocument } from '../trace/types'
import { countText, secondsText } from '../trace/words'
import { neighbour, type Direction } from './neighbour'
import type { EdgePair, Figures, NodePair, Summary } from './types'
import { nodeWords, visitWords } from './words'

const CARD_HEIGHT = 88
/** Room for the flag below a card. */
const FLAG_HEIGHT = 24
/** Smaller, the figures could not be read: then the graph is scrolled. */
const LEAST_SCALE = 0.85

interface Props {
  summary: Summary
  kinds: Record<string, Kind>
  /** The node that is looked at. */
  node: string | null
  onlyChanged: boolean
  onNode: (node: NodePair) => void
  onFirst: () => void
}

/** Both runs on one graph: the nodes and paths of the two workflows together, coloured by what changed. */
export function Graph({ summary, kinds, node, onlyChanged, onNode, onFirst }: Props): ReactElement {
  const ground = useRef<HTMLDivElement>(null)
  const size = useSize(ground)
  const shown = useMemo(() => new Map(summary.nodes.map((each) => [each.node, each])), [summary])
  const plan = useMemo(() => {
    const ran = new Set(summary.nodes.filter((each) => each.left || each.right).map((each) => each.node))
    return layout(merged(summary), ran, (id) => cardWidth(shown.get(id)!), CARD_HEIGHT + FLAG_HEIGHT)
  }, [summary, shown])
  const scale = Math.min(1.25, Math.max(LEAST_SCALE, Math.min((size.width - 48) / plan.width, (size.height - 110) / plan.height)))
  const left = Math.max(24, (size.width - plan.width * scale) / 2)
  const top = Math.max(76, 30 + (size.height - plan.height * scale) / 2)
  useEffect(() => {
    const box = plan.boxes.find((each) => each.id === node)
    if (box && ground.current) keepInSight(ground.current, left + box.x * scale, top + box.y * scale, box.width * scale, CARD_HEIGHT * scale)
  }, [node, plan, left, top, scale])
  const first = summary.first && plan.boxes.find((box) => box.id === summary.first!.node)
  const focusable = node && shown.has(node) ? node : plan.boxes[0]?.id
  return (
    <div className="cg-ground" ref={ground} role="group" aria-label="Both runs on the graph; arrow keys go from node to node" data-region="graph">
      <div className="cg" style={{ left, top, width: plan.width, height: plan.height, transform: `scale(${scale})` }}
        onKeyDown={(event) => onArrow(event, plan.boxes, shown, onNode)}>
        <Paths lines={plan.lines} edges={summary.edges} />
        {plan.boxes.map((box) => (
          <Card key={box.id} box={box} pair={shown.get(box.id)!} family={kinds[shown.get(box.id)!.kind]?.family ?? 'tools'} selected={box.id === node}
            tabbed={box.id === focusable} faded={onlyChanged && shown.get(box.id)!.changes.length === 0} first={summary.first?.node === box.id} onNode={onNode} />
        ))}
        {first && <FirstFlag summary={summary} box={first} onFirst={onFirst} />}
      </div>
      <div className="cg-space" style={{ width: left + plan.width * scale + 24, height: top + plan.height * scale + 24 }} />
    </div>
  )
}

function FirstFlag({ summary, box, onFirst }: { summary: Summary; box: Box; onFirst: () => void }): ReactElement {
  const first = summary.first!
  return (
    <button className="first-flag" style={{ left: box.x, top: box.y + CARD_HEIGHT + 5 }} onClick={onFirst} data-testid="first-flag" title="The first point where the two runs part (F)">
      <Icon name="flag" size={12} />First difference · {first.label}{first.visit > 1 || first.item !== null ? `, ${visitWords(first)}` : ''}
    </button>
  )
}

interface CardProps {
  box: Box
  pair: NodePair
  family: string
  selected: boolean
  tabbed: boolean
  faded: boolean
  first: boolean
  onNode: (node: NodePair) => void
}

function Card({ box, pair, family, selected, tabbed, faded, first, onNode }: CardProps): ReactElement {
  const words = nodeWords(pair)
  const classes = ['cmp-card', toneOf(pair), `in-${pair.within}`, selected ? 'sel' : '', faded ? 'faded' : '', first ? 'first' : ''].join(' ')
  const within = pair.within === 'both' ? '' : pair.within === 'left' ? ', in A’s workflow only' : ', in B’s workflow only'
  return (
    <button className={classes} style={{ left: box.x, top: box.y, width: box.width }} tabIndex={tabbed ? 0 : -1} aria-pressed={selected}
      aria-label={`${pair.label}${within}: ${words}`} title={`${pair.label}${within}: ${words}`} data-testid={`cmp-${pair.node}`} data-tone={toneOf(pair)} onClick={() => onNode(pair)}>
      <span className="cmp-name"><Tile family={family} kind={pair.kind} size={20} /><span className="ell">{pair.label}</span>
        {pair.within !== 'both' && <span className={`only ${pair.within}`} aria-hidden="true">{pair.within === 'left' ? 'A' : 'B'}</span>}</span>
      {(pair.left || pair.right) && <><SideLine letter="A" figures={pair.left} /><SideLine letter="B" figures={pair.right} /></>}
      <span className="cmp-words ell"><i aria-hidden="true" />{words}</span>
    </button>
  )
}

function SideLine({ letter, figures }: { letter: 'A' | 'B'; figures: Figures | null }): ReactElement {
  return (
    <span className={`cmp-line ${letter.toLowerCase()}`}>
      <b>{letter}</b>
      {figures ? <><span>{figures.kept === figures.visits ? 'taken over' : secondsText(figures.seconds)}{figures.visits > 1 && ` ×${figures.visits}`}</span><span>{figures.tokens > 0 ? countText(figures.tokens) : '—'}</span></> : <span className="none">not run</span>}
    </span>
  )
}

/** What the card is coloured by. */
export function toneOf(pair: NodePair): 'never' | 'left' | 'right' | 'same' | 'changed' {
  if (!pair.left && !pair.right) return 'never'
  if (!pair.right) return 'left'
  if (!pair.left) return 'right'
  return pair.changes.length === 0 ? 'same' : 'changed'
}

/** A's path dashed, B's solid; side by side where both took the edge. */
function Paths({ lines, edges }: { lines: Line[]; edges: EdgePair[] }): ReactElement {
  const taken = useMemo(() => new Map(edges.map((edge) => [keyOf(edge), edge])), [edges])
  return (
    <>
      <svg className="cg-lines" aria-hidden="true">
        <defs>
          {['a', 'b', 'off'].map((tone) => (
            <marker key={tone} id={`cmp-${tone}`} className={`arrow ${tone}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto" markerUnits="userSpaceOnUse"><path d="M0 .5 7.5 4 0 7.500z" /></marker>
          ))}
        </defs>
        {lines.map((line) => <Path key={keyOf(line)} line={line} edge={taken.get(keyOf(line))} />)}
      </svg>
      {lines.map((line) => line.label && <EdgeLabel key={keyOf(line)} line={line} edge={taken.get(keyOf(line))} />)}
    </>
  )
}

function Path({ line, edge }: { line: Line; edge: EdgePair | undefined }): ReactElement {
  const both = edge !== undefined && edge.left > 0 && edge.right > 0
  const [a, b] = line.back ? ['translate(-3 -3)', 'translate(3 3)'] : ['translate(0 -4)', 'translate(0 4)']
  if (!edge || (edge.left === 0 && edge.right === 0)) return <path className={`p-off ${edge && edge.within !== 'both' ? 'gone' : ''}`} d={line.path} markerEnd="url(#cmp-off)" />
  return (
    <>
      {edge.left > 0 && <path className="p-a" data-edge={edge.edge} d={line.path} transform={both ? a : undefined} markerEnd="url(#cmp-a)" />}
      {edge.right > 0 && <path className="p-b" data-edge={edge.edge} d={line.path} transform={both ? b : undefined} markerEnd="url(#cmp-b)" />}
    </>
  )
}

function EdgeLabel({ line, edge }: { line: Line; edge: EdgePair | undefined }): ReactElement {
  const [left, right] = [edge?.left ?? 0, edge?.right ?? 0]
  const who = left > 0 && right === 0 ? 'A: ' : right > 0 && left === 0 ? 'B: ' : ''
  const times = left === right || who ? (Math.max(left, right) > 1 ? ` ×${Math.max(left, right)}` : '') : ` ×${left} → ×${right}`
  const tone = left === 0 && right === 0 ? 'off' : who === 'A: ' ? 'a' : who === 'B: ' ? 'b' : ''
  return <span className={`cg-label ${tone}`} style={{ left: line.label!.x, top: line.label!.y } as CSSProperties}>{who}{line.outcome}{times}</span>
}

function keyOf(edge: { source: string; outcome: string; target: string }): string {
  return `${edge.source}.${edge.outcome}>${edge.target}`
}

/** Both documents as one, for the layout. */
function merged(summary: Summary): TraceDocument {
  return {
    nodes: Object.fromEntries(summary.nodes.map((each) => [each.node, { kind: each.kind, label: each.label, parent: each.parent }])),
    edges: { flow: summary.edges.map((each) => each.edge) },
  }
}

function cardWidth(pair: NodePair): number {
  return Math.min(196, Math.max(132, 58 + pair.label.length * 7.6, 34 + nodeWords(pair).length * 6))
}

const ARROWS: Record<string, Direction> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' }

function onArrow(event: KeyboardEvent<HTMLDivElement>, boxes: Box[], shown: Map<string, NodePair>, onNode: (node: NodePair) => void): void {
  const direction = ARROWS[event.key]
  const from = (event.target as HTMLElement).dataset['testid']?.replace(/^cmp-/, '')
  const to = direction && from ? neighbour(boxes, from, direction) : null
  if (!direction || event.altKey || event.ctrlKey || event.metaKey) return
  event.preventDefault()
  event.stopPropagation()
  if (!to) return
  onNode(shown.get(to)!)
  event.currentTarget.querySelector<HTMLElement>(`[data-testid="cmp-${to}"]`)?.focus({ preventScroll: true })
}

function useSize(element: React.RefObject<HTMLDivElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 900, height: 420 })
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => entry && setSize({ width: entry.contentRect.width, height: entry.contentRect.height }))
    if (element.current) observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return size
}

function keepInSight(ground: HTMLDivElement, x: number, y: number, width: number, height: number): void {
  const aside = x < ground.scrollLeft || x + width > ground.scrollLeft + ground.clientWidth
  const below = y - 40 < ground.scrollTop || y + height > ground.scrollTop + ground.clientHeight
  if (aside || below) ground.scrollTo({ left: x - ground.clientWidth / 2 + width / 2, top: y - ground.clientHeight / 2 + height / 2 })
}
