import { useEffect, useRef, useState, type ReactElement } from 'react'
import { candidates, endsOf, handleId, type End } from '../model/connection'
import { join } from './canvas/Canvas'
import { useBuild, useUi } from './state'

interface Choice { from: End; to: End; words: string; hint: string }

/** `E`: everything the selected node can be joined to, as a list; Enter joins. */
export function WireList(): ReactElement | null {
  const open = useUi((ui) => ui.wireList)
  return open ? <List key={open.node} node={open.node} /> : null
}

function List({ node }: { node: string }): ReactElement {
  const build = useBuild()
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])
  const choices = endsOf(build.doc, build.kinds, node).flatMap((from) => candidates(build.doc, build.kinds, from).map(({ end: to }): Choice => ({
    from, to, words: sentence(build.nameOf(to.node), from, to), hint: from.sort,
  }))).filter((choice) => choice.words.toLowerCase().includes(query.toLowerCase()))
  const close = (): void => {
    build.set({ wireList: null })
    build.root?.querySelector<HTMLElement>('[data-region="canvas"]')?.focus()
  }
  const choose = (choice: Choice | undefined): void => {
    if (!choice) return
    join(build, choice.from, choice.to)
    close()
  }
  return (
    <div className="sheet small" role="dialog" aria-label={`Join ${build.nameOf(node)} to`} data-testid="wire-list" onKeyDown={(event) => {
      event.stopPropagation()
      if (event.key === 'Escape') close()
      if (event.key === 'Enter') { event.preventDefault(); choose(choices[at]) }
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault()
        setAt(Math.max(0, Math.min(choices.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1))))
      }
    }}>
      <input ref={input} className="in" placeholder={`Join ${build.nameOf(node)} to…`} aria-label={`Join ${build.nameOf(node)} to`} value={query} onChange={(event) => { setQuery(event.target.value); setAt(0) }} />
      <ul role="listbox">
        {choices.map((choice, index) => (
          <li key={`${handleId(choice.from)}${choice.to.node}${handleId(choice.to)}`} role="option" aria-selected={index === at} ref={(element) => { if (index === at) element?.scrollIntoView({ block: 'nearest' }) }}>
            <button tabIndex={-1} className={index === at ? 'at' : ''} onClick={() => choose(choice)}>{choice.words}<span className="t3 xs">{choice.hint}</span></button>
          </li>
        ))}
        {choices.length === 0 && <li className="t3 sm hint">Nothing here fits. Add a node first.</li>}
      </ul>
    </div>
  )
}

function sentence(name: string, from: End, to: End): string {
  if (from.sort === 'flow') return from.side === 'out' ? `${from.name === 'done' ? 'then' : from.name} → ${name}` : `after ${name}${to.name === 'done' ? '' : `, ${to.name}`}`
  if (from.sort === 'data') return from.side === 'out' ? `${from.name} → ${name}’s ${to.name}` : `${from.name} ← ${name}’s ${to.name}`
  return from.side === 'out' ? `give to ${name} (${to.name})` : `${from.name} ← ${name}`
}
