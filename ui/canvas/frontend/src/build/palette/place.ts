/** Where the canvas is, and bringing a node into view. */

import type { useReactFlow } from '@xyflow/react'
import { absolutePosition, nodeSize } from '../../model/geometry'
import type { Build } from '../state'

export function canvasBox(build: Build): DOMRect | null {
  return build.root?.querySelector('.canvas')?.getBoundingClientRect() ?? null
}

/** Pan so that a node is in view; the zoom stays. */
export function reveal(build: Build, flow: ReturnType<typeof useReactFlow>, id: string): void {
  const pane = canvasBox(build)
  const node = build.doc.nodes[id]
  if (!pane || !node) return
  const [x, y] = absolutePosition(build.doc, id)
  const [w, h] = nodeSize(id, node, build.kindOf(id), build.doc)
  const a = flow.flowToScreenPosition({ x, y })
  const b = flow.flowToScreenPosition({ x: x + w, y: y + h })
  const inside = a.x >= pane.left && a.y >= pane.top && b.x <= pane.right && b.y <= pane.bottom
  if (!inside) void flow.setCenter(x + w / 2, y + h / 2, { zoom: flow.getZoom(), duration: 200 })
}
