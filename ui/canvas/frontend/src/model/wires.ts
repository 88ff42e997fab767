/** What is joined to what, once for each document. */

import type { Document } from './document'
import { EDGE_SORTS, parseEdge, type Edge, type EdgeSort } from './edges'

export interface Wire extends Edge {
  id: string
  sort: EdgeSort
  text: string
}

export interface Wires {
  all: Wire[]
  from: Map<string, Wire[]>
  to: Map<string, Wire[]>
}

const cache = new WeakMap<Document['edges'], Wires>()

export function wiresOf(document: Document): Wires {
  const known = cache.get(document.edges)
  if (known) return known
  const wires: Wires = { all: [], from: new Map(), to: new Map() }
  for (const sort of EDGE_SORTS)
    for (const text of document.edges[sort]) {
      const edge = parseEdge(text)
      if (!edge) continue
      const wire: Wire = { ...edge, sort, text, id: `${sort}:${text}` }
      if (sort === 'flow') wire.sourceHandle ??= 'done'
      wires.all.push(wire)
      push(wires.from, edge.source, wire)
      push(wires.to, edge.target, wire)
    }
  cache.set(document.edges, wires)
  return wires
}

function push(map: Map<string, Wire[]>, key: string, wire: Wire): void {
  const list = map.get(key)
  if (list) list.push(wire)
  else map.set(key, [wire])
}

/** Every node from which flow can reach `id`. */
export function upstream(document: Document, id: string): Set<string> {
  const { to } = wiresOf(document)
  const seen = new Set<string>()
  const open = [id]
  while (open.length) {
    const node = open.pop()!
    const before = (to.get(node) ?? []).filter((wire) => wire.sort === 'flow').map((wire) => wire.source)
    const parent = document.nodes[node]?.parent
    for (const source of parent ? [...before, parent] : before)
      if (!seen.has(source)) {
        seen.add(source)
        open.push(source)
      }
  }
  return seen
}

/** Node ids in the order flow reaches them; what no flow reaches comes after, in document order. */
export function flowOrder(document: Document): string[] {
  const { from, to } = wiresOf(document)
  const seen = new Set<string>()
  const order: string[] = []
  const visit = (first: string): void => {
    const queue = [first]
    while (queue.length) {
      const id = queue.shift()!
      if (seen.has(id) || !document.nodes[id]) continue
      seen.add(id)
      order.push(id)
      for (const wire of from.get(id) ?? []) if (wire.sort === 'flow') queue.push(wire.target)
    }
  }
  const ids = Object.keys(document.nodes)
  const hasFlow = (id: string, map: Map<string, Wire[]>): boolean => (map.get(id) ?? []).some((wire) => wire.sort === 'flow')
  ids.filter((id) => document.nodes[id]!.kind === 'start').forEach(visit)
  ids.filter((id) => hasFlow(id, from) && !hasFlow(id, to)).forEach(visit)
  ids.filter((id) => hasFlow(id, from)).forEach(visit)
  return [...order, ...ids.filter((id) => !seen.has(id))]
}
