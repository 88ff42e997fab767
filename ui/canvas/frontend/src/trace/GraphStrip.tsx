import { useEffect, useMemo, useRef, useState } from 'react'
import { Icon, Tile } from '../style/icons'
import { type Box, layout, type Line } from './layout'
import { type HeatMeasure, heatOf, heatStep } from './model'
import type { GraphState } from './replay'
import { Sign } from './signs'
import { TrialSign } from './TrialSign'
import type { TrialMark } from './trials'
import type { Overview, Step, Totals, TraceDocument } from './types'
import type { Kind } from '../model/kinds'
import { countText, shortCount, shortSeconds, SPAN_MARKS, usdText } from './words'

interface Props {
  document: TraceDocument
  kinds: Record<string, Kind>
  overview: Overview
  graph: GraphState
  /** The step at the playhead; null: the whole run. */
  step: Step | null
  /** The run goes on: what has not run may still. */
  live: boolean
  /** Node -> what trying a correction there came to. */
  marks: ReadonlyMap<string, TrialMark>
  onNode: (node: string) => void
}

/** A graph that fits at this scale is shown whole; a larger one at full size, to be scrolled. */
const NEARLY = 0.86
const MEASURES: { name: string; measure: HeatMeasure | null }[] = [
  { name: 'Off', measure: null },
  { name: 'Time', measure: 'time' },
  { name: 'Tokens', measure: 'tokens' },
  { name: 'Cost', measure: 'cost' },
]
const SAY: Record<HeatMeasure, (value: number) => string> = { time: shortSeconds, tokens: (n) => `${shortCount(n)} tok`, cost: usdText }

/** The run on the workflow's graph as it stood at the playhead, coloured by what each node took by then. */
export function GraphStrip({ document, kinds, overview, graph, step, live, marks, onNode }: Props) {
  const [measure, setMeasure] = useState<HeatMeasure | null>('time')
  const [fit, setFit] = useState(false)
  // The scale is that of the whole run, so that colours mean the same at every step.
  const largest = Math.max(0, ...Object.values(overview.nodes).map((totals) => heatOf(totals, measure ?? 'time')))
  return (
    <section className="strip" aria-label="The run on the graph">
      <div className="strip-top">
        <HeatPicker measure={measure} onMeasure={setMeasure} largest={largest} />
        <span className="grow" />
        <StepWords step={step} total={overview.steps} />
        <button className="btn ghost sm icon" aria-pressed={fit} aria-label="The whole graph" title={fit ? 'Full size' : 'The whole graph'} onClick={() => setFit(!fit)}><Icon name="fit" size={14} /></button>
      </div>
      <Graph {...{ document, kinds, overview, graph, step, live, marks, largest, measure, fit, onNode }} />
    </section>
  )
}

function HeatPicker({ measure, onMeasure, largest }: { measure: HeatMeasure | null; onMeasure: (m: HeatMeasure | null) => void; largest: number }) {
  return (
    <>
      <span className="seg" role="radiogroup" aria-label="Heat: colour nodes by">
        <span className="t3 heat-name" aria-hidden="true"><Sign name="heat" />Heat</span>
        {MEASURES.map((each) => (
          <button key={each.name} role="radio" aria-checked={each.measure === measure} aria-pressed={each.measure === measure}
            onClick={() => onMeasure(each.measure)}>{each.name}</button>
        ))}
      </span>
      {measure && largest > 0 && (
        <span className="row xs t3 heat-key">
          {SAY[measure](0)} {[1, 2, 3, 4, 5].map((each) => <i key={each} style={{ background: `var(--h${each})` }} />)} {SAY[measure](largest)}
        </span>
      )}
    </>
  )
}

function StepWords({ step, total }: { step: Step | null; total: number }) {
  if (!step) return <span className="sm t2 num">{total === 1 ? '1 step' : `${countText(total)} steps`}</span>
  const says = step.outcome && step.outcome !== 'done' && step.status === 'ok' ? <> says <b>{step.outcome}</b></> : <> {SPAN_MARKS[step.status].word}</>
  return <span className="sm t2 num ell" data-testid="step-words">Step <b>{countText(step.index + 1)}</b> of {countText(total)} · {step.name}{says}</span>
}

interface GraphProps extends Props {
  largest: number
  measure: HeatMeasure | null
  /** All of it in sight, however small. */
  fit: boolean
}

