import { useReactFlow } from '@xyflow/react'
import { useMemo, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactElement } from 'react'
import { addAfter, addAt } from '../model/adding'
import { absolutePosition, nodeSize } from '../model/geometry'
import { completeNode, type Point } from '../model/document'
import { type Kind, tileFamily } from '../model/kinds'
import { FAMILY_TITLES, Icon, Tile } from '../style/icons'
import { frameAt } from './canvas/move'
import { useBuild, useUi } from './state'

const HIDDEN = new Set(['start'])

/** Kinds by family in palette order; of those a query leaves, the ones whose title matches come first. */
export function grouped(kinds: Kind[], query: string): [string, Kind[]][] {
  const words = query.trim().toLowerCase()
  const matches = (kind: Kind): boolean => `${kind.title} ${kind.kind} ${kind.summary}`.toLowerCase().includes(words)
  return Object.keys(FAMILY_TITLES).flatMap((family) => {
    const found = kinds.filter((kind) => kind.family === family && matches(kind))
    found.sort((a, b) => Number(b.title.toLowerCase().includes(words)) - Number(a.title.toLowerCase().includes(words)))
    return found.length ? [[family, found] as [string, Kind[]]] : []
  })
}

/** Add a kind after the selected node, or in the middle of what is in view. */
export function useAdd(): (kind: Kind) => void {
  const build = useBuild()
  const flow = useReactFlow()
  return (kind) => {
    const pane = canvasBox(build)
    const middle = pane ? flow.screenToFlowPosition({ x: pane.left + pane.width / 2, y: pane.top + pane.height / 2 }) : { x: 0, y: 0 }
    const selected = build.selection
    const added = addAfter(build.doc, build.kinds, kind, selected.length === 1 ? selected[0]! : null, [middle.x, middle.y])
    if (!build.edit(added.ops, `Add ${kind.title}`)) return
    build.select([added.id])
    build.announce(`${kind.title} added${added.ops.length > 1 ? ' and joined' : ''}.`)
    requestAnimationFrame(() => reveal(build, flow, added.id))
  }
}

export function canvasBox(build: ReturnType<typeof useBuild>): DOMRect | null {
  return build.root?.querySelector('.canvas')?.getBoundingClientRect() ?? null
}

/** Pan so that a node is in view; the zoom stays. */
export function reveal(build: ReturnType<typeof useBuild>, flow: ReturnType<typeof useReactFlow>, id: string): void {
  const pane = canvasBox(build)
  const node = build.doc.nodes[id]
  if (!pane || !node) return
  const [x, y] = absolutePosition(build.doc, id)
  const [w, h] = nodeSize(id, node, build.kindOf(id), build.doc)
  const a = flow.flowToScreenPosition({ x, y })
  const b = flow.flowToScreenPosition({ x: x + w, y: y + h })
  const inside = a.x >= pane.left && a.y >= pane.top && b.x <= pane.right && b.y <= pane.bottom
  if (!inside) void flow.setCenter(x + w / 2, y + h / 2, { zoom: flow.getZoom(), duration: 200 })
}

