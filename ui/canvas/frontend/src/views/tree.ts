/** A search tree laid out from left to right: depth across, leaves down. Canvas units (px). */

import type { SearchNode } from './types'

export const STEP_X = 184
export const STEP_Y = 30
export const BOX: [number, number] = [152, 22]

export interface Placed extends SearchNode { x: number; y: number; depth: number; children: string[]; onBest: boolean }

export interface Tree { nodes: Placed[]; width: number; height: number }

/** A node whose parent is not there is a root; a parent that would close a circle is left out. */
export function placeTree(nodes: readonly SearchNode[], best: string): Tree {
  const byId = new Map<string, Placed>()
  for (const node of nodes) if (!byId.has(node.id)) byId.set(node.id, { ...node, x: 0, y: 0, depth: 0, children: [], onBest: false })
  const roots: Placed[] = []
  // A circle has to have a link to a node made later (or to itself): only those are looked at.
  const order = new Map([...byId.keys()].map((id, at) => [id, at]))
  for (const node of byId.values()) {
    const parent = node.parent === null ? undefined : byId.get(node.parent)
    const later = parent !== undefined && order.get(parent.id)! >= order.get(node.id)!
    if (parent && !(later && isAbove(byId, node.id, parent))) parent.children.push(node.id)
    else {
      node.parent = null
      roots.push(node)
    }
  }
  let row = 0
  const settle = (first: Placed): void => {
    // Without recursion: a beam may be thousands deep.
    const stack: [Placed, boolean][] = [[first, false]]
    while (stack.length) {
      const [node, seen] = stack.pop()!
      const children = node.children.map((id) => byId.get(id)!)
      if (!children.length) node.y = row++ * STEP_Y
      else if (seen) node.y = (children[0]!.y + children.at(-1)!.y) / 2
      else {
        stack.push([node, true])
        for (const child of children.toReversed()) {
          child.depth = node.depth + 1
          child.x = child.depth * STEP_X
          stack.push([child, false])
        }
      }
    }
  }
  roots.forEach(settle)
  for (let node = byId.get(best); node; node = node.parent === null ? undefined : byId.get(node.parent)) node.onBest = true
  const placed = [...byId.values()]
  return { nodes: placed, width: Math.max(0, ...placed.map((node) => node.x)) + BOX[0], height: Math.max(1, row) * STEP_Y - (STEP_Y - BOX[1]) }
}

function isAbove(byId: Map<string, Placed>, id: string, from: Placed): boolean {
  const seen = new Set<string>()
  for (let node: Placed | undefined = from; node && !seen.has(node.id); node = node.parent === null ? undefined : byId.get(node.parent)) {
    if (node.id === id) return true
    seen.add(node.id)
  }
  return false
}

/** The nodes from top to bottom as they are read: depth first, in the order they were made. */
export function reading(tree: Tree): Placed[] {
  const byId = new Map(tree.nodes.map((node) => [node.id, node]))
  const order: Placed[] = []
  const stack = tree.nodes.filter((node) => node.parent === null).toReversed()
  while (stack.length) {
    const node = stack.pop()!
    order.push(node)
    for (const id of node.children.toReversed()) stack.push(byId.get(id)!)
  }
  return order
}
