/** Where a handle of a card is, known without measuring: proposed cards are not React Flow's. */

import { attachedTo } from '../model/connection'
import type { Document } from '../model/document'
import type { Edge, EdgeSort } from '../model/edges'
import { HEADER, nodeRect, outcomeRows, ROW, rowCount, type Rect } from '../model/geometry'
import type { Kinds } from '../model/kinds'
import { portsOf } from '../model/ports'
import { routeAcross, routeUp, rounded, type Route, type XY } from '../build/canvas/route'

const FIRST_ROW = 1 + HEADER + ROW / 2
const HEAD_MIDDLE = 1 + HEADER / 2
const ARROW = 7

/** The drawn path of an edge of a document; null where an end is not there. */
export function pathOf(document: Document, kinds: Kinds, sort: EdgeSort, edge: Edge): { d: string; label: XY } | null {
  if (!document.nodes[edge.source] || !document.nodes[edge.target]) return null
  const source = nodeRect(document, kinds, edge.source)
  const target = nodeRect(document, kinds, edge.target)
  const route = routeOf(document, kinds, sort, edge, source, target)
  return { d: rounded(route.points), label: route.label }
}

function routeOf(document: Document, kinds: Kinds, sort: EdgeSort, edge: Edge, source: Rect, target: Rect): Route {
  if (sort === 'attach') return routeUp([source.x + source.w / 2, source.y], socketAt(document, kinds, edge, target), 0)
  const from: XY = [source.x + source.w, source.y + outAt(document, kinds, sort, edge)]
  const to: XY = [target.x - (sort === 'flow' ? ARROW : 0), target.y + inAt(document, kinds, sort, edge)]
  return routeAcross(from, to, source, target, sort === 'data', 0)
}

function outAt(document: Document, kinds: Kinds, sort: EdgeSort, edge: Edge): number {
  const node = document.nodes[edge.source]!
  const ports = portsOf(document, node, kinds[node.kind])
  const outputs = ports.outputs.filter((port) => !ports.frameOutputs.includes(port.name))
  if (sort === 'data') return FIRST_ROW + Math.max(0, outputs.findIndex((port) => port.name === edge.sourceHandle)) * ROW
  if (edge.sourceHandle === 'error') return 1 + HEADER + rowCount(ports) * ROW + 12
  const row = outcomeRows(ports).indexOf(edge.sourceHandle ?? 'done')
  return row < 0 ? HEAD_MIDDLE : FIRST_ROW + (outputs.length + row) * ROW
}

function inAt(document: Document, kinds: Kinds, sort: EdgeSort, edge: Edge): number {
  if (sort === 'flow') return HEAD_MIDDLE
  const node = document.nodes[edge.target]!
  const ports = portsOf(document, node, kinds[node.kind])
  const inputs = ports.inputs.filter((port) => !ports.frameInputs.includes(port.name))
  return FIRST_ROW + Math.max(0, inputs.findIndex((port) => port.name === edge.targetHandle)) * ROW
}

function socketAt(document: Document, kinds: Kinds, edge: Edge, target: Rect): XY {
  const node = document.nodes[edge.target]!
  const sockets = portsOf(document, node, kinds[node.kind]).sockets
  const named = edge.targetHandle ?? sockets.find((socket) => attachedTo(document, kinds, edge.target, socket.name).some((wire) => wire.source === edge.source))?.name
  const at = Math.max(0, sockets.findIndex((socket) => socket.name === named))
  return [target.x + ((at + 0.5) / Math.max(1, sockets.length)) * target.w, target.y + target.h]
}