export function Palette(): ReactElement {
  const build = useBuild()
  const kinds = useUi((ui) => ui.kinds)
  const [query, setQuery] = useState('')
  const [ghost, setGhost] = useState<{ kind: Kind; x: number; y: number } | null>(null)
  const [open, setOpen] = useState(false)
  const list = useRef<HTMLDivElement>(null)
  const add = useAdd()
  const groups = useMemo(() => grouped(Object.values(kinds).filter((kind) => !HIDDEN.has(kind.kind) || query), query), [kinds, query])
  const drag = useDrag(setGhost)
  const first = groups[0]?.[1][0]
  const onSearchKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && first && query) add(first)
    if (event.key === 'Escape') setQuery('')
    if (event.key === 'ArrowDown') {
      event.preventDefault()
      list.current?.querySelector<HTMLElement>('[role=treeitem]')?.focus()
    }
  }
  return (
    <aside className={`panel pal ${open ? 'open' : ''}`} aria-label="Palette" data-region="palette" data-testid="palette">
      <div className="pals">
        <button className="btn ghost icon rail" aria-label="Find a node" onClick={() => setOpen(!open)}><Icon name="search" /></button>
        <label className="in">
          <Icon name="search" size={14} className="t3" />
          <input className="bare grow" placeholder="Find a node" aria-label="Find a node" data-testid="palette-search" value={query} onChange={(event) => setQuery(event.target.value)} onKeyDown={onSearchKey} />
          <span className="kbd">/</span>
        </label>
      </div>
      <div className="pall" role="tree" aria-label="Node kinds" ref={list} onKeyDown={(event) => walk(event, list.current)}>
        {groups.map(([family, found]) => (
          <div key={family} role="group" aria-label={FAMILY_TITLES[family]}>
            <h3><Tile family={family} size={10} />{FAMILY_TITLES[family]}</h3>
            {found.map((kind, index) => (
              <div key={kind.kind} role="treeitem" className="item" tabIndex={kind === first ? 0 : -1} data-testid={`palette-${kind.kind}`} title={`${kind.title}: ${kind.summary}\nDrag, or press Enter to add`} data-first={index === 0}
                aria-label={`${kind.title}. ${kind.summary}`} onPointerDown={(event) => drag(event, kind)} onKeyDown={(event) => event.key === 'Enter' && (event.stopPropagation(), add(kind))} onDoubleClick={() => add(kind)}>
                <Tile family={tileFamily(kind)} kind={kind.kind} size={20} />
                <span className="words"><span className="n ell">{kind.title}</span><span className="d">{kind.summary}</span></span>
              </div>
            ))}
          </div>
        ))}
        {groups.length === 0 && <p className="t3 sm pad">No node is called that. {Object.keys(kinds).length === 0 && 'The kinds are still loading.'}</p>}
      </div>
      {ghost && <div className="ghost" style={{ left: ghost.x, top: ghost.y }}><Tile family={tileFamily(ghost.kind)} kind={ghost.kind.kind} size={20} />{ghost.kind.title}</div>}
      <span className="vh">{build.workflow}</span>
    </aside>
  )
}

function walk(event: KeyboardEvent, list: HTMLElement | null): void {
  if (!['ArrowDown', 'ArrowUp', 'Home', 'End'].includes(event.key) || !list) return
  event.preventDefault()
  event.stopPropagation()
  const items = [...list.querySelectorAll<HTMLElement>('[role=treeitem]')]
  const at = items.indexOf(event.target as HTMLElement)
  const to = event.key === 'Home' ? 0 : event.key === 'End' ? items.length - 1 : at + (event.key === 'ArrowDown' ? 1 : -1)
  items[Math.max(0, Math.min(items.length - 1, to))]?.focus()
}

/** Dragging by pointer events, so that touch works too: a ghost follows, and a drop on the canvas adds the node. */
function useDrag(setGhost: (ghost: { kind: Kind; x: number; y: number } | null) => void) {
  const build = useBuild()
  const flow = useReactFlow()
  return (event: PointerEvent<HTMLElement>, kind: Kind): void => {
    if (event.button !== 0) return
    const item = event.currentTarget
    const from: Point = [event.clientX, event.clientY]
    let moved = false
    item.setPointerCapture(event.pointerId)
    const move = (now: globalThis.PointerEvent): void => {
      moved ||= Math.hypot(now.clientX - from[0], now.clientY - from[1]) > 4
      if (moved) setGhost({ kind, x: now.clientX, y: now.clientY })
    }
    const end = (now: globalThis.PointerEvent): void => {
      item.removeEventListener('pointermove', move)
      item.removeEventListener('pointerup', end)
      item.removeEventListener('pointercancel', end)
      setGhost(null)
      const pane = canvasBox(build)
      if (now.type !== 'pointerup' || !moved || !pane || now.clientX < pane.left || now.clientX > pane.right || now.clientY < pane.top || now.clientY > pane.bottom) return
      drop(now)
    }
    const drop = (now: globalThis.PointerEvent): void => {
      const at = flow.screenToFlowPosition({ x: now.clientX, y: now.clientY })
      const [w] = nodeSize('new', completeNode({ kind: kind.kind }), kind, build.doc)
      const frame = kind.frame ? null : frameAt(build, at.x, at.y)
      const [fx, fy] = frame ? absolutePosition(build.doc, frame) : [0, 0]
      const added = addAt(build.doc, kind, [at.x - fx - w / 2, at.y - fy - 21], frame)
      if (build.edit(added.ops, `Add ${kind.title}`)) build.select([added.id])
    }
    item.addEventListener('pointermove', move)
    item.addEventListener('pointerup', end)
    item.addEventListener('pointercancel', end)
  }
}
