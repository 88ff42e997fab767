/** Copy and paste: nodes as JSON, with the edges between them. */

import { freeId, type DocNode, type Document, type Point } from './document'
import { EDGE_SORTS, formatEdge, parseEdge, type EdgeSort } from './edges'
import { snap } from './geometry'
import { removal, type Operation } from './operations'

export interface Clip {
  nodeloom_nodes: Record<string, DocNode>
  edges: Record<EdgeSort, string[]>
}

/** The nodes (with what is inside frames among them) and their inner edges. */
export function copyNodes(document: Document, ids: Iterable<string>): Clip {
  const chosen = new Set(ids)
  for (const [id, node] of Object.entries(document.nodes)) if (node.parent && chosen.has(node.parent)) chosen.add(id)
  const nodes = Object.fromEntries(Object.entries(document.nodes).filter(([id]) => chosen.has(id)))
  const inner = (text: string): boolean => {
    const edge = parseEdge(text)
    return edge !== null && chosen.has(edge.source) && chosen.has(edge.target)
  }
  const edges = Object.fromEntries(EDGE_SORTS.map((sort) => [sort, document.edges[sort].filter(inner)])) as Clip['edges']
  return { nodeloom_nodes: nodes, edges }
}

export function readClip(text: string): Clip | null {
  try {
    const clip = JSON.parse(text) as Partial<Clip>
    return clip && typeof clip === 'object' && clip.nodeloom_nodes && clip.edges ? (clip as Clip) : null
  } catch {
    return null
  }
}

/** Operations that add the clip with new ids, `shift` away from where it was. Nodes whose frame is not in it stand free. */
export function pasteClip(document: Document, clip: Clip, shift: Point): { ids: string[]; ops: Operation[] } {
  const renamed = new Map<string, string>()
  const taken = (id: string): boolean => id in document.nodes || [...renamed.values()].includes(id)
  for (const id of Object.keys(clip.nodeloom_nodes)) renamed.set(id, freeId(id.replace(/_\d+$/, ''), taken))
  const depth = (id: string): number => {
    const parent = clip.nodeloom_nodes[id]?.parent
    return parent && clip.nodeloom_nodes[parent] ? 1 + depth(parent) : 0
  }
  const order = [...renamed.keys()].sort((a, b) => depth(a) - depth(b))
  const nodes = order.map((id): Operation => {
    const node = clip.nodeloom_nodes[id]!
    const inFrame = node.parent !== null && renamed.has(node.parent ?? '')
    const [x, y] = node.position ?? [0, 0]
    const position: Point = inFrame ? [x, y] : [snap(x + shift[0]), snap(y + shift[1])]
    const parent = inFrame ? renamed.get(node.parent!)! : document.nodes[node.parent ?? ''] ? node.parent : null
    return { op: 'add_node', id: renamed.get(id)!, node: { ...node, parent, position } }
  })
  const edges = EDGE_SORTS.flatMap((sort) => (clip.edges[sort] ?? []).flatMap((text): Operation[] => {
    const edge = parseEdge(text)
    if (!edge || !renamed.has(edge.source) || !renamed.has(edge.target)) return []
    const moved = { ...edge, source: renamed.get(edge.source)!, target: renamed.get(edge.target)! }
    return [{ op: 'connect', sort, edge: formatEdge(sort, moved) }]
  }))
  return { ids: [...renamed.values()], ops: [...nodes, ...edges] }
}

export function cutOps(document: Document, ids: Iterable<string>): Operation[] {
  return removal(document, ids)
}
