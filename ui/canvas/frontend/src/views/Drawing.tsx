/** Boxes and arrows, laid out by dagre: the steps of a plan, things and their relations. */

import { useEffect, useMemo, useState, type KeyboardEvent, type ReactElement } from 'react'
import { Pane } from './Pane'

export interface Thing { id: string; label: string; tone: string; words: string; colour?: string | undefined }
export interface Relation { source: string; target: string; label: string }
interface Place { x: number; y: number; w: number }
interface Laid { places: Map<string, Place>; edges: { d: string; label: string; at: { x: number; y: number } }[]; width: number; height: number }

const HEIGHT = 26
const MOST_WIDE = 170

function widthOf(label: string): number {
  return Math.min(MOST_WIDE, 26 + label.length * 6.2)
}

type Dagre = typeof import('@dagrejs/dagre')

function lay(dagre: Dagre, nodes: readonly Thing[], edges: readonly Relation[], direction: 'LR' | 'TB'): Laid {
  const graph = new dagre.graphlib.Graph({ multigraph: true })
  graph.setGraph({ rankdir: direction, nodesep: 12, ranksep: direction === 'LR' ? 34 : 40 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const node of nodes) graph.setNode(node.id, { width: widthOf(node.label), height: HEIGHT })
  const known = edges.filter((edge) => graph.hasNode(edge.source) && graph.hasNode(edge.target))
  known.forEach((edge, at) => graph.setEdge(edge.source, edge.target, edge.label ? { width: edge.label.length * 5.4, height: 14, labelpos: 'c' } : {}, String(at)))
  dagre.layout(graph)
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number }
  return {
    places: new Map(nodes.map(({ id }) => {
      const place = graph.node(id) as { x: number; y: number; width: number }
      return [id, { x: place.x - place.width / 2, y: place.y - HEIGHT / 2, w: place.width }]
    })),
    edges: known.map((edge, at) => {
      const { points } = graph.edge(edge.source, edge.target, String(at)) as { points: { x: number; y: number }[] }
      return { d: points.map(({ x, y }, index) => `${index ? 'L' : 'M'}${x} ${y}`).join(''), label: edge.label, at: points[Math.floor(points.length / 2)]! }
    }),
    width, height,
  }
}

/** The layout is kept while only states change: a graph that fills in does not move. */
export function Drawing({ nodes, edges, label, direction = 'LR', picked, onPick }: { nodes: readonly Thing[]; edges: readonly Relation[]; label: string; direction?: 'LR' | 'TB'; picked: string | null; onPick: (id: string) => void }): ReactElement | null {
  const [dagre, setDagre] = useState<Dagre | null>(null)
  useEffect(() => void import('@dagrejs/dagre').then(setDagre), [])
  const shape = JSON.stringify([nodes.map((node) => [node.id, node.label]), edges])
  const laid = useMemo(() => dagre && lay(dagre, nodes, edges, direction), [dagre, shape, direction]) // eslint-disable-line
  if (!laid) return null
  const stop = nodes.some((node) => node.id === picked) ? picked : nodes[0]?.id
  const onKey = (event: KeyboardEvent<SVGGElement>, id: string): void => {
    const by = ({ ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 } as Record<string, number>)[event.key]
    const next = by && nodes[nodes.findIndex((node) => node.id === id) + by]
    if (!next) return
    event.preventDefault()
    event.stopPropagation()
    onPick(next.id)
    ;[...event.currentTarget.parentElement!.querySelectorAll<SVGGElement>('[role=listitem]')].find((each) => each.dataset['id'] === next.id)?.focus()
  }
  return (
    <Pane width={laid.width} height={laid.height} label={`${label}. Arrow keys move from one to the next.`}>
      <defs><marker id="nl-view-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto" markerUnits="userSpaceOnUse"><path className="v-arrow" d="M0 .5 7.5 4 0 7.5z" /></marker></defs>
      <g aria-hidden="true">{laid.edges.map((edge, at) => <path key={at} className="v-edge" d={edge.d} markerEnd="url(#nl-view-arrow)" />)}</g>
      <g role="list" aria-label={label}>
        {nodes.map((node) => {
          const place = laid.places.get(node.id)!
          return (
            <g key={node.id} role="listitem" data-id={node.id} tabIndex={node.id === stop ? 0 : -1} aria-label={`${node.label}${node.words && `, ${node.words}`}${relations(node.id, nodes, edges)}`} transform={`translate(${place.x} ${place.y})`}
              className={`v-thing ${node.tone} ${node.id === picked ? 'picked' : ''}`} style={node.colour ? { stroke: node.colour } : undefined} onClick={() => onPick(node.id)} onKeyDown={(event) => onKey(event, node.id)}>
              <title>{node.label}</title>
              <rect width={place.w} height={HEIGHT} rx="5" />
              <foreignObject width={place.w} height={HEIGHT} aria-hidden="true"><div className="v-words"><span className="ell grow">{node.label}</span></div></foreignObject>
            </g>
          )
        })}
      </g>
      <g aria-hidden="true">{laid.edges.map((edge, at) => edge.label && <text key={at} className="v-relation" x={edge.at.x} y={edge.at.y + 3}>{edge.label}</text>)}</g>
    </Pane>
  )
}

function relations(id: string, nodes: readonly Thing[], edges: readonly Relation[]): string {
  const name = (other: string): string => nodes.find((node) => node.id === other)?.label ?? other
  const out = edges.filter((edge) => edge.source === id).map((edge) => `${edge.label || 'leads to'} ${name(edge.target)}`)
  return out.length ? `. ${out.join(', ')}` : ''
}
