/** Sizes of cards, known without measuring: for placing, layout and the lanes of edges. Canvas units (px). */

import { nodeName, type DocNode, type Document, type Point } from './document'
import { isSubworkflow, runs, type Kind, type Kinds } from './kinds'
import { portsOf, type Ports } from './ports'
import { wiresOf } from './wires'

export const GRID = 20
export const HEADER = 42
export const ROW = 20
export const FIGURES = 24
export const SLOTS = 22
export const FRAME_SIZE: Point = [600, 300]
export const SUBWORKFLOW_SIZE: Point = [460, 240]
export const NOTE_SIZE: Point = [240, 120]

export interface Rect { x: number; y: number; w: number; h: number }

/** Outcomes with a row of their own: all where there are several, none where there is one. */
export function outcomeRows(ports: Ports): string[] {
  const own = ports.outcomes.filter((name) => name !== 'each')
  return own.length > 1 ? own : []
}

export function hasFigures(kind: Kind | undefined): boolean {
  return runs(kind) && kind?.dynamic === null
}

export function rowCount(ports: Ports): number {
  const left = ports.inputs.length - ports.frameInputs.length
  const right = ports.outputs.length - ports.frameOutputs.length + outcomeRows(ports).length
  return Math.max(left, right)
}

/** Letters of ` ← Start` after each input whose data edge rests as a stub. */
function stubLengths(id: string, document: Document): Map<string, number> {
  const lengths = new Map<string, number>()
  const { from, to } = wiresOf(document)
  for (const wire of to.get(id) ?? []) {
    if (wire.sort !== 'data' || (from.get(wire.source) ?? []).some((other) => other.sort === 'flow' && other.target === id)) continue
    lengths.set(wire.targetHandle!, (document.nodes[wire.source]?.label.length || 8) + 3)
  }
  return lengths
}

function cardWidth(id: string, node: DocNode, kind: Kind, ports: Ports, document: Document): number {
  const stubs = stubLengths(id, document)
  const header = 52 + Math.max(nodeName(id, node, kind.title).length * 7.2, kind.title.length * 5.8 + 40)
  const right = [...ports.outputs.map((port) => port.name), ...outcomeRows(ports)]
  const rows = Array.from({ length: rowCount(ports) }, (_, row) =>
    34 + ((ports.inputs[row]?.name.length ?? 0) + (stubs.get(ports.inputs[row]?.name ?? '') ?? 0)) * 5.9 + (right[row]?.length ?? 0) * 6)
  const least = kind.dynamic ? 112 : ports.sockets.length > 2 ? 216 : 156
  const slots = ports.sockets.length > 1 ? ports.sockets.length * (Math.max(...ports.sockets.map((socket) => socket.name.length)) * 6 + 10) : 0
  return Math.min(Math.max(224, slots), Math.max(slots, least, ...rows, kind.dynamic ? 0 : header))
}

/** A resource is a header, and the names of its sockets where it takes several resources itself. */
function resourceSize(kind: Kind): Point {
  const sockets = kind.attaches.length
  return [Math.max(150, sockets * 52), 44 + (sockets > 1 ? SLOTS : 0)]
}

/** Width and height of a node's card. */
export function nodeSize(id: string, node: DocNode, kind: Kind | undefined, document: Document): Point {
  if (node.kind === 'note') return node.size ?? NOTE_SIZE
  if (!kind) return [170, HEADER + 2]
  if (kind.frame) return node.size ?? (isSubworkflow(kind) ? SUBWORKFLOW_SIZE : FRAME_SIZE)
  if (kind.provides) return resourceSize(kind)
  const ports = portsOf(document, node, kind)
  const slots = ports.sockets.length > 1 ? SLOTS : 0
  const height = 2 + HEADER + rowCount(ports) * ROW + (hasFigures(kind) ? FIGURES : 0) + slots
  return [Math.ceil(cardWidth(id, node, kind, ports, document) / 4) * 4, height]
}

export function absolutePosition(document: Document, id: string): Point {
  const node = document.nodes[id]
  const own = node?.position ?? [0, 0]
  if (!node?.parent) return own
  const [x, y] = absolutePosition(document, node.parent)
  return [x + own[0], y + own[1]]
}

export function nodeRect(document: Document, kinds: Kinds, id: string): Rect {
  const node = document.nodes[id]!
  const [x, y] = absolutePosition(document, id)
  const [w, h] = nodeSize(id, node, kinds[node.kind], document)
  return { x, y, w, h }
}

export function overlaps(a: Rect, b: Rect, gap = 0): boolean {
  return a.x < b.x + b.w + gap && b.x < a.x + a.w + gap && a.y < b.y + b.h + gap && b.y < a.y + a.h + gap
}

export function snap(value: number): number {
  return Math.round(value / GRID) * GRID
}

/** The nearest place at or below `rect` (in its own frame) that covers no other card. */
export function freePlace(document: Document, kinds: Kinds, rect: Rect, parent: string | null): Point {
  const others = Object.entries(document.nodes)
    .filter(([id, node]) => node.parent === parent && id !== parent)
    .map(([id, node]) => {
      const [x, y] = node.position ?? [0, 0]
      const [w, h] = nodeSize(id, node, kinds[node.kind], document)
      return { x, y, w, h }
    })
  const place = { ...rect, x: snap(rect.x), y: snap(rect.y) }
  for (let tries = 0; tries < 200; tries++) {
    const hit = others.find((other) => overlaps(place, other, 12))
    if (!hit) break
    place.y = snap(hit.y + hit.h + 2 * GRID)
  }
  return [place.x, place.y]
}
