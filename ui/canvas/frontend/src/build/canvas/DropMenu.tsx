import { tileFamily } from '../../model/kinds'
import { useEffect, useRef, useState, type ReactElement } from 'react'
import { addAt, fitting } from '../../model/adding'
import { judge } from '../../model/connection'
import { completeNode } from '../../model/document'
import { absolutePosition, nodeSize } from '../../model/geometry'
import { applyBatch } from '../../model/operations'
import { Tile } from '../../style/icons'
import { useBuild, useUi } from '../state'

/** A wire dropped on empty canvas: the nodes that would take it. Choosing one adds and joins it. */
export function DropMenu(): ReactElement | null {
  const build = useBuild()
  const menu = useUi((ui) => ui.dropMenu)
  const [query, setQuery] = useState('')
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => { setQuery(''); box.current?.querySelector('input')?.focus() }, [menu])
  if (!menu) return null
  const options = fitting(build.doc, build.kinds, menu.from).filter(({ kind }) => kind.title.toLowerCase().includes(query.toLowerCase()))
  const close = (): void => build.set({ dropMenu: null })
  const choose = (option: (typeof options)[number]): void => {
    const parent = build.doc.nodes[menu.from.node]?.parent ?? null
    const [px, py] = parent ? absolutePosition(build.doc, parent) : [0, 0]
    const [w] = nodeSize('new', completeNode({ kind: option.kind.kind }), option.kind, build.doc)
    const left = option.end.sort === 'attach' && option.end.side === 'out' ? w / 2 : 0
    const added = addAt(build.doc, option.kind, [menu.flow[0] - px - left, menu.flow[1] - py - (left ? 0 : 20)], parent)
    const next = applyBatch(build.doc, added.ops).document
    const verdict = judge(next, build.kinds, menu.from, { ...option.end, node: added.id })
    if (build.edit([...added.ops, ...(verdict.ok ? verdict.ops : [])], `Add ${option.kind.title}`)) build.select([added.id])
    close()
  }
  return (
    <div className="menu drop" ref={box} style={{ left: Math.min(menu.screen[0], innerWidth - 230), top: Math.min(menu.screen[1], innerHeight - 320) }} role="dialog" aria-label="Nodes that fit"
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Escape') close()
        if (event.key === 'Enter' && options[0] && (event.target as HTMLElement).tagName === 'INPUT') choose(options[0])
      }}>
      <input className="in" placeholder="Nodes that fit" aria-label="Find a node that fits" value={query} onChange={(event) => setQuery(event.target.value)} />
      <ul>
        {options.map((option) => (
          <li key={option.kind.kind}><button onClick={() => choose(option)}><Tile family={tileFamily(option.kind)} kind={option.kind.kind} size={16} />{option.kind.title}<span className="t3 xs">{option.end.name === 'in' || option.end.name === 'self' ? '' : option.end.name}</span></button></li>
        ))}
        {options.length === 0 && <li className="t3 sm">Nothing fits that.</li>}
      </ul>
    </div>
  )
}
