/** Tidy layout: left to right by dagre, folded to the width of the view, resources below their users. */

import { useReactFlow } from '@xyflow/react'
import type { Document, Point } from '../../model/document'
import { HEADER, nodeRect, nodeSize, ROW, rowCount, snap } from '../../model/geometry'
import type { Kinds } from '../../model/kinds'
import type { Operation } from '../../model/operations'
import { portsOf } from '../../model/ports'
import { wiresOf } from '../../model/wires'
import { canvasBox } from '../palette/place'
import { useBuild } from '../state'

const GAP_X = 60
const GAP_Y = 40
const ROW_GAP = 110
const RESOURCE_GAP = 64

type Dagre = typeof import('@dagrejs/dagre')

export function useLayout(): () => Promise<void> {
  const build = useBuild()
  const flow = useReactFlow()
  return async () => {
    const dagre = await import('@dagrejs/dagre')
    const pane = canvasBox(build)
    const ops = layoutOps(build.doc, build.kinds, dagre, Math.max(700, pane?.width ?? 900))
    if (!ops.length) return build.announce('The layout is tidy already.')
    build.root?.classList.add('settling')
    build.edit(ops, 'Tidy the layout')
    setTimeout(() => void flow.fitView({ padding: 0.06, maxZoom: 1.3, duration: 200 }), 40)
    setTimeout(() => build.root?.classList.remove('settling'), 300)
  }
}

/** Moves for every node that is not where the layout wants it. `width`: where rows are folded, canvas units. */
export function layoutOps(document: Document, kinds: Kinds, dagre: Dagre, width: number): Operation[] {
  const places = new Map<string, Point>()
  const frames = Object.keys(document.nodes).filter((id) => kinds[document.nodes[id]!.kind]?.frame)
  const depth = (id: string): number => (document.nodes[id]?.parent ? 1 + depth(document.nodes[id].parent) : 0)
  let grown = document
  for (const frame of frames.sort((a, b) => depth(b) - depth(a))) {
    arrange(grown, kinds, dagre, frame, Infinity, places)
    grown = grow(grown, kinds, frame, places)
  }
  arrange(grown, kinds, dagre, null, width, places)
  return [...places].flatMap(([id, [x, y]]): Operation[] => {
    const { position: now, size: before } = document.nodes[id]!
    const size = grown.nodes[id]!.size
    const sized = size === before ? {} : { size }
    return now && now[0] === x && now[1] === y && size === before ? [] : [{ op: 'move_node', id, position: [x, y], ...sized }]
  })
}

/** The document with a frame large enough for what was arranged in it. */
function grow(document: Document, kinds: Kinds, frame: string, places: Map<string, Point>): Document {
  const inside = Object.keys(document.nodes).filter((id) => document.nodes[id]!.parent === frame && places.has(id))
  const [w, h] = sizeOf(document, kinds, frame)
  const right = Math.max(w, ...inside.map((id) => places.get(id)![0] + sizeOf(document, kinds, id)[0] + 90))
  const low = Math.max(h, ...inside.map((id) => places.get(id)![1] + sizeOf(document, kinds, id)[1] + 30))
  if (right === w && low === h) return document
  return { ...document, nodes: { ...document.nodes, [frame]: { ...document.nodes[frame]!, size: [right, low] } } }
}

/** Where the body of a frame begins: below its ports, right of the names at its inner edge. */
function bodyOrigin(document: Document, kinds: Kinds, frame: string): Point {
  const node = document.nodes[frame]!
  return [120, HEADER + rowCount(portsOf(document, node, kinds[node.kind])) * ROW + 32]
}

function arrange(document: Document, kinds: Kinds, dagre: Dagre, parent: string | null, width: number, places: Map<string, Point>): void {
  const inside = Object.entries(document.nodes).filter(([, node]) => node.parent === parent)
  const working = inside.filter(([, node]) => kinds[node.kind]?.provides == null && node.kind !== 'note').map(([id]) => id)
  const columns = ranks(document, kinds, dagre, working)
  const origin: Point = parent ? bodyOrigin(document, kinds, parent) : [0, 0]
  const rows = fold(columns.map((ids) => ids.map((id) => ({ id, size: sizeOf(document, kinds, id) }))), width)
  let y = origin[1]
  for (const row of rows) {
    let x = origin[0]
    let low = y
    for (const column of row) {
      let top = y
      for (const { id, size } of column) {
        places.set(id, [snap(x), snap(top)])
        top += size[1] + GAP_Y
        low = Math.max(low, top - GAP_Y)
      }
      x += Math.max(...column.map(({ size }) => size[0])) + GAP_X
    }
    low = placeResources(document, kinds, inside.map(([id]) => id), row.flat().map(({ id }) => id), low, places)
    y = low + ROW_GAP
  }
  placeRest(document, kinds, inside.map(([id]) => id), origin[0], y, places)
}

