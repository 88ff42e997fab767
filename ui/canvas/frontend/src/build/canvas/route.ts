/** Orthogonal paths with rounded corners. Pure geometry, canvas units. */

import type { Rect } from '../../model/geometry'

export type XY = [number, number]

export interface Route {
  points: XY[]
  label: XY
  /** The label stands under the line rather than on it. */
  under: boolean
}

const RADIUS = 9

/** An SVG path through `points`, corners rounded as far as the segments allow. */
export function rounded(points: XY[], radius = RADIUS): string {
  const [first, ...rest] = points as [XY, ...XY[]]
  let path = `M${first[0]} ${first[1]}`
  rest.forEach((point, index) => {
    const before = points[index]!
    const after = points[index + 2]
    if (!after) {
      path += `L${point[0]} ${point[1]}`
      return
    }
    const enter = towards(point, before, Math.min(radius, distance(before, point) / 2))
    const leave = towards(point, after, Math.min(radius, distance(point, after) / 2))
    path += `L${enter[0]} ${enter[1]}Q${point[0]} ${point[1]} ${leave[0]} ${leave[1]}`
  })
  return path
}

function distance(a: XY, b: XY): number {
  return Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1])
}

function towards(from: XY, to: XY, by: number): XY {
  const all = distance(from, to) || 1
  return [from[0] + ((to[0] - from[0]) * by) / all, from[1] + ((to[1] - from[1]) * by) / all]
}

/**
 * From a way out on the right to a way in on the left. `data` runs 8 px beside its flow edge; `lane` counts
 * edges between the same two cards.
 */
export function routeAcross(s: XY, t: XY, source: Rect, target: Rect, data: boolean, lane: number): Route {
  if (t[0] >= s[0] + 18) return forward(s, t, data, lane)
  const below = target.y > source.y + source.h + 24
  const above = target.y + target.h < source.y - 24
  const folded = below || above
  const right = s[0] + (data ? 14 : 24) + lane * 8
  const left = t[0] - (folded ? (data ? 32 : 24) : data ? 10 : 18) - lane * 8
  const channel = folded
    ? (below ? target.y : source.y) - (data ? 60 : 52) - lane * 8
    : Math.min(source.y, target.y) - (data ? 20 : 28) - lane * 8
  const points: XY[] = [s, [right, s[1]], [right, channel], [left, channel], [left, t[1]], t]
  const share = folded ? 0.5 : data ? 0.35 : 0.68
  return { points, label: [right + (left - right) * share, channel], under: false }
}

function forward(s: XY, t: XY, data: boolean, lane: number): Route {
  const middle = (s[0] + t[0]) / 2
  if (Math.abs(s[1] - t[1]) < 1.5) return { points: [s, [t[0], s[1]]], label: [middle, s[1] + 13], under: true }
  const room = Math.max(0, (t[0] - s[0]) / 2 - 8)
  const turn = middle + Math.min(room, (data ? -8 : 0) - lane * 8 < -room ? -room : (data ? -8 : 0) - lane * 8)
  return { points: [s, [turn, s[1]], [turn, t[1]], t], label: [turn, (s[1] + t[1]) / 2], under: false }
}

/** From a resource's top up to a socket on a card's lower edge. */
export function routeUp(s: XY, t: XY, lane: number): Route {
  if (Math.abs(s[0] - t[0]) < 2) return { points: [s, [s[0], t[1]]], label: s, under: false }
  const gap = s[1] - t[1]
  const channel = gap > 30 ? Math.max(t[1] + 12, s[1] - 16 - lane * 10) : t[1] + 22 + lane * 8
  return { points: [s, [s[0], channel], [t[0], channel], t], label: s, under: false }
}
