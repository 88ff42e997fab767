import type { Node } from '@xyflow/react'
import type { Point } from '../../model/document'
import { absolutePosition, nodeSize } from '../../model/geometry'
import type { Operation } from '../../model/operations'
import type { Build } from '../state'

/** The operations of a finished drag: new places, and a new frame for what was dropped in or out of one. */
export function moveOps(build: Build, dragged: Node[]): Operation[] {
  const moving = new Set(dragged.map((node) => node.id))
  return dragged.flatMap((card) => {
    const node = build.doc.nodes[card.id]
    if (!node) return []
    const own: Point = [Math.round(card.position.x), Math.round(card.position.y)]
    const frame = build.kindOf(card.id)?.frame || (node.parent && moving.has(node.parent)) ? node.parent : frameUnder(build, card, own)
    if (frame === node.parent) {
      const same = node.position?.[0] === own[0] && node.position[1] === own[1]
      return same ? [] : [{ op: 'move_node', id: card.id, position: own } as Operation]
    }
    const [ax, ay] = node.parent ? absolutePosition(build.doc, node.parent) : [0, 0]
    const [fx, fy] = frame ? absolutePosition(build.doc, frame) : [0, 0]
    return [
      { op: 'set_node', id: card.id, key: 'parent', value: frame } as Operation,
      { op: 'move_node', id: card.id, position: [own[0] + ax - fx, own[1] + ay - fy] } as Operation,
    ]
  })
}

function frameUnder(build: Build, card: Node, own: Point): string | null {
  const { doc } = build
  const parent = doc.nodes[card.id]!.parent
  const [px, py] = parent ? absolutePosition(doc, parent) : [0, 0]
  const x = px + own[0] + (card.width ?? 0) / 2
  const y = py + own[1] + (card.height ?? 0) / 2
  return frameAt(build, x, y, card.id)
}

/** The innermost frame at a place of the canvas; resources and notes may stand in one too. */
export function frameAt(build: Build, x: number, y: number, except?: string): string | null {
  const { doc } = build
  const found = Object.entries(doc.nodes).filter(([id, node]) => {
    const kind = build.kinds[node.kind]
    if (!kind?.frame || id === except) return false
    const [fx, fy] = absolutePosition(doc, id)
    const [w, h] = nodeSize(id, node, kind, doc)
    return x > fx && x < fx + w && y > fy && y < fy + h
  })
  const area = (id: string): number => nodeSize(id, doc.nodes[id]!, build.kindOf(id), doc).reduce((w, h) => w * h)
  return found.map(([id]) => id).sort((a, b) => area(a) - area(b))[0] ?? null
}
