import { memo, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactElement } from 'react'
import { type Kind, tileFamily } from '../../model/kinds'
import { FAMILY_TITLES, Icon, Tile } from '../../style/icons'
import { useUi } from '../state'
import { useAdd, useDrag, type Dragged } from './adding'
import { about, byFamily, search, type Section } from './find'
import { fold, useRemembered } from './remembered'

const HIDDEN = new Set(['start'])

interface Hands { add: (kind: Kind) => void; drag: (event: PointerEvent<HTMLElement>, kind: Kind) => void }

export function Palette(): ReactElement {
  const kinds = useUi((ui) => ui.kinds)
  const [query, setQuery] = useState('')
  const [ghost, setGhost] = useState<Dragged | null>(null)
  const [open, setOpen] = useState(false)
  const list = useRef<HTMLDivElement>(null)
  const hands = useSteady({ add: useAdd(), drag: useDrag(setGhost) })
  const asked = query.trim() !== ''
  const sections = useMemo(() => byFamily(Object.values(kinds).filter((kind) => !HIDDEN.has(kind.kind))), [kinds])
  const found = useMemo(() => (asked ? search(Object.values(kinds), query) : []), [kinds, query, asked])
  const onSearchKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && found[0]) hands.add(found[0].kind)
    if (event.key === 'Escape') setQuery('')
    if (event.key === 'ArrowDown') {
      event.preventDefault()
      list.current?.querySelector<HTMLElement>('.item')?.focus()
    }
  }
  return (
    <aside className={`panel pal ${open ? 'open' : ''}`} aria-label="Palette" data-region="palette" data-testid="palette">
      <div className="pals">
        <button className="btn ghost icon rail" aria-label="Find a node" onClick={() => setOpen(!open)}><Icon name="search" /></button>
        <label className="in">
          <Icon name="search" size={14} className="t3" />
          <input className="bare grow" placeholder="Find a node" aria-label="Find a node" title="By title, family, what it does, or paper" data-testid="palette-search" value={query} onChange={(event) => setQuery(event.target.value)} onKeyDown={onSearchKey} />
          <span className="kbd">/</span>
        </label>
        {asked && <p className="vh" role="status">{found.length} found</p>}
      </div>
      <div className="pall" role="tree" aria-label="Node kinds" ref={list} onKeyDown={(event) => walk(event, list.current)}>
        {asked
          ? found.map(({ kind, source }, index) => <Item key={kind.kind} kind={kind} first={index === 0} hands={hands} line={source ? kind.source : kind.summary} testid={`palette-${kind.kind}`} />)
          : <Families sections={sections} kinds={kinds} hands={hands} />}
        {asked && found.length === 0 && <p className="t3 sm pad">No node does that by title, summary, family or paper.</p>}
        {sections.length === 0 && <p className="t3 sm pad">The kinds are still loading.</p>}
      </div>
      {ghost && <div className="ghost" style={{ left: ghost.x, top: ghost.y }}><Tile family={tileFamily(ghost.kind)} kind={ghost.kind.kind} size={20} />{ghost.kind.title}</div>}
    </aside>
  )
}

/** The same object for the life of the palette, so that items are not drawn again while a ghost moves. */
function useSteady(hands: Hands): Hands {
  const latest = useRef(hands)
  latest.current = hands
  return useMemo(() => ({ add: (kind) => latest.current.add(kind), drag: (event, kind) => latest.current.drag(event, kind) }), [])
}

const Families = memo(function Families({ sections, kinds, hands }: { sections: Section[]; kinds: Record<string, Kind>; hands: Hands }): ReactElement {
  const recent = useRemembered((state) => state.recent)
  const folded = useRemembered((state) => state.folded)
  const lately = recent.flatMap((name) => kinds[name] ?? [])
  const all = sections.map(({ family }) => family)
  const allFolded = all.every((family) => folded.includes(family))
  return (
    <>
      {lately.length > 0 && <Group family="recent" title="Used lately" kinds={lately} folded={folded.includes('recent')} hands={hands} />}
      {sections.map((section, index) => (
        <Group key={section.family} {...section} title={FAMILY_TITLES[section.family]!} folded={folded.includes(section.family)} hands={hands} first={index === 0} />
      ))}
      {all.length > 0 && <button className="link xs fold-all" data-testid="palette-fold-all" onClick={() => fold(all, !allFolded)}>{allFolded ? 'Open all families' : 'Fold all families'}</button>}
    </>
  )
})

function Group({ family, title, kinds, folded, hands, first = false }: { family: string; title: string; kinds: Kind[]; folded: boolean; hands: Hands; first?: boolean }): ReactElement {
  const prefix = family === 'recent' ? 'recent' : 'palette'
  const toggle = (): void => fold([family], !folded)
  return (
    <div role="group" aria-label={title}>
      <div role="treeitem" aria-level={1} aria-expanded={!folded} aria-label={`${title}, ${kinds.length} kinds`} className="fam" tabIndex={first && folded ? 0 : -1} data-family={family} data-testid={`family-${family}`}
        onClick={toggle} onKeyDown={(event) => {
          const wanted = event.key === 'Enter' || event.key === ' ' || (event.key === 'ArrowLeft' && !folded) || (event.key === 'ArrowRight' && folded)
          if (!wanted) return
          event.preventDefault()
          event.stopPropagation()
          toggle()
        }}>
        {family === 'recent' ? <Icon name="clock" size={12} /> : <Tile family={family} size={10} />}
        <span className="grow ell">{title}</span><span className="num">{kinds.length}</span><Icon name={folded ? 'right' : 'down'} size={12} />
      </div>
      {!folded && kinds.map((kind, index) => <Item key={kind.kind} kind={kind} first={first && index === 0} hands={hands} line={kind.summary} testid={`${prefix}-${kind.kind}`} />)}
    </div>
  )
}

const Item = memo(function Item({ kind, first, hands, line, testid }: { kind: Kind; first: boolean; hands: Hands; line: string; testid: string }): ReactElement {
  return (
    <div role="treeitem" aria-level={2} className="item" tabIndex={first ? 0 : -1} data-testid={testid} title={about(kind)} aria-label={`${kind.title}. ${kind.summary}`}
      onPointerDown={(event) => hands.drag(event, kind)} onDoubleClick={() => hands.add(kind)} onKeyDown={(event) => event.key === 'Enter' && (event.stopPropagation(), hands.add(kind))}>
      <Tile family={tileFamily(kind)} kind={kind.kind} size={20} />
      <span className="words"><span className="n ell">{kind.title}</span><span className="d">{line}</span></span>
    </div>
  )
})

/** Up and down from line to line; left from a kind to its family. */
function walk(event: KeyboardEvent, list: HTMLElement | null): void {
  if (!['ArrowDown', 'ArrowUp', 'ArrowLeft', 'Home', 'End'].includes(event.key) || !list) return
  event.preventDefault()
  event.stopPropagation()
  const items = [...list.querySelectorAll<HTMLElement>('[role=treeitem]')]
  const target = event.target as HTMLElement
  if (event.key === 'ArrowLeft') return target.closest('[role=group]')?.querySelector<HTMLElement>('.fam')?.focus()
  const at = items.indexOf(target)
  const to = event.key === 'Home' ? 0 : event.key === 'End' ? items.length - 1 : at + (event.key === 'ArrowDown' ? 1 : -1)
  items[Math.max(0, Math.min(items.length - 1, to))]?.focus()
}
