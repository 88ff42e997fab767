/** Adding from the palette: by Enter after what is selected, by dragging where it is dropped. */

import { useReactFlow } from '@xyflow/react'
import type { PointerEvent } from 'react'
import { addAfter, addAt } from '../../model/adding'
import { completeNode, type Point } from '../../model/document'
import { absolutePosition, nodeSize } from '../../model/geometry'
import type { Kind } from '../../model/kinds'
import { frameAt } from '../canvas/move'
import { useBuild } from '../state'
import { canvasBox, reveal } from './place'
import { used } from './remembered'

/** Add a kind after the selected node, or in the middle of what is in view. */
export function useAdd(): (kind: Kind) => void {
  const build = useBuild()
  const flow = useReactFlow()
  return (kind) => {
    const pane = canvasBox(build)
    const middle = pane ? flow.screenToFlowPosition({ x: pane.left + pane.width / 2, y: pane.top + pane.height / 2 }) : { x: 0, y: 0 }
    const selected = build.selection
    const added = addAfter(build.doc, build.kinds, kind, selected.length === 1 ? selected[0]! : null, [middle.x, middle.y])
    if (!build.edit(added.ops, `Add ${kind.title}`)) return
    used(kind.kind)
    build.select([added.id])
    build.announce(`${kind.title} added${added.ops.length > 1 ? ' and joined' : ''}.`)
    requestAnimationFrame(() => reveal(build, flow, added.id))
  }
}

export interface Dragged { kind: Kind; x: number; y: number }

/** Dragging by pointer events, so that touch works too: a ghost follows, and a drop on the canvas adds the node. */
export function useDrag(setGhost: (ghost: Dragged | null) => void): (event: PointerEvent<HTMLElement>, kind: Kind) => void {
  const build = useBuild()
  const flow = useReactFlow()
  const drop = (kind: Kind, now: globalThis.PointerEvent): void => {
    const at = flow.screenToFlowPosition({ x: now.clientX, y: now.clientY })
    const [w] = nodeSize('new', completeNode({ kind: kind.kind }), kind, build.doc)
    const frame = kind.frame ? null : frameAt(build, at.x, at.y)
    const [fx, fy] = frame ? absolutePosition(build.doc, frame) : [0, 0]
    const added = addAt(build.doc, kind, [at.x - fx - w / 2, at.y - fy - 21], frame)
    if (!build.edit(added.ops, `Add ${kind.title}`)) return
    used(kind.kind)
    build.select([added.id])
  }
  return (event, kind) => {
    if (event.button !== 0) return
    const item = event.currentTarget
    const from: Point = [event.clientX, event.clientY]
    let moved = false
    item.setPointerCapture(event.pointerId)
    const move = (now: globalThis.PointerEvent): void => {
      moved ||= Math.hypot(now.clientX - from[0], now.clientY - from[1]) > 4
      if (moved) setGhost({ kind, x: now.clientX, y: now.clientY })
    }
    const end = (now: globalThis.PointerEvent): void => {
      item.removeEventListener('pointermove', move)
      item.removeEventListener('pointerup', end)
      item.removeEventListener('pointercancel', end)
      setGhost(null)
      const pane = canvasBox(build)
      const inside = pane && now.clientX >= pane.left && now.clientX <= pane.right && now.clientY >= pane.top && now.clientY <= pane.bottom
      if (now.type === 'pointerup' && moved && inside) drop(kind, now)
    }
    item.addEventListener('pointermove', move)
    item.addEventListener('pointerup', end)
    item.addEventListener('pointercancel', end)
  }
}
