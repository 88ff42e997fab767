/** What is proposed, drawn over the canvas: new cards and edges dashed, changed cards ringed, those to go struck. */

import { useReactFlow, useStore, ViewportPortal } from '@xyflow/react'
import { useEffect, type CSSProperties, type ReactElement } from 'react'
import { portsOf } from '../model/ports'
import { hasFigures, nodeRect, outcomeRows, ROW, type Rect } from '../model/geometry'
import { parseEdge, type EdgeSort } from '../model/edges'
import { tileFamily } from '../model/kinds'
import { nodeName, type Document } from '../model/document'
import { Icon, Tile } from '../style/icons'
import { canvasBox } from '../build/palette/place'
import { useBuild, useUi } from '../build/state'
import { pathOf } from './anchor'
import { useDescribing, useOpen, usePreview } from './useDescribing'
import type { Item } from './types'

export function Proposed(): ReactElement | null {
  const items = useOpen()
  const document = usePreview(items)
  useInView(items, document)
  // What is to be read and clicked keeps its size when the canvas is far away.
  const inverse = useStore((state) => Math.min(1.6, Math.max(1, 1 / state.transform[2])))
  if (!items.length) return null
  return (
    <ViewportPortal>
      <div className={`proposed ${inverse > 1.2 ? 'far-off' : ''}`} data-testid="proposed" style={{ '--inv': inverse } as CSSProperties}>
        <svg className="prop-edges" aria-hidden="true">
          <defs><marker id="nl-arrow-new" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" orient="auto" markerUnits="userSpaceOnUse"><path d="M0 .5 7.5 4 0 7.5z" className="prop-head" /></marker></defs>
          {items.map((item) => <NewEdge key={item.id} item={item} document={document} />)}
        </svg>
        {marked(items).map(([node, sort, ids]) => <Mark key={node} node={node} sort={sort} ids={ids} document={document} />)}
        {items.map((item) => item.ops.map((op) => op.op === 'add_node' && <NewCard key={`${item.id}${op.id}`} item={item} id={op.id} document={document} />))}
      </div>
    </ViewportPortal>
  )
}

function NewEdge({ item, document }: { item: Item; document: Document }): ReactElement | null {
  const kinds = useUi((ui) => ui.kinds)
  const hovered = useDescribing((state) => state.hovered === item.id)
  const op = item.ops.find((each) => each.op === 'connect')
  const edge = op?.op === 'connect' ? parseEdge(op.edge) : null
  if (!edge || op?.op !== 'connect') return null
  const sort: EdgeSort = op.sort
  const path = pathOf(document, kinds, sort, sort === 'flow' ? { ...edge, sourceHandle: edge.sourceHandle ?? 'done' } : edge)
  return path && <path d={path.d} className={`prop-edge ${sort} ${hovered ? 'on' : ''}`} data-edge={op.edge} markerEnd={sort === 'flow' ? 'url(#nl-arrow-new)' : undefined} />
}

/** Cards that are there and change or go: node, how, by which items. */
function marked(items: readonly Item[]): [string, 'removed' | 'changed', string[]][] {
  const found = new Map<string, ['removed' | 'changed', string[]]>()
  const added = new Set(items.flatMap((item) => item.ops.flatMap((op) => (op.op === 'add_node' ? [op.id] : []))))
  for (const item of items) {
    if (!item.node || added.has(item.node) || (item.sort !== 'removed' && item.sort !== 'changed')) continue
    const [sort, ids] = found.get(item.node) ?? ['changed', []]
    found.set(item.node, [item.sort === 'removed' ? 'removed' : sort, [...ids, item.id]])
  }
  return [...found].map(([node, [sort, ids]]) => [node, sort, ids])
}

function box(rect: Rect): { left: number; top: number; width: number; height: number } {
  return { left: rect.x, top: rect.y, width: rect.w, height: rect.h }
}

