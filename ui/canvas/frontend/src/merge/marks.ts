/** Two documents as one graph: what is new, gone, changed, and which edges were led elsewhere. */

import type { DocumentChange } from '../compare/types'
import type { DocNode, Document } from '../model/document'
import { EDGE_SORTS, parseEdge, type Edge, type EdgeSort } from '../model/edges'

export type Mark = 'added' | 'removed' | 'changed' | 'same'
export type EdgeMark = 'added' | 'removed' | 'moved' | 'left' | 'same'

export interface MarkedEdge {
  key: string
  sort: EdgeSort
  edge: Edge
  mark: EdgeMark
}

export interface Marked {
  /** Both together, in the ids of the later one. */
  document: Document
  marks: ReadonlyMap<string, Mark>
  edges: MarkedEdge[]
  /** Node -> what was done to it, its edges included. */
  changes: ReadonlyMap<string, DocumentChange[]>
}

const OF_EDGES = new Set(['edge_added', 'edge_removed', 'edge_moved'])

export function marked(before: Document, after: Document, changes: readonly DocumentChange[]): Marked {
  const names = new Map(changes.filter((each) => each.sort === 'renamed').map((each) => [String(each.before), String(each.after)]))
  const now = (id: string): string => names.get(id) ?? id
  const gone = Object.entries(before.nodes).filter(([id]) => !after.nodes[now(id)])
  const nodes: Record<string, DocNode> = { ...after.nodes, ...Object.fromEntries(gone.map(([id, node]) => [id, { ...node, parent: node.parent && now(node.parent) }])) }
  const of = changesOf(changes, now)
  const then = new Set(Object.keys(before.nodes).map(now))
  const marks = new Map(Object.keys(nodes).map((id): [string, Mark] => [id, !after.nodes[id] ? 'removed' : !then.has(id) ? 'added' : own(of.get(id)) ? 'changed' : 'same']))
  return { document: { ...after, nodes }, marks, edges: EDGE_SORTS.flatMap((sort) => edgesOf(sort, before, after, changes, now)), changes: of }
}

function own(changes: DocumentChange[] | undefined): boolean {
  return changes?.some((each) => !OF_EDGES.has(each.sort)) ?? false
}

function changesOf(changes: readonly DocumentChange[], now: (id: string) => string): Map<string, DocumentChange[]> {
  const found = new Map<string, DocumentChange[]>()
  for (const change of changes) {
    const edges = OF_EDGES.has(change.sort) ? [change.before, change.after].map((each) => (typeof each === 'string' ? parseEdge(each) : null)) : []
    const ids = new Set([change.node, ...edges.flatMap((edge) => (edge ? [now(edge.source), now(edge.target)] : []))])
    for (const id of ids) if (id) found.set(id, [...(found.get(id) ?? []), change])
  }
  return found
}

function edgesOf(sort: EdgeSort, before: Document, after: Document, changes: readonly DocumentChange[], now: (id: string) => string): MarkedEdge[] {
  const then = keyed(sort, before.edges[sort], now)
  const later = keyed(sort, after.edges[sort], (id) => id)
  const moves = changes.filter((each) => each.sort === 'edge_moved' && each.key === sort)
  const movedTo = keyed(sort, moves.map((each) => String(each.after)), (id) => id)
  const movedFrom = keyed(sort, moves.map((each) => String(each.before)), now)
  return [
    ...[...later].map(([key, edge]): MarkedEdge => ({ key, sort, edge, mark: then.has(key) ? 'same' : movedTo.has(key) ? 'moved' : 'added' })),
    ...[...then].filter(([key]) => !later.has(key)).map(([key, edge]): MarkedEdge => ({ key, sort, edge, mark: movedFrom.has(key) ? 'left' : 'removed' })),
  ]
}

/** By what tells edges apart: `a -> b` and `a.done -> b` are one. */
function keyed(sort: EdgeSort, lines: readonly string[], now: (id: string) => string): Map<string, Edge> {
  const found = new Map<string, Edge>()
  for (const line of lines) {
    const edge = parseEdge(line)
    if (!edge) continue
    const named = { ...edge, source: now(edge.source), target: now(edge.target) }
    const handle = sort === 'flow' ? named.sourceHandle || 'done' : (named.sourceHandle ?? '')
    found.set(`${sort} ${named.source}.${handle} > ${named.target}.${named.targetHandle ?? ''}`, named)
  }
  return found
}

const WORDS: Record<Mark, string> = { added: 'new', removed: 'gone', changed: 'changed', same: 'as it was' }
export const SIGNS: Record<Mark, string> = { added: '+', removed: '−', changed: '~', same: '' }

/** `new`, `gone`, `3 changes`; edges drawn anew are counted where nothing else changed. */
export function wordsOf(mark: Mark, changes: readonly DocumentChange[]): string {
  if (mark === 'changed') return changes.length === 1 ? '1 change' : `${changes.length} changes`
  if (mark === 'same' && changes.length) return changes.length === 1 ? 'edge changed' : `${changes.length} edges changed`
  return WORDS[mark]
}
