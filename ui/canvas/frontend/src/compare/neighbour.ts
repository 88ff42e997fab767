/** Which node an arrow key leads to: the nearest in that direction, straight ahead before aside. */

export type Direction = 'left' | 'right' | 'up' | 'down'

export interface Place {
  id: string
  x: number
  y: number
  width: number
}

const ASIDE = 2.5
/** Pixels: what stands closer is beside, not ahead. */
const LEAST = 8

export function neighbour(places: readonly Place[], from: string, direction: Direction): string | null {
  const here = places.find((each) => each.id === from)
  if (!here) return null
  let best: { id: string; cost: number } | null = null
  for (const there of places) {
    const dx = there.x + there.width / 2 - here.x - here.width / 2
    const dy = there.y - here.y
    const [ahead, aside] = { right: [dx, dy], left: [-dx, dy], down: [dy, dx], up: [-dy, dx] }[direction] as [number, number]
    const cost = ahead + ASIDE * Math.abs(aside)
    if (ahead > LEAST && (best === null || cost < best.cost)) best = { id: there.id, cost }
  }
  return best?.id ?? null
}
