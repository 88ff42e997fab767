import {
  applyNodeChanges, Background, BackgroundVariant, MiniMap, ReactFlow, SelectionMode, useNodesInitialized, useOnViewportChange, useReactFlow, useStore as useFlowStore,
  type NodeChange, type OnConnectEnd, type OnConnectStart,
} from '@xyflow/react'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactElement } from 'react'
import { candidates, judge, meetsParallel, parseHandle, handleId, type End } from '../../model/connection'
import type { Point } from '../../model/document'
import { portsOf } from '../../model/ports'
import { joinBetween } from './mend'
import { useBuild, useDoc, useUi } from '../state'
import { BreakpointEditor } from '../debug/BreakpointEditor'
import { NodeMenu } from '../debug/NodeMenu'
import { StopBar } from '../debug/StopBar'
import { Proposed } from '../../describe/Proposed'
import { useStruck } from '../../describe/useDescribing'
import { edgesOf, reconcile, type Card } from './flow'
import { moveOps } from './move'
import { DropMenu } from './DropMenu'
import { FrameCard, NodeCard, NoteCard } from './NodeCard'
import { Refusal } from './Refusal'
import { FIT, Legend, ZoomBar } from './ZoomBar'
import { Arrows, WireLine } from './WireLine'

const NODE_TYPES = { card: NodeCard, frame: FrameCard, note: NoteCard }
const EDGE_TYPES = { wire: WireLine }
const ONLY_VISIBLE_ABOVE = 300
/** Below this zoom nothing but names could be read: cards are drawn without ports and figures. */
const FAR = 0.4

export function Canvas(): ReactElement {
  const build = useBuild()
  const nodesDoc = useDoc((doc) => doc.nodes)
  const edgesDoc = useDoc((doc) => doc.edges)
  const inputs = useDoc((doc) => doc.inputs)
  const kinds = useUi((ui) => ui.kinds)
  const selected = useUi((ui) => ui.selected)
  const selectedEdges = useUi((ui) => ui.selectedEdges)
  const struck = useStruck()
  const [cards, setCards] = useState<Card[]>(() => reconcile([], build.doc, kinds, selected))
  useLayoutEffect(() => setCards((before) => reconcile(before, build.doc, kinds, selected)), [build, nodesDoc, kinds, selected, inputs])
  const wires = useMemo(() => edgesOf(build.doc, kinds, (node, port) => {
    const found = build.doc.nodes[node]
    return found ? (portsOf(build.doc, found, kinds[found.kind]).outputs.find((each) => each.name === port)?.type ?? 'any') : 'any'
  }).map((edge) => (struck.has(edge.id) ? { ...edge, className: 'struck' } : edge)).map((edge) => (selectedEdges.has(edge.id) ? { ...edge, selected: true } : edge)), [build, nodesDoc, edgesDoc, kinds, inputs, selectedEdges, struck])

  const onNodesChange = useCallback((changes: NodeChange<Card>[]) => {
    setCards((before) => applyNodeChanges(changes.filter((change) => change.type !== 'remove' && change.type !== 'select'), before))
    const picks = changes.filter((change) => change.type === 'select')
    if (picks.length) {
      const next = new Set(build.ui.getState().selected)
      for (const pick of picks) if (pick.selected) next.add(pick.id)
        else next.delete(pick.id)
      build.select(next, build.ui.getState().selectedEdges)
    }
  }, [build])

  const wiring = useWiring()
  return (
    <div className="canvas" role="application" aria-label={`Workflow canvas, ${Object.keys(nodesDoc).length} nodes`} data-testid="canvas" data-region="canvas" tabIndex={0}>
      <Arrows />
      <ReactFlow
        nodes={cards} edges={wires} nodeTypes={NODE_TYPES} edgeTypes={EDGE_TYPES} onNodesChange={onNodesChange}
        onEdgesChange={(changes) => {
          const picks = changes.filter((change) => change.type === 'select')
          if (!picks.length) return
          const next = new Set(build.ui.getState().selectedEdges)
          for (const pick of picks) if (pick.selected) next.add(pick.id)
            else next.delete(pick.id)
          build.set({ selectedEdges: next })
        }}
        {...wiring}
        onNodeDragStop={(_, __, dragged) => build.edit(moveOps(build, dragged), dragged.length === 1 ? `Move ${build.nameOf(dragged[0]!.id)}` : `Move ${dragged.length} nodes`)}
        onSelectionDragStop={(_, dragged) => build.edit(moveOps(build, dragged), `Move ${dragged.length} nodes`)}
        onNodeDoubleClick={(_, node) => node.type !== 'note' && build.set({ renaming: node.id })}
        onPaneClick={() => build.set({ dropMenu: null, wireList: null })}
        onNodeContextMenu={(event, node) => {
          event.preventDefault()
          if (!build.ui.getState().selected.has(node.id)) build.select([node.id])
          build.set({ nodeMenu: { node: node.id, screen: [event.clientX, event.clientY] } })
        }}
        defaultViewport={build.viewport ?? { x: 0, y: 0, zoom: 1 }}
        minZoom={0.1} maxZoom={2.5} snapToGrid snapGrid={[10, 10]} selectionMode={SelectionMode.Partial} selectionOnDrag={false} selectionKeyCode="Shift" multiSelectionKeyCode={['Shift', 'Control', 'Meta']}
        deleteKeyCode={null} disableKeyboardA11y nodesFocusable={false} edgesFocusable={false} connectionRadius={22} elevateNodesOnSelect={false}
        onlyRenderVisibleElements={cards.length > ONLY_VISIBLE_ABOVE} zoomOnDoubleClick={false} attributionPosition="bottom-right">
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.6} color="var(--dot)" bgColor="var(--canvas)" />
        <MiniMap pannable zoomable className="mini" ariaLabel="Minimap" nodeBorderRadius={6} nodeColor={(node) => (node.selected ? 'var(--accent)' : 'var(--text-3)')} maskColor="color-mix(in srgb, var(--text) 7%, transparent)" />
        <Remember />
        <Proposed />
      </ReactFlow>
      <ZoomBar />
      <Legend />
      <Refusal />
      <DropMenu />
      <NodeMenu />
      <BreakpointEditor />
      <StopBar />
      <Empty />
    </div>
  )
}

