import { useMemo, useRef, useState, type KeyboardEvent, type ReactElement } from 'react'
import { Icon, type IconName } from '../style/icons'
import { Fold } from './Fold'
import { Pane } from './Pane'
import { BOX, placeTree, reading, type Placed, type Tree } from './tree'
import type { SearchNode, SearchStatus, View } from './types'

const WORDS: Record<SearchStatus, string> = { open: 'open', expanded: 'expanded', pruned: 'pruned', solution: 'solution', failed: 'failed' }
const MARKS: Record<SearchStatus, IconName | null> = { open: null, expanded: null, pruned: 'minus', solution: 'check', failed: 'cross' }

/** The tree of a search: values, what was pruned, and the best path. */
export function Search({ view }: { view: Extract<View, { type: 'search' }> }): ReactElement {
  const tree = useMemo(() => placeTree(view.nodes, view.best), [view])
  const [picked, pick] = useState<string | null>(null)
  if (!tree.nodes.length) return <p className="t3 sm">Nothing expanded yet.</p>
  const shown = tree.nodes.find((node) => node.id === picked) ?? tree.nodes.find((node) => node.id === view.best)
  const newest = tree.nodes.find((node) => node.id === view.best) ?? tree.nodes.at(-1)!
  return (
    <div className="v-search">
      <p className="xs t2">{counts(view.nodes)}{view.summary && ` · ${view.summary}`}</p>
      <Pane width={tree.width} height={tree.height} focus={{ x: newest.x + BOX[0] / 2, y: newest.y }} label="Search tree. Arrow keys move from node to node.">
        <Branches tree={tree} />
        <Boxes tree={tree} picked={shown?.id ?? null} onPick={pick} />
      </Pane>
      {shown && <Detail node={shown} />}
    </div>
  )
}

function counts(nodes: readonly SearchNode[]): string {
  const of = (status: SearchStatus): number => nodes.filter((node) => node.status === status).length
  const told = (['expanded', 'open', 'pruned', 'failed', 'solution'] as const).flatMap((status) => (of(status) ? [`${of(status)} ${WORDS[status]}${status === 'solution' && of(status) > 1 ? 's' : ''}`] : []))
  return [`${nodes.length} nodes`, ...told].join(', ')
}

function Branches({ tree }: { tree: Tree }): ReactElement {
  const byId = new Map(tree.nodes.map((node) => [node.id, node]))
  const half = BOX[1] / 2
  return (
    <g aria-hidden="true">
      {tree.nodes.map((node) => {
        const parent = byId.get(node.parent ?? '')
        if (!parent) return null
        const [x, y] = [parent.x + BOX[0], parent.y + half]
        const middle = (x + node.x) / 2
        return <path key={node.id} className={`v-branch ${node.status} ${node.onBest ? 'best' : ''}`} d={`M${x} ${y}C${middle} ${y} ${middle} ${node.y + half} ${node.x} ${node.y + half}`} />
      })}
    </g>
  )
}

function Boxes({ tree, picked, onPick }: { tree: Tree; picked: string | null; onPick: (id: string) => void }): ReactElement {
  const group = useRef<SVGGElement>(null)
  const order = useMemo(() => reading(tree), [tree])
  const values = tree.nodes.flatMap((node) => node.value ?? [])
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const share = (value: number): number => (high > low ? (value - low) / (high - low) : 1)
  const stop = order.some((node) => node.id === picked) ? picked : order[0]?.id
  const go = (id: string | undefined): void => {
    if (id === undefined) return
    onPick(id)
    ;[...(group.current?.querySelectorAll<SVGGElement>('[role=treeitem]') ?? [])].find((each) => each.dataset['id'] === id)?.focus()
  }
  const onKey = (event: KeyboardEvent, node: Placed): void => {
    const at = order.indexOf(node)
    const moves: Record<string, string | undefined> = {
      ArrowDown: order[at + 1]?.id, ArrowUp: order[at - 1]?.id, ArrowLeft: node.parent ?? undefined, ArrowRight: node.children[0], Home: order[0]?.id, End: order.at(-1)?.id,
    }
    if (!(event.key in moves)) return
    event.preventDefault()
    event.stopPropagation()
    go(moves[event.key])
  }
  return (
    <g role="tree" aria-label="Nodes of the search" ref={group}>
      {order.map((node) => (
        <g key={node.id} role="treeitem" data-id={node.id} data-status={node.status} aria-level={node.depth + 1} aria-selected={node.id === picked} aria-label={spoken(node)} tabIndex={node.id === stop ? 0 : -1}
          className={`v-node ${node.status} ${node.onBest ? 'best' : ''} ${node.id === picked ? 'picked' : ''}`} transform={`translate(${node.x} ${node.y})`} onClick={() => go(node.id)} onKeyDown={(event) => onKey(event, node)}>
          <title>{spoken(node)}</title>
          <rect width={BOX[0]} height={BOX[1]} rx="4" />
          {node.value !== null && <rect className="bar" x="1" y={BOX[1] - 3} height="2" width={Math.max(2, share(node.value) * (BOX[0] - 2))} />}
          <Words node={node} />
        </g>
      ))}
    </g>
  )
}

/** Label, value and mark as a row inside the box: HTML, for SVG text cannot be cut to a width. */
function Words({ node }: { node: Placed }): ReactElement {
  const mark = MARKS[node.status]
  return (
    <foreignObject width={BOX[0]} height={BOX[1]} aria-hidden="true">
      <div className="v-words">
        {mark && <Icon name={mark} size={12} />}
        <span className="ell grow">{node.label}</span>
        {node.value !== null && <span className="num mono">{short(node.value)}</span>}
      </div>
    </foreignObject>
  )
}

function short(value: number): string {
  return Number.isInteger(value) ? String(value) : Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2).replace(/^(-?)0\./, '$1.')
}

function spoken(node: Placed): string {
  return [node.label, node.value !== null && `value ${short(node.value)}`, node.visits !== null && `${node.visits} visits`, WORDS[node.status], node.onBest && 'on the best path'].filter(Boolean).join(', ')
}

function Detail({ node }: { node: Placed }): ReactElement {
  return (
    <div className="v-detail" aria-live="polite">
      <div className="xs t3 num">{[WORDS[node.status], node.value !== null && `value ${node.value}`, node.visits !== null && `${node.visits} visits`, `depth ${node.depth}`, node.onBest && 'on the best path'].filter(Boolean).join(' · ')}</div>
      <Fold text={node.label} />
    </div>
  )
}
