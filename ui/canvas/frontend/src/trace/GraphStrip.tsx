import { useEffect, useMemo, useRef, useState } from 'react'
import { Tile } from '../style/icons'
import { type Box, layout, type Line } from './layout'
import { type HeatMeasure, heatStep, nodeHeat, type NodeHeat, type Trace } from './model'
import type { Span, TraceDocument } from './types'
import type { Kind } from '../model/kinds'
import { countText, secondsText, SPAN_MARKS, usdText } from './words'

interface Props {
  document: TraceDocument
  kinds: Record<string, Kind>
  trace: Trace
  now: number
  /** The run goes on: what has not run may still. */
  live: boolean
  selected: Span | null
  onSelect: (id: string) => void
}

const MEASURES: { name: string; measure: HeatMeasure | null }[] = [
  { name: 'Off', measure: null },
  { name: 'Time', measure: 'time' },
  { name: 'Tokens', measure: 'tokens' },
  { name: 'Cost', measure: 'cost' },
]
const SAY: Record<HeatMeasure, (value: number) => string> = { time: secondsText, tokens: (n) => `${countText(n)} tok`, cost: usdText }

/** The run on the workflow's graph, coloured by what each node took; a node selects its span. */
export function GraphStrip({ document, kinds, trace, now, live, selected, onSelect }: Props) {
  const [measure, setMeasure] = useState<HeatMeasure | null>('time')
  const heat = useMemo(() => nodeHeat(trace, measure ?? 'time', now), [trace, measure, now])
  const largest = Math.max(0, ...[...heat.values()].map((each) => each.value))
  const node = selected ? trace.nodeOf(selected.id) : null
  return (
    <section className="strip" aria-label="The run on the graph">
      <div className="strip-top">
        <HeatPicker measure={measure} onMeasure={setMeasure} largest={largest} />
        <span className="grow" />
        <StepWords selected={selected} trace={trace} />
      </div>
      <Graph {...{ document, kinds, trace, heat, largest, live, node, selected, onSelect }} coloured={measure !== null} say={SAY[measure ?? 'time']} />
    </section>
  )
}

function HeatPicker({ measure, onMeasure, largest }: { measure: HeatMeasure | null; onMeasure: (m: HeatMeasure | null) => void; largest: number }) {
  return (
    <>
      <span className="seg" role="radiogroup" aria-label="Colour nodes by">
        {MEASURES.map((each) => (
          <button key={each.name} role="radio" aria-checked={each.measure === measure} aria-pressed={each.measure === measure}
            onClick={() => onMeasure(each.measure)}>{each.name}</button>
        ))}
      </span>
      {measure && largest > 0 && (
        <span className="row xs t3 heat-key">
          {SAY[measure](0)} {[1, 2, 3, 4, 5].map((step) => <i key={step} style={{ background: `var(--h${step})` }} />)} {SAY[measure](largest)}
        </span>
      )}
    </>
  )
}

function StepWords({ selected, trace }: { selected: Span | null; trace: Trace }) {
  const steps = useMemo(() => nodeSpans(trace), [trace])
  const own = selected && [...trace.path(selected.id)].reverse().find((span) => span.operation === 'invoke_node')
  if (!own) return <span className="sm t2 num">{countText(steps.length)} steps</span>
  const says = own.outcome && own.outcome !== 'done' && own.status === 'ok' ? <> says <b>{own.outcome}</b></> : <> {SPAN_MARKS[own.status].word}</>
  return <span className="sm t2 num">Step <b>{steps.indexOf(own) + 1}</b> of {countText(steps.length)} · {own.name}{says}</span>
}

/** The node spans in the order they started. */
export function nodeSpans(trace: Trace): Span[] {
  return [...trace.byId.values()].filter((span) => span.operation === 'invoke_node').sort((a, b) => a.started_at - b.started_at)
}

interface GraphProps extends Omit<Props, 'now'> {
  heat: Map<string, NodeHeat>
  largest: number
  node: string | null
  coloured: boolean
  say: (value: number) => string
}

function Graph({ document, kinds, trace, heat, largest, live, node, selected, onSelect, coloured, say }: GraphProps) {
  const ground = useRef<HTMLDivElement>(null)
  const size = useSize(ground)
  const ranKey = [...heat.keys()].join(' ')
  const plan = useMemo(
    () => layout(document, new Set(ranKey ? ranKey.split(' ') : []), (id) => boxWidth(label(document, kinds, id))),
    [document, kinds, ranKey],
  )
  const scale = Math.min(1.18, Math.max(0.55, Math.min((size.width - 32) / plan.width, (size.height - 56) / plan.height)))
  const [left, top] = [Math.max(16, (size.width - plan.width * scale) / 2), Math.max(44, 20 + (size.height - plan.height * scale) / 2)]
  useEffect(() => {
    const box = plan.boxes.find((each) => each.id === node)
    if (box && ground.current) scrollTo(ground.current, left + box.x * scale, box.width * scale)
  }, [node, plan, left, scale])
  const last = selected && selected.operation === 'invoke_node' ? selected : null
  return (
    <div className="strip-ground" ref={ground}>
      <div style={{ position: 'absolute', left, top, width: plan.width, height: plan.height, transform: `scale(${scale})`, transformOrigin: '0 0' }}>
        <Lines lines={plan.lines} trace={trace} heat={heat} last={last} />
        {plan.boxes.map((box) => (
          <NodeBox key={box.id} box={box} name={label(document, kinds, box.id)} kind={document.nodes[box.id]!.kind}
            family={kinds[document.nodes[box.id]!.kind]?.family ?? 'tools'} heat={heat.get(box.id)}
            step={coloured ? heatStep(heat.get(box.id)?.value ?? 0, largest) : 0} now={box.id === node} rest={live ? 'not yet' : 'did not run'} say={say}
            onClick={() => selectNode(trace, box.id, selected, onSelect)} />
        ))}
      </div>
    </div>
  )
}