/** The viewport survives a change of page; the first time, and while untouched, the whole graph is fitted in. */
function Remember(): null {
  const build = useBuild()
  const flow = useReactFlow()
  const ready = useNodesInitialized()
  const size = useFlowStore((state) => `${state.width} ${state.height}`)
  const drawer = useUi((ui) => ui.drawer)
  const far = useFlowStore((state) => state.transform[2] < FAR)
  const touched = useRef(build.viewport !== null)
  useEffect(() => { build.root?.classList.toggle('far', far) }, [build, far])
  useOnViewportChange({ onEnd: (viewport) => { build.viewport = viewport } })
  useEffect(() => {
    const pane = build.root?.querySelector('.canvas')
    const touch = (): void => { touched.current = true }
    pane?.addEventListener('pointerdown', touch)
    pane?.addEventListener('wheel', touch, { passive: true })
    return () => {
      pane?.removeEventListener('pointerdown', touch)
      pane?.removeEventListener('wheel', touch)
    }
  }, [build, ready])
  useEffect(() => {
    if (ready && !touched.current) void flow.fitView({ ...FIT, duration: 0 })
  }, [ready, size, drawer, flow])
  return null
}

function Empty(): ReactElement | null {
  const empty = useDoc((doc) => Object.keys(doc.nodes).length === 0)
  return empty ? <p className="empty">Drag a node here, press <span className="kbd">/</span> to find one, or start from the gallery.</p> : null
}

/** Everything about drawing a wire: what fits, what is refused and why, what is offered on empty canvas. */
function useWiring() {
  const build = useBuild()
  const flow = useReactFlow()
  const start = useRef<End | null>(null)

  const onConnectStart: OnConnectStart = useCallback((_, { nodeId, handleId: id }) => {
    const from = nodeId ? parseHandle(nodeId, id) : null
    start.current = from
    if (!from) return
    const fitting = new Set(candidates(build.doc, build.kinds, from).map(({ end }) => `${end.node}/${handleId(end)}`))
    build.set({ wiring: { from, fitting }, dropMenu: null, toast: null })
  }, [build])

  const onConnectEnd: OnConnectEnd = useCallback((event, state) => {
    const from = start.current
    start.current = null
    build.set({ wiring: null })
    if (!from) return
    const point = 'changedTouches' in event ? event.changedTouches[0]! : event
    const to = state.toHandle ? parseHandle(state.toHandle.nodeId, state.toHandle.id) : null
    if (to) return join(build, from, to)
    if (state.toNode && state.toNode.id !== from.node) return joinToNode(build, from, state.toNode.id)
    const screen: Point = [point.clientX, point.clientY]
    const moved = Math.hypot(screen[0] - (state.from ? flow.flowToScreenPosition(state.from).x : 0), screen[1] - (state.from ? flow.flowToScreenPosition(state.from).y : 0))
    if (moved < 30) return
    const at = flow.screenToFlowPosition({ x: screen[0], y: screen[1] })
    build.set({ dropMenu: { from, screen, flow: [at.x, at.y] } })
  }, [build, flow])

  const isValidConnection = useCallback((connection: { source: string; target: string; sourceHandle?: string | null; targetHandle?: string | null }) => {
    const one = parseHandle(connection.source, connection.sourceHandle)
    const two = parseHandle(connection.target, connection.targetHandle)
    return one !== null && two !== null && judge(build.doc, build.kinds, one, two).ok
  }, [build])
  return { onConnectStart, onConnectEnd, isValidConnection, connectionLineStyle: { stroke: 'var(--accent)', strokeWidth: 2 } }
}

type BuildOf = ReturnType<typeof useBuild>

/** Join two handles, or say why not and offer the mend. */
export function join(build: BuildOf, from: End, to: End): void {
  if (from.node === to.node && from.name === to.name) return
  const verdict = judge(build.doc, build.kinds, from, to)
  if (!verdict.ok) return build.say(verdict.why, 'error', verdict.mend ? { ...verdict.mend, label: verdict.mend.title } : undefined)
  const [source, target] = from.side === 'out' ? [from, to] : [to, from]
  const parallel = from.sort === 'flow' && build.kindOf(target.node)?.kind !== 'control.join' && meetsParallel(build.doc, source.node, target.node)
  if (!build.edit(verdict.ops, verdict.label)) return
  const data = verdict.ops.length - 1
  if (parallel) return build.say(`${build.nameOf(target.node)} now runs once for each branch. Let the branches meet in a Join?`, 'info', joinBetween(build, target.node))
  build.announce(`${verdict.label}.${data > 0 ? ` ${data} data ${data === 1 ? 'edge' : 'edges'} drawn.` : ''}`)
}

/** A wire dropped on a card rather than a handle: the first handle that fits takes it. */
function joinToNode(build: BuildOf, from: End, node: string): void {
  const fit = candidates(build.doc, build.kinds, from).find(({ end }) => end.node === node)
  if (fit) return join(build, from, fit.end)
  build.say(`Nothing on ${build.nameOf(node)} takes this.`, 'error')
}
