import { useEffect, useRef, useState, type ReactElement } from 'react'
import { dollars, plural, seconds, tokens } from '../build/words'
import { useBuild } from '../build/state'
import type { Diagnostic } from '../model/diagnostics'
import { Icon } from '../style/icons'
import { openItems, type Turn } from './describing'
import { ItemLine } from './ItemLine'
import type { Spent } from './types'

/** A wish and what came of it. */
export function TurnView({ turn, last }: { turn: Turn; last: boolean }): ReactElement {
  const top = useRef<HTMLElement>(null)
  // Where there is much to decide, from its beginning.
  useEffect(() => { if (last && turn.state !== 'asking') top.current?.scrollIntoView({ block: 'start' }) }, [last, turn.state])
  return (
    <section ref={top} className="desc-turn" data-testid="describe-turn" data-state={turn.state}>
      <p className="desc-wish">{turn.wish}</p>
      {turn.state === 'asking' && <Asking turn={turn} />}
      {turn.state === 'cancelled' && <p className="sm t3">Cancelled. Nothing was changed.</p>}
      {turn.fault && <div className="desc-fault" role="alert"><p className="b">{turn.fault.what}</p>{turn.fault.mend && <p>{turn.fault.mend}</p>}</div>}
      {turn.proposal && <Made turn={turn} last={last} />}
    </section>
  )
}

function Asking({ turn }: { turn: Turn }): ReactElement {
  const now = useSeconds(turn.since)
  return (
    <div className="desc-asking" role="status">
      <Icon name="arc" size={14} className="spin" />
      <span className="grow">{turn.step}</span>
      <span className="xs t3 num">{turn.spent ? `${tokens(turn.spent.input_tokens + turn.spent.output_tokens)} · ` : ''}{seconds(now)}</span>
    </div>
  )
}

function useSeconds(since: number): number {
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [])
  return Math.max(0, (now - since) / 1000)
}

function Made({ turn, last }: { turn: Turn; last: boolean }): ReactElement {
  const proposal = turn.proposal!
  const open = last ? openItems(turn) : []
  return (
    <>
      {proposal.said && <p className="desc-said">{proposal.said}</p>}
      {proposal.items.length === 0 && <p className="sm t2">The model proposes no change. Say it in other words, or name the node.</p>}
      {open.length > 0 && <ul className="desc-items" data-testid="describe-items">{open.map((item) => <ItemLine key={item.id} item={item} all={proposal.items} />)}</ul>}
      {open.length > 0 && <Ahead turn={turn} />}
      {open.length > 0 && <DecideAll turn={turn} />}
      <Decided turn={turn} open={open.length} />
      <Cost model={proposal.model} spent={proposal.spent} />
    </>
  )
}

/** What accepting all would leave wrong, and what the workflow might do then. */
function Ahead({ turn }: { turn: Turn }): ReactElement {
  const found = turn.left?.filter((each) => each.severity !== 'info') ?? []
  const allowed = turn.accepted.length + turn.refused.length === 0 ? turn.proposal!.permissions : []
  return (
    <>
      {allowed.map((words) => <p key={words} className="desc-may"><Icon name="shield" size={14} /><span>Then it may also: {lower(words)}</span></p>)}
      {found.length > 0 && (
        <div className="desc-left" role="status" data-testid="describe-left">
          <p className="b"><Icon name="warning" size={14} />With all of this, {plural(found.length, 'problem')} would be left</p>
          <ul>{found.map((each) => <li key={key(each)}>{each.message}{each.remedy && <span className="t2"> {each.remedy}</span>}</li>)}</ul>
        </div>
      )}
    </>
  )
}

function key(found: Diagnostic): string {
  return `${found.code} ${found.message}`
}

function lower(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1)
}

function DecideAll({ turn }: { turn: Turn }): ReactElement {
  const { describing } = useBuild()
  const open = openItems(turn)
  const sound = open.filter((item) => !item.fault)
  return (
    <div className="row desc-all">
      {sound.length > 0 && <button className="btn primary" data-testid="describe-accept-all" onClick={() => describing.accept(sound.map((item) => item.id))}>{sound.length === 1 ? 'Accept' : `Accept all ${sound.length}`}</button>}
      <button className="btn" data-testid="describe-refuse-all" onClick={() => describing.refuse(open.map((item) => item.id))}>{sound.length ? (open.length === 1 ? 'Refuse' : 'Refuse all') : 'Dismiss'}</button>
    </div>
  )
}

function Decided({ turn, open }: { turn: Turn; open: number }): ReactElement | null {
  const { accepted, refused } = turn
  if (!accepted.length && !refused.length) return null
  const said = [accepted.length && `${accepted.length} made`, refused.length && `${refused.length} refused`, open && `${open} open`].filter(Boolean).join(', ')
  return <p className="sm t2 desc-decided" data-testid="describe-decided">{accepted.length > 0 && <Icon name="check" size={14} />}{said}.{accepted.length > 0 && <span className="t3"> Ctrl Z takes back.</span>}</p>
}

function Cost({ model, spent }: { model: string; spent: Spent }): ReactElement {
  const price = spent.usd === null ? 'price unknown' : spent.usd > 0 ? dollars(spent.usd) : ''
  const figures = [plural(spent.calls, 'call'), tokens(spent.input_tokens + spent.output_tokens), seconds(spent.seconds), price]
  return <p className="xs t3 num desc-cost" data-testid="describe-cost">{[...figures.filter(Boolean), model].join(' · ')}</p>
}