function sizeOf(document: Document, kinds: Kinds, id: string): Point {
  const node = document.nodes[id]!
  return nodeSize(id, node, kinds[node.kind], document)
}

/** Node ids by column, in the order dagre gives them. */
function ranks(document: Document, kinds: Kinds, dagre: Dagre, ids: string[]): string[][] {
  const graph = new dagre.graphlib.Graph()
  graph.setGraph({ rankdir: 'LR', nodesep: GAP_Y, ranksep: GAP_X })
  graph.setDefaultEdgeLabel(() => ({}))
  const known = new Set(ids)
  for (const id of ids) {
    const [width, height] = sizeOf(document, kinds, id)
    graph.setNode(id, { width, height })
  }
  for (const wire of wiresOf(document).all)
    if (wire.sort !== 'attach' && known.has(wire.source) && known.has(wire.target)) graph.setEdge(wire.source, wire.target, { weight: wire.sort === 'flow' ? 3 : 0.1 })
  dagre.layout(graph)
  const columns = new Map<number, string[]>()
  for (const id of ids) {
    const x = Math.round((graph.node(id) as { x: number }).x)
    const near = [...columns.keys()].find((known) => Math.abs(known - x) < 40) ?? x
    columns.set(near, [...(columns.get(near) ?? []), id])
  }
  const y = (id: string): number => (graph.node(id) as { y: number }).y
  return [...columns].sort(([a], [b]) => a - b).map(([, column]) => column.sort((a, b) => y(a) - y(b)))
}

interface Placed { id: string; size: Point }

function fold(columns: Placed[][], width: number): Placed[][][] {
  const rows: Placed[][][] = [[]]
  let used = 0
  for (const column of columns) {
    const wide = Math.max(...column.map(({ size }) => size[0])) + GAP_X
    if (used + wide > width && rows.at(-1)!.length) {
      rows.push([])
      used = 0
    }
    rows.at(-1)!.push(column)
    used += wide
  }
  return rows.filter((row) => row.length)
}

/** Resources whose last user stands in this row go below it, in the order of their users. */
function placeResources(document: Document, kinds: Kinds, inside: string[], row: string[], low: number, places: Map<string, Point>): number {
  const here = new Set(row)
  const waiting = inside.filter((id) => kinds[document.nodes[id]!.kind]?.provides != null && !places.has(id))
  const mine = waiting.filter((id) => {
    const users = (wiresOf(document).from.get(id) ?? []).filter((wire) => wire.sort === 'attach').map((wire) => wire.target)
    return users.some((user) => here.has(user)) && users.every((user) => places.has(user) || !inside.includes(user))
  })
  if (!mine.length) return low
  const top = low + RESOURCE_GAP
  const under = (id: string): number => Math.min(...(wiresOf(document).from.get(id) ?? []).map((wire) => places.get(wire.target)?.[0] ?? Infinity))
  mine.sort((a, b) => under(a) - under(b))
  let x = Math.min(...row.map((id) => places.get(id)![0]))
  for (const id of mine) {
    x = Math.max(x, Math.min(under(id), x + 400))
    places.set(id, [snap(x), snap(top)])
    x += sizeOf(document, kinds, id)[0] + 16
  }
  // A role has resources of its own: they stand below it.
  return placeResources(document, kinds, inside, mine, top + Math.max(...mine.map((id) => sizeOf(document, kinds, id)[1])), places)
}

function placeRest(document: Document, kinds: Kinds, inside: string[], left: number, y: number, places: Map<string, Point>): void {
  let x = left
  for (const id of inside) {
    if (places.has(id)) continue
    const node = document.nodes[id]!
    if (node.kind === 'note' && node.position && !covers(document, kinds, id, places)) continue
    places.set(id, [snap(x), snap(y)])
    x += sizeOf(document, kinds, id)[0] + 20
  }
}

function covers(document: Document, kinds: Kinds, id: string, places: Map<string, Point>): boolean {
  const note = nodeRect(document, kinds, id)
  return [...places].some(([other, [x, y]]) => {
    const [w, h] = sizeOf(document, kinds, other)
    return note.x < x + w && x < note.x + note.w && note.y < y + h && y < note.y + note.h
  })
}
