/** Edges as text: `a.x -> b.y`, the grammar of `graphs/document.py`. */

export type EdgeSort = 'flow' | 'data' | 'attach'
export const EDGE_SORTS: readonly EdgeSort[] = ['flow', 'data', 'attach']

/** A flow edge's source handle is an outcome; a data edge has both handles; an attach edge a socket. */
export interface Edge {
  source: string
  sourceHandle: string | null
  target: string
  targetHandle: string | null
}

/** The parts of an edge, or null where the text does not follow the grammar. */
export function parseEdge(text: string): Edge | null {
  const sides = text.split('->').map((side) => side.trim().split('.'))
  if (sides.length !== 2 || sides.some((side) => side.length > 2 || side.some((part) => !part))) return null
  const [[source, sourceHandle], [target, targetHandle]] = sides as [string[], string[]]
  return { source: source!, sourceHandle: sourceHandle ?? null, target: target!, targetHandle: targetHandle ?? null }
}

/** The canonical spelling: the outcome `done` of a flow edge is never written. */
export function formatEdge(sort: EdgeSort, edge: Edge): string {
  const outcome = sort === 'flow' && edge.sourceHandle === 'done' ? null : edge.sourceHandle
  const left = outcome ? `${edge.source}.${outcome}` : edge.source
  const right = edge.targetHandle ? `${edge.target}.${edge.targetHandle}` : edge.target
  return `${left} -> ${right}`
}
