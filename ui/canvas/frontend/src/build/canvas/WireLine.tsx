import { BaseEdge, EdgeLabelRenderer, useInternalNode, type EdgeProps } from '@xyflow/react'
import { memo, type CSSProperties, type ReactElement } from 'react'
import { shortType } from '../../model/types'
import { typeColour } from '../../style/icons'
import { useRun, useUi, type UiState } from '../state'
import type { WireEdge } from './flow'
import { routeAcross, routeUp, rounded, type Route, type XY } from './route'
import type { Rect } from '../../model/geometry'
import type { RunState } from '../run/runner'

/** Half of a handle's 24 px: React Flow gives its outer edge, the line starts at its middle. */
const HALF = 12
const FAR_DOWN = 240
const FAR_ASIDE = 620

function rectOf(node: ReturnType<typeof useInternalNode>): Rect {
  const at = node?.internals.positionAbsolute ?? { x: 0, y: 0 }
  return { x: at.x, y: at.y, w: node?.measured.width ?? 0, h: node?.measured.height ?? 0 }
}

function active(ui: UiState, props: EdgeProps<WireEdge>): boolean {
  if (ui.selected.has(props.source) || ui.selected.has(props.target) || ui.selectedEdges.has(props.id)) return true
  return ui.hovered === `${props.source}/${props.sourceHandleId}` || ui.hovered === `${props.target}/${props.targetHandleId}`
}

/** taken, live or off in a run; empty where no run is shown. */
function progress(state: RunState, props: EdgeProps<WireEdge>): string {
  if (!state.run || !Object.keys(state.picture.nodes).length) return ''
  const outcome = props.sourceHandleId?.replace('flow-out-', '') ?? ''
  const source = state.picture.nodes[props.source]
  const target = state.picture.nodes[props.target]
  if (!source?.outcomes.includes(outcome)) return 'off'
  if (outcome === 'error') return 'broke'
  return target?.state === 'running' && target.cause === props.source ? 'live' : 'taken'
}

export const WireLine = memo(function WireLine(props: EdgeProps<WireEdge>): ReactElement | null {
  const data = props.data!
  const on = useUi((ui) => active(ui, props))
  const chosen = useUi((ui) => ui.selectedEdges.has(props.id))
  const state = useRun((run) => (data.sort === 'flow' ? progress(run, props) : ''))
  const waits = useRun((run) => data.sort === 'attach' && run.picture.nodes[props.target]?.state === 'waiting')
  const source = rectOf(useInternalNode(props.source))
  const target = rectOf(useInternalNode(props.target))
  if (data.sort === 'data' && !data.paired && !on) return null
  if (data.sort === 'attach' && !on && !waits && isFar(source, target)) return null
  const route = routeOf(props, source, target)
  const path = rounded(route.points)
  const style = data.sort === 'data' ? ({ stroke: typeColour(data.type) } as CSSProperties) : undefined
  const marker = data.sort === 'flow' ? `url(#nl-arrow${state ? `-${state}` : ''})` : undefined
  return (
    <>
      {data.sort === 'flow' && <path d={path} className="halo" />}
      <BaseEdge path={path} interactionWidth={14} style={style} {...(marker ? { markerEnd: marker } : {})}
        className={`e-${data.sort} ${state} ${chosen ? 'chosen' : ''} ${data.sort === 'attach' ? `s-${data.type}` : ''} ${data.sort === 'attach' && on ? 'on' : ''} ${waits ? 'wait' : ''}`} />
      <Label data={data} route={route} />
    </>
  )
})

function isFar(source: Rect, target: Rect): boolean {
  const gap = source.y - (target.y + target.h)
  const aside = Math.abs(source.x + source.w / 2 - target.x - target.w / 2)
  return gap < 0 || gap > FAR_DOWN || aside > FAR_ASIDE
}

function routeOf(props: EdgeProps<WireEdge>, source: Rect, target: Rect): Route {
  const { sort, lane } = props.data!
  if (sort === 'attach') return routeUp([props.sourceX, props.sourceY + HALF], [props.targetX, props.targetY - HALF + 2], lane)
  const s: XY = [props.sourceX - HALF, props.sourceY]
  const t: XY = [props.targetX + HALF - (sort === 'flow' ? 7 : 0), props.targetY]
  return routeAcross(s, t, source, target, sort === 'data', lane)
}

function Label({ data, route }: { data: WireEdge['data'] & object; route: Route }): ReactElement | null {
  const words = data.sort === 'data' ? shortType(data.type) : data.sort === 'flow' ? data.label : ''
  const length = Math.abs(route.points.at(-1)![0] - route.points[0]![0])
  if (!words || (route.under && length < words.length * 7)) return null
  const style = {
    transform: `translate(-50%,-50%) translate(${route.label[0]}px,${route.label[1]}px)`,
    '--c': data.sort === 'data' ? typeColour(data.type) : 'var(--text-2)',
  } as CSSProperties
  return (
    <EdgeLabelRenderer>
      <span className="e-lab" style={style} aria-hidden="true">{words}</span>
    </EdgeLabelRenderer>
  )
}

/** Arrow heads, one for each tone of a flow edge. */
export function Arrows(): ReactElement {
  const tones = { '': 'var(--text-2)', '-taken': 'var(--done)', '-live': 'var(--running)', '-off': 'var(--line-input)', '-broke': 'var(--failed)' }
  return (
    <svg className="vh" aria-hidden="true">
      <defs>
        {Object.entries(tones).map(([name, colour]) => (
          <marker key={name} id={`nl-arrow${name}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto" markerUnits="userSpaceOnUse">
            <path d="M0 .5 7.5 4 0 7.5z" style={{ fill: colour }} />
          </marker>
        ))}
      </defs>
    </svg>
  )
}