function Graph({ document, kinds, overview, graph, step, live, marks, largest, measure, fit, onNode }: GraphProps) {
  const ground = useRef<HTMLDivElement>(null)
  const size = useSize(ground)
  const ranKey = Object.keys(overview.nodes).filter((id) => id in document.nodes).sort().join(' ')
  const plan = useMemo(
    () => layout(document, new Set(ranKey ? ranKey.split(' ') : []), (id) => boxWidth(label(document, kinds, id))),
    [document, kinds, ranKey],
  )
  const whole = Math.min(1.18, (size.width - 32) / plan.width, (size.height - 56) / plan.height)
  const scale = whole >= NEARLY || fit ? Math.max(0.2, whole) : 1
  const [left, top] = [Math.max(16, (size.width - plan.width * scale) / 2), Math.max(44, 20 + (size.height - plan.height * scale) / 2)]
  const node = step && !step.inner ? step.node : null
  useEffect(() => {
    const box = plan.boxes.find((each) => each.id === node)
    if (box && ground.current) bringIn(ground.current, { x: left + box.x * scale, y: top + box.y * scale, width: box.width * scale })
  }, [node, plan, left, top, scale])
  return (
    <div className="strip-ground" ref={ground}>
      <div style={{ position: 'absolute', left, top, width: plan.width, height: plan.height, transform: `scale(${scale})`, transformOrigin: '0 0' }}>
        <Lines lines={plan.lines} graph={graph} />
        {plan.boxes.map((box) => (
          <NodeBox key={box.id} box={box} name={label(document, kinds, box.id)} kind={document.nodes[box.id]!.kind}
            family={kinds[document.nodes[box.id]!.kind]?.family ?? 'tools'} totals={graph.nodes[box.id]} measure={measure} largest={largest}
            now={box.id === node} rest={live || overview.nodes[box.id] ? 'not yet' : 'did not run'} ran={box.id in overview.nodes} mark={marks.get(box.id)} onClick={() => onNode(box.id)} />
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
  totals: Totals | undefined
  measure: HeatMeasure | null
  largest: number
  now: boolean
  /** What a node that has not run says. */
  rest: string
  /** It ran at some time of the run, perhaps later. */
  ran: boolean
  mark: TrialMark | undefined
  onClick: () => void
}

function NodeBox({ box, name, kind, family, totals, measure, largest, now, rest, ran, mark, onClick }: NodeBoxProps) {
  const step = measure && totals ? heatStep(heatOf(totals, measure), largest) : 0
  const state = totals?.status ?? 'never'
  const kept = totals && totals.kept === totals.visits
  const classes = ['cn', step >= 4 ? 'hot' : '', now ? 'now' : '', kept ? 'kept' : '', `s-${state}`].join(' ')
  const words = totals ? figure(totals, measure ?? 'time') : rest
  return (
    <button className={classes} aria-pressed={now} disabled={!ran} title={`${name}: ${words}`} onClick={onClick} data-node={box.id} data-state={state}
      style={{ left: box.x, top: box.y, width: box.width, background: step ? `var(--h${step})` : undefined }}>
      <Tile family={family} kind={kind} size={20} />
      <span className="cn-words">
        <span className="nm ell">{name}</span>
        <span className="v ell">{words}</span>
      </span>
      {mark && <TrialSign mark={mark} short />}
    </button>
  )
}

function figure(totals: Totals, measure: HeatMeasure): string {
  if (totals.status === 'waiting') return 'waits for you'
  const say = measure === 'cost' && totals.usd === null ? 'no price' : SAY[measure](heatOf(totals, measure))
  if (totals.status === 'error' || totals.status === 'lost') return `${SPAN_MARKS[totals.status].word.split(' ')[0]}, ${say}`
  if (totals.kept === totals.visits) return 'kept'
  return totals.visits > 1 ? `${say} ×${shortCount(totals.visits)}` : say
}

function Lines({ lines, graph }: { lines: Line[]; graph: GraphState }) {
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
          const tone = toneOf(line, graph)
          return <path key={`${line.source}.${line.outcome}>${line.target}`} className={`e-flow ${tone}`} d={line.path} markerEnd={`url(#trace-${tone})`} />
        })}
      </svg>
      {lines.map((line) => line.label && (
        <span key={`${line.source}.${line.outcome}`} className={`e-lab ${toneOf(line, graph)}`} style={{ left: line.label.x, top: line.label.y }}>
          {line.outcome}
        </span>
      ))}
    </>
  )
}

/** An edge was followed where its outcome was given; at the playhead the step's own outcome is about to be. */
function toneOf(line: Line, graph: GraphState): 'live' | 'taken' | 'off' {
  const name = `${line.source}.${line.outcome}`
  if (name === graph.live) return 'live'
  return graph.edges.has(name) && line.target in graph.nodes ? 'taken' : 'off'
}

function label(document: TraceDocument, kinds: Record<string, Kind>, id: string): string {
  const node = document.nodes[id]!
  return node.label || kinds[node.kind]?.title || id
}

function boxWidth(name: string): number {
  return Math.min(176, Math.max(108, 50 + name.length * 7.6))
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

function bringIn(ground: HTMLDivElement, box: { x: number; y: number; width: number }): void {
  const aside = box.x < ground.scrollLeft || box.x + box.width > ground.scrollLeft + ground.clientWidth
  const above = box.y < ground.scrollTop + 44 || box.y + 60 > ground.scrollTop + ground.clientHeight
  if (aside) ground.scrollLeft = box.x - ground.clientWidth / 2 + box.width / 2
  if (above) ground.scrollTop = box.y - ground.clientHeight / 2
}