function Mark({ node, sort, ids, document }: { node: string; sort: 'removed' | 'changed'; ids: string[]; document: Document }): ReactElement | null {
  const build = useBuild()
  const kinds = useUi((ui) => ui.kinds)
  const hovered = useDescribing((state) => ids.includes(state.hovered ?? ''))
  if (!build.doc.nodes[node]) return null
  const word = sort === 'removed' ? 'goes' : 'changes'
  return (
    <div className={`prop-mark ${sort} ${hovered ? 'on' : ''}`} style={box(nodeRect(build.doc, kinds, node))} data-testid={`proposed-${sort}-${node}`}>
      {sort === 'removed' && <svg aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 10 10"><path d="M0 10 10 0" /></svg>}
      <Decide ids={ids} sign={sort === 'removed' ? '−' : '~'} word={word} name={nodeName(node, document.nodes[node], kinds[document.nodes[node]?.kind ?? '']?.title)} />
    </div>
  )
}

function NewCard({ item, id, document }: { item: Item; id: string; document: Document }): ReactElement | null {
  const kinds = useUi((ui) => ui.kinds)
  const hovered = useDescribing((state) => state.hovered === item.id)
  const node = document.nodes[id]
  if (!node) return null
  const kind = kinds[node.kind]
  const name = nodeName(id, node, kind?.title)
  const ports = portsOf(document, node, kind)
  const rows = outcomeRows(ports)
  const right = [...ports.outputs.map((port) => port.name), ...rows]
  const count = Math.max(ports.inputs.length, right.length)
  return (
    <article className={`prop-card ${hovered ? 'on' : ''}`} style={box(nodeRect(document, kinds, id))} data-testid={`proposed-node-${id}`} aria-label={`Proposed: ${name}, ${kind?.title ?? node.kind}`}>
      <div className="hd"><Tile family={tileFamily(kind)} kind={node.kind} {...(kind?.provides ? { size: 20 as const } : {})} /><div className="grow"><div className="nm ell">{name}</div><div className="kd ell">{kind?.title ?? node.kind}</div></div></div>
      {!kind?.provides && Array.from({ length: count }, (_, at) => (
        <div className="pr" key={at} style={{ height: ROW }}><span className="ell">{ports.inputs[at]?.name}</span><span className="ell">{right[at]}</span></div>
      ))}
      {hasFigures(kind) && <div className="ft"><span>{kind?.model_calls === 'none' ? 'no model calls' : `${kind?.model_calls} model calls`}</span></div>}
      {ports.sockets.length > 1 && !kind?.provides && <div className="at">{ports.sockets.map((socket) => <span key={socket.name}>{socket.name}</span>)}</div>}
      <Decide ids={[item.id]} sign="+" word="proposed" name={name} />
    </article>
  )
}

/** What it is, and the two answers; the answers are for pointers, the list has them for the keyboard. */
function Decide({ ids, sign, word, name }: { ids: string[]; sign: string; word: string; name: string }): ReactElement {
  const { describing } = useBuild()
  return (
    <span className="prop-pill nopan" onPointerDown={(event) => event.stopPropagation()} onPointerEnter={() => describing.hover(ids[0]!)} onPointerLeave={() => describing.hover(null)}>
      <b aria-hidden="true">{sign}</b><span>{word}</span>
      <button tabIndex={-1} aria-label={`Accept: ${name} ${word}`} title="Accept, with what it needs" onClick={() => describing.accept(ids)}><Icon name="check" size={12} /></button>
      <button tabIndex={-1} aria-label={`Refuse: ${name} ${word}`} title="Refuse" onClick={() => describing.refuse(ids)}><Icon name="cross" size={12} /></button>
    </span>
  )
}

/** When a proposal comes, show all of it that is about a node, if part of it is out of view. */
function useInView(items: readonly Item[], document: Document): void {
  const build = useBuild()
  const flow = useReactFlow()
  const turn = useDescribing((state) => (state.turns.at(-1)?.proposal ? state.turns.at(-1)!.id : 0))
  useEffect(() => {
    const ids = new Set(items.flatMap((item) => [item.node, ...item.ops.map((op) => (op.op === 'add_node' ? op.id : null))]).filter((id): id is string => id !== null && id in document.nodes))
    const pane = canvasBox(build)
    if (!turn || !ids.size || !pane) return
    const rects = [...ids].map((id) => nodeRect(document, build.kinds, id))
    const out = rects.some((rect) => {
      const [a, b] = [flow.flowToScreenPosition({ x: rect.x, y: rect.y }), flow.flowToScreenPosition({ x: rect.x + rect.w, y: rect.y + rect.h })]
      return a.x < pane.left + 8 || a.y < pane.top + 24 || b.x > pane.right - 8 || b.y > pane.bottom - 8
    })
    if (out) void flow.fitBounds(around(Object.keys(document.nodes).map((id) => nodeRect(document, build.kinds, id))), { padding: 0.08, duration: 200 })
  }, [turn]) // eslint-disable-line
}

function around(rects: Rect[]): { x: number; y: number; width: number; height: number } {
  const [x, y] = [Math.min(...rects.map((rect) => rect.x)), Math.min(...rects.map((rect) => rect.y))]
  return { x, y, width: Math.max(...rects.map((rect) => rect.x + rect.w)) - x, height: Math.max(...rects.map((rect) => rect.y + rect.h)) - y }
}