interface NodeBoxProps {
  box: Box
  name: string
  kind: string
  family: string
  heat: NodeHeat | undefined
  step: number
  now: boolean
  /** What a node that has not run says. */
  rest: string
  say: (value: number) => string
  onClick: () => void
}

function NodeBox({ box, name, kind, family, heat, step, now, rest, say, onClick }: NodeBoxProps) {
  const state = heat?.status ?? 'never'
  const classes = ['cn', step >= 4 ? 'hot' : '', now ? 'now' : '', `s-${state}`].join(' ')
  const words = heat ? figure(heat, say) : rest
  return (
    <button className={classes} aria-pressed={now} disabled={!heat} title={`${name}: ${words}`} onClick={onClick} data-node={box.id}
      style={{ left: box.x, top: box.y, width: box.width, background: step ? `var(--h${step})` : undefined }}>
      <Tile family={family} kind={kind} size={20} />
      <span className="cn-words">
        <span className="nm ell">{name}</span>
        <span className="v">{words}</span>
      </span>
    </button>
  )
}

function figure(heat: NodeHeat, say: (value: number) => string): string {
  if (heat.status === 'waiting') return 'waits for you'
  if (heat.status === 'error' || heat.status === 'lost') return `${SPAN_MARKS[heat.status].word.split(' ')[0]}, ${say(heat.value)}`
  return heat.visits > 1 ? `${say(heat.value)} ×${heat.visits}` : say(heat.value)
}

function Lines({ lines, trace, heat, last }: { lines: Line[]; trace: Trace; heat: Map<string, NodeHeat>; last: Span | null }) {
  const taken = useMemo(() => takenEdges(trace), [trace])
  return (
    <>
      <svg className="strip-lines" aria-hidden="true">
        <defs>
          {['taken', 'live', 'off'].map((tone) => (
            <marker key={tone} id={`trace-${tone}`} className={`arrow ${tone}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8"
              orient="auto" markerUnits="userSpaceOnUse"><path d="M0 .5 7.5 4 0 7.500z" /></marker>
          ))}
        </defs>
        {lines.map((line) => {
          const tone = toneOf(line, taken, heat, last)
          return <path key={`${line.source}.${line.outcome}>${line.target}`} className={`e-flow ${tone}`} d={line.path} markerEnd={`url(#trace-${tone})`} />
        })}
      </svg>
      {lines.map((line) => line.label && (
        <span key={`${line.source}.${line.outcome}`} className={`e-lab ${toneOf(line, taken, heat, last)}`} style={{ left: line.label.x, top: line.label.y }}>
          {line.outcome}
        </span>
      ))}
    </>
  )
}

/** The flow edges that were followed: the outcome was given and the target ran. */
function takenEdges(trace: Trace): Set<string> {
  return new Set(nodeSpans(trace).flatMap((span) => (span.outcome ? [`${span.node_id}.${span.outcome}`] : [])))
}

function toneOf(line: Line, taken: Set<string>, heat: Map<string, NodeHeat>, last: Span | null): 'live' | 'taken' | 'off' {
  const followed = taken.has(`${line.source}.${line.outcome}`) && heat.has(line.target)
  if (!followed) return 'off'
  return last?.node_id === line.source && last.outcome === line.outcome ? 'live' : 'taken'
}

/** Clicking a node again goes to its next visit. */
function selectNode(trace: Trace, node: string, selected: Span | null, onSelect: (id: string) => void): void {
  const visits = trace.visits(node)
  const at = visits.findIndex((span) => span.id === selected?.id)
  const next = visits[(at + 1) % visits.length]
  if (next) onSelect(next.id)
}

function label(document: TraceDocument, kinds: Record<string, Kind>, id: string): string {
  const node = document.nodes[id]!
  return node.label || kinds[node.kind]?.title || id
}

function boxWidth(name: string): number {
  return Math.min(176, Math.max(96, 50 + name.length * 7.6))
}

function useSize(element: React.RefObject<HTMLDivElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 880, height: 188 })
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => entry && setSize({ width: entry.contentRect.width, height: entry.contentRect.height }))
    if (element.current) observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return size
}

function scrollTo(ground: HTMLDivElement, x: number, width: number): void {
  const outside = x < ground.scrollLeft || x + width > ground.scrollLeft + ground.clientWidth
  if (outside) ground.scrollTo({ left: x - ground.clientWidth / 2 + width / 2 })
}

