/** Where proposed nodes stand: as the server guessed, moved to where no card is. */

import { completeNode, type Document, type Point } from '../model/document'
import { absolutePosition, freePlace, nodeRect, nodeSize, type Rect } from '../model/geometry'
import type { Kinds } from '../model/kinds'
import { parseEdge } from '../model/edges'
import { applyBatch } from '../model/operations'
import { opsNow } from './accepting'
import type { Item } from './types'

const GAP_RIGHT = 60
const GAP_DOWN = 80

/** The items with their new nodes beside what they follow, below what they serve. */
export function placed(document: Document, kinds: Kinds, items: readonly Item[]): Item[] {
  let current = document
  return items.map((item) => {
    if (item.fault) return item
    const op = item.ops.find((each) => each.op === 'add_node')
    const moved = op ? withPosition(item, op.id, placeOf(current, kinds, items, op.id, op.node)) : item
    try {
      current = applyBatch(current, opsNow(current, moved)).document
    } catch {
      return moved
    }
    return moved
  })
}

/** New nodes in the places of those that go with them: for one accepted removal behind the same node, its place. */
export function settled(document: Document, kinds: Kinds, items: readonly Item[], chosen: ReadonlySet<string>): Item[] {
  const gone = items.filter((item) => chosen.has(item.id)).flatMap((item) => item.ops.flatMap((op) => (op.op === 'remove_node' ? [op.id] : [])))
  if (!gone.length) return [...items]
  const left = { ...document, nodes: Object.fromEntries(Object.entries(document.nodes).filter(([id]) => !gone.includes(id))) }
  return items.map((item) => {
    const op = item.ops.find((each) => each.op === 'add_node')
    const old = op && gone.find((id) => sources(document.edges.flow, id).some((source) => sources(flowOf(items), op.id).includes(source)))
    if (!op || !old) return item
    gone.splice(gone.indexOf(old), 1)
    const node = completeNode(op.node)
    const [w, h] = nodeSize(op.id, node, kinds[node.kind], document)
    const [x, y] = document.nodes[old]!.position ?? [0, 0]
    return withPosition(item, op.id, freePlace(left, kinds, { x, y, w, h }, node.parent))
  })
}

function flowOf(items: readonly Item[]): string[] {
  return items.flatMap((item) => item.ops.flatMap((op) => (op.op === 'connect' && op.sort === 'flow' ? [op.edge] : [])))
}

/** What leads to a node. */
function sources(flow: readonly string[], id: string): string[] {
  return flow.flatMap((text) => {
    const edge = parseEdge(text)
    return edge?.target === id ? [`${edge.source}.${edge.sourceHandle ?? 'done'}`] : []
  })
}

function withPosition(item: Item, id: string, position: Point): Item {
  return { ...item, ops: item.ops.map((op) => (op.op === 'add_node' && op.id === id ? { ...op, node: { ...op.node, position } } : op)) }
}

function placeOf(document: Document, kinds: Kinds, items: readonly Item[], id: string, given: Parameters<typeof completeNode>[0]): Point {
  const node = completeNode(given)
  const kind = kinds[node.kind]
  const [w, h] = nodeSize(id, node, kind, document)
  const [x, y] = wished(document, kinds, items, id, h) ?? node.position ?? [0, 0]
  return freePlace(document, kinds, { x, y, w, h }, node.parent)
}

/** Beside the card it comes after, or below the one it is attached to; in the frame of that card. */
function wished(document: Document, kinds: Kinds, items: readonly Item[], id: string, height: number): Point | null {
  for (const item of items)
    for (const op of item.ops) {
      const edge = op.op === 'connect' ? parseEdge(op.edge) : null
      if (!edge || op.op !== 'connect') continue
      if (op.sort === 'flow' && edge.target === id && document.nodes[edge.source]) return besides(document, kinds, edge.source, height)
      if (op.sort === 'attach' && edge.source === id && document.nodes[edge.target]) return below(document, kinds, edge.target)
    }
  return null
}

function own(document: Document, kinds: Kinds, id: string): Rect {
  const rect = nodeRect(document, kinds, id)
  const [dx, dy] = document.nodes[id]!.parent ? absolutePosition(document, document.nodes[id]!.parent!) : [0, 0]
  return { ...rect, x: rect.x - dx, y: rect.y - dy }
}

function besides(document: Document, kinds: Kinds, id: string, height: number): Point {
  const rect = own(document, kinds, id)
  return [rect.x + rect.w + GAP_RIGHT, rect.y + Math.max(0, (rect.h - height) / 2)]
}

function below(document: Document, kinds: Kinds, id: string): Point {
  const rect = own(document, kinds, id)
  return [rect.x, rect.y + rect.h + GAP_DOWN]
}
