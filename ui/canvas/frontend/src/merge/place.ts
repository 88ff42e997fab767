/** Where the nodes of two documents together stand: as on the canvas, what is gone beside what took its place. */

import { layoutOps } from '../build/canvas/layout'
import type { Document } from '../model/document'
import { freePlace, nodeRect, type Rect } from '../model/geometry'
import type { Kinds } from '../model/kinds'
import { applyBatch } from '../model/operations'
import type { Mark, MarkedEdge } from './marks'

const ROW_WIDTH = 1400
const MARGIN = 40

export interface Placed { boxes: ReadonlyMap<string, Rect>; width: number; height: number }

/** Nodes without a place get one from the layout, all of them. */
export async function placed(document: Document, marks: ReadonlyMap<string, Mark>, kinds: Kinds): Promise<Placed> {
  let found = document
  if (Object.values(document.nodes).some((node) => !node.position)) {
    found = applyBatch(document, layoutOps(document, kinds, await import('@dagrejs/dagre'), ROW_WIDTH)).document
  }
  for (const [id, mark] of marks) if (mark === 'removed') found = beside(found, kinds, id)
  return around(found, kinds)
}

/** What is gone gives way to what stands there now. */
function beside(document: Document, kinds: Kinds, id: string): Document {
  const { [id]: node, ...rest } = document.nodes
  const others = { ...document, nodes: rest }
  const { w, h } = nodeRect(document, kinds, id)
  const [x, y] = node!.position ?? [0, 0]
  const parent = node!.parent && rest[node!.parent] ? node!.parent : null
  return { ...document, nodes: { ...document.nodes, [id]: { ...node!, parent, position: freePlace(others, kinds, { x, y, w, h }, parent) } } }
}

function around(document: Document, kinds: Kinds): Placed {
  const rects = Object.keys(document.nodes).map((id): [string, Rect] => [id, nodeRect(document, kinds, id)])
  const left = Math.min(0, ...rects.map(([, rect]) => rect.x)) - MARGIN
  const top = Math.min(...rects.map(([, rect]) => rect.y), Infinity) - MARGIN
  const boxes = new Map(rects.map(([id, rect]) => [id, { ...rect, x: rect.x - left, y: rect.y - top }]))
  const all = [...boxes.values()]
  return { boxes, width: Math.max(...all.map((box) => box.x + box.w), 0) + MARGIN, height: Math.max(...all.map((box) => box.y + box.h), 0) + MARGIN }
}

export interface Curve { path: string; x: number; y: number }

/** Flow leaves at the right and enters at the left, resources hang below, data runs a little lower. */
export function curve({ sort, edge }: MarkedEdge, boxes: ReadonlyMap<string, Rect>, inside: boolean): Curve | null {
  const [from, to] = [boxes.get(edge.source), boxes.get(edge.target)]
  if (!from || !to) return null
  if (sort === 'attach') return bent(from.x + from.w / 2, from.y, to.x + to.w / 2, to.y + to.h, 'up')
  const down = sort === 'data' ? 16 : 0
  const start = inside ? from.x + 8 : from.x + from.w
  return bent(start, from.y + Math.min(from.h / 2, 60) + down, to.x, to.y + Math.min(to.h / 2, 60) + down, 'right')
}

type Corner = readonly [x: number, y: number]

/** How far along a line its word stands: near where it leaves, for it may end at a card with a word of its own. */
const WORD_AT = 0.4

function bent(x1: number, y1: number, x2: number, y2: number, way: 'up' | 'right'): Curve {
  if (way === 'up') {
    const pull = Math.max(24, Math.abs(y1 - y2) / 2)
    return through([x1, y1], [x1, y1 - pull], [x2, y2 + pull], [x2, y2])
  }
  const back = x2 < x1
  const pull = back ? 90 : Math.max(24, (x2 - x1) / 2)
  const sag = back ? 90 : 0
  return through([x1, y1], [x1 + pull, y1 + sag], [x2 - pull, y2 + sag], [x2, y2])
}

/** A cubic Bézier curve, and the point on it where its word stands. */
function through(...[a, b, c, d]: [Corner, Corner, Corner, Corner]): Curve {
  const [t, u] = [WORD_AT, 1 - WORD_AT]
  const at = (axis: 0 | 1): number => u ** 3 * a[axis] + 3 * u * u * t * b[axis] + 3 * u * t * t * c[axis] + t ** 3 * d[axis]
  return { path: `M${a.join(' ')}C${b.join(' ')} ${c.join(' ')} ${d.join(' ')}`, x: at(0), y: at(1) }
}
