/** Which node an arrow key leads to: along flow left and right, else the nearest in that direction. */

import type { Document } from '../../model/document'
import { nodeRect } from '../../model/geometry'
import type { Kinds } from '../../model/kinds'
import { flowOrder, wiresOf } from '../../model/wires'

export type Direction = 'left' | 'right' | 'up' | 'down'

export function step(document: Document, kinds: Kinds, from: string | null, direction: Direction, data: boolean): string | null {
  if (!from) return flowOrder(document)[0] ?? null
  const { from: out, to: into } = wiresOf(document)
  const sort = data ? 'data' : 'flow'
  const along = direction === 'right' ? (out.get(from) ?? []).filter((wire) => wire.sort === sort).map((wire) => wire.target)
    : direction === 'left' ? (into.get(from) ?? []).filter((wire) => wire.sort === sort).map((wire) => wire.source) : []
  return along.find((id) => id !== from && document.nodes[id]) ?? nearest(document, kinds, from, direction)
}

function nearest(document: Document, kinds: Kinds, from: string, direction: Direction): string | null {
  const here = nodeRect(document, kinds, from)
  let best: string | null = null
  let least = Infinity
  for (const id of Object.keys(document.nodes)) {
    if (id === from) continue
    const there = nodeRect(document, kinds, id)
    const dx = there.x + there.w / 2 - here.x - here.w / 2
    const dy = there.y + there.h / 2 - here.y - here.h / 2
    const [ahead, aside] = direction === 'right' ? [dx, dy] : direction === 'left' ? [-dx, dy] : direction === 'down' ? [dy, dx] : [-dy, dx]
    const cost = ahead + 2.5 * Math.abs(aside)
    if (ahead > 8 && cost < least) {
      best = id
      least = cost
    }
  }
  return best
}
