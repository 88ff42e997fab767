/** From the document to what React Flow draws, keeping unchanged objects so that unchanged cards are not drawn again. */

import type { Edge as FlowEdge, Node as FlowNode } from '@xyflow/react'
import { attachedTo } from '../../model/connection'
import type { Document } from '../../model/document'
import { nodeSize } from '../../model/geometry'
import type { Kinds } from '../../model/kinds'
import { configValue } from '../../model/ports'
import { upstream, wiresOf, type Wire } from '../../model/wires'

export type Card = FlowNode<Record<string, never>>
export interface WireData extends Record<string, unknown> { sort: Wire['sort']; text: string; lane: number; paired: boolean; label: string; type: string }
export type WireEdge = FlowEdge<WireData>

const NO_DATA: Record<string, never> = {}

export function reconcile(before: Card[], document: Document, kinds: Kinds, selected: ReadonlySet<string>): Card[] {
  const known = new Map(before.map((node) => [node.id, node]))
  const depth = (id: string): number => (document.nodes[id]?.parent ? 1 + depth(document.nodes[id].parent) : 0)
  const ids = Object.keys(document.nodes)
  if (ids.some((id) => document.nodes[id]!.parent)) ids.sort((a, b) => depth(a) - depth(b))
  return ids.map((id) => {
    const node = document.nodes[id]!
    const kind = kinds[node.kind]
    const type = node.kind === 'note' ? 'note' : kind?.frame ? 'frame' : 'card'
    const [x, y] = node.position ?? [0, 0]
    const [width, height] = nodeSize(id, node, kind, document)
    const old = known.get(id)
    const parentId = node.parent && document.nodes[node.parent] ? node.parent : undefined
    const same = old && old.type === type && old.position.x === x && old.position.y === y && old.width === width
      && old.height === height && old.parentId === parentId && old.selected === selected.has(id)
    if (same || (old?.dragging && old.parentId === parentId)) return old
    const card: Card = { ...old, id, type, position: { x, y }, width, height, data: NO_DATA, selected: selected.has(id), zIndex: type === 'frame' ? 0 : type === 'note' ? 3 : 4 }
    if (parentId) card.parentId = parentId
    else delete card.parentId
    return card
  })
}

/** A data edge is drawn at rest where a flow edge joins the same two cards; else it rests as a stub. */
export function isPaired(document: Document, wire: Wire): boolean {
  return (wiresOf(document).from.get(wire.source) ?? []).some((other) => other.sort === 'flow' && other.target === wire.target)
}

/** The words on a flow edge: its outcome where there are several, and how often a loop may turn. */
function flowLabel(document: Document, kinds: Kinds, wire: Wire): string {
  const node = document.nodes[wire.source]
  const kind = kinds[node?.kind ?? '']
  if (!node || !kind || wire.sourceHandle === 'each') return ''
  const named = wire.sourceHandle !== 'done' ? wire.sourceHandle! : ''
  const back = kind.bounds_loop && upstream(document, wire.source).has(wire.target)
  if (!back) return ''
  const key = Object.keys(kind.config_schema.properties ?? {}).find((name) => name.startsWith('max_'))
  const most = key ? configValue(node, kind, key) : undefined
  return [named, typeof most === 'number' ? `at most ${most}` : ''].filter(Boolean).join(' · ')
}

export function edgesOf(document: Document, kinds: Kinds, portType: (node: string, port: string) => string): WireEdge[] {
  const lanes = new Map<string, number>()
  return wiresOf(document).all.filter((wire) => document.nodes[wire.source] && document.nodes[wire.target]).map((wire) => {
    const key = wire.sort === 'attach' ? `attach ${wire.target}` : `${wire.sort} ${wire.source} ${wire.target}`
    const lane = lanes.get(key) ?? 0
    lanes.set(key, lane + 1)
    return {
      id: wire.id, source: wire.source, target: wire.target, type: 'wire',
      sourceHandle: wire.sort === 'attach' ? 'attach-out-self' : `${wire.sort}-out-${wire.sourceHandle}`,
      targetHandle: wire.sort === 'flow' ? 'flow-in-in' : wire.sort === 'data' ? `data-in-${wire.targetHandle}` : `attach-in-${socketOf(document, kinds, wire)}`,
      zIndex: wire.sort === 'flow' ? 2 : 1, focusable: false,
      data: {
        sort: wire.sort, text: wire.text, lane, paired: wire.sort !== 'data' || isPaired(document, wire),
        label: wire.sort === 'flow' ? flowLabel(document, kinds, wire) : '', type: wire.sort === 'data' ? portType(wire.source, wire.sourceHandle!) : wire.sort === 'attach' ? (kinds[document.nodes[wire.source]!.kind]?.provides ?? '') : '',
      },
    }
  })
}

function socketOf(document: Document, kinds: Kinds, wire: Wire): string {
  if (wire.targetHandle) return wire.targetHandle
  const sockets = kinds[document.nodes[wire.target]?.kind ?? '']?.attaches ?? []
  return sockets.find((socket) => attachedTo(document, kinds, wire.target, socket.name).some((each) => each.text === wire.text))?.name ?? ''
}
