import { useEffect, useRef, type ReactElement } from 'react'
import { Icon } from '../style/icons'
import { useBuild } from '../build/state'
import { Composer } from './Composer'
import { useDescribing } from './useDescribing'
import { TurnView } from './TurnView'
import { useKeptFocus } from './useKeptFocus'

const EXAMPLES = [
  'Let it look things up on the web before it answers',
  'Add a critic that sends the answer back at most three times',
  'Have a person approve the answer',
  'Make a debate of three',
]

/** Say what is wanted; a model proposes changes, and each is accepted or refused. */
export function Describe(): ReactElement {
  const build = useBuild()
  const turns = useDescribing((state) => state.turns)
  const end = useRef<HTMLDivElement>(null)
  const last = turns.at(-1)
  useEffect(() => { end.current?.scrollIntoView({ block: 'nearest' }) }, [turns.length])
  const panel = useRef<HTMLElement>(null)
  const onFocus = useKeptFocus(panel, (last?.accepted.length ?? 0) + (last?.refused.length ?? 0))
  const shut = (): void => {
    build.set({ describe: false })
    build.focusCanvas()
  }
  return (
    <aside ref={panel} onFocus={onFocus} className="panel side describe" aria-label="Describe what you want" data-region="describe" data-testid="describe"
      onKeyDown={(event) => { if (event.key === 'Escape') { event.stopPropagation(); shut() } }}>
      <div className="head">
        <div className="grow"><div className="nm">Describe it</div><div className="xs t3">You look at every change before it is made</div></div>
        <button className="btn ghost sm icon" aria-label="Close" title="Close  Esc" onClick={shut}><Icon name="cross" size={12} /></button>
      </div>
      <div className="scroll-y desc-talk" role="log" aria-label="Wishes and proposals">
        {turns.length === 0 && <Examples />}
        {turns.map((turn) => <TurnView key={turn.id} turn={turn} last={turn === last} />)}
        <div ref={end} />
      </div>
      <Composer />
    </aside>
  )
}

function Examples(): ReactElement {
  const { describing } = useBuild()
  return (
    <div className="desc-examples">
      <p className="sm t2">Say in your own words what should be different. For example:</p>
      <ul>{EXAMPLES.map((wish) => <li key={wish}><button className="btn" onClick={() => describing.store.setState({ draft: wish })}>{wish}</button></li>)}</ul>
    </div>
  )
}
