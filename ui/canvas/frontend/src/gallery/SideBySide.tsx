import { useEffect, useRef, type ReactElement } from 'react'
import { Icon } from '../style/icons'
import { paperTitle } from './GalleryCard'
import type { Card } from './types'

const LINES: { title: string; of: (card: Card) => string }[] = [
  { title: 'Nodes', of: (card) => String(card.nodes) },
  { title: 'Mechanisms', of: (card) => card.kinds.join(', ') || 'none' },
  { title: 'Structure', of: (card) => card.structure.join(', ') || 'one way through' },
  { title: 'Needs', of: (card) => card.needs.join(', ').replace('nothing', 'a model alone') },
  { title: 'Calls of the recorded run', of: (card) => (card.calls === null ? 'not recorded' : String(card.calls)) },
  { title: 'Tokens of the recorded run', of: (card) => (card.tokens === null ? 'not recorded' : card.tokens.toLocaleString('en')) },
  { title: 'Cost', of: (card) => card.cost },
  { title: 'Paper', of: (card) => paperTitle(card.paper) },
]

/** Two templates beside each other: their graphs large, what differs marked. */
export function SideBySide({ pair, onClose, onOpen }: { pair: [Card, Card]; onClose: () => void; onOpen: (slug: string) => void }): ReactElement {
  const close = useRef<HTMLButtonElement>(null)
  useEffect(() => close.current?.focus(), [])
  return (
    <div className="scrim fixed" onClick={onClose}>
      <div className="sheet large" role="dialog" aria-modal="true" aria-label={`${pair[0].title} beside ${pair[1].title}`} data-testid="side-by-side"
        onClick={(event) => event.stopPropagation()} onKeyDown={(event) => { event.stopPropagation(); if (event.key === 'Escape') onClose() }}>
        <div className="row"><b className="h18 grow">{pair[0].title} beside {pair[1].title}</b><button ref={close} className="btn ghost icon" aria-label="Close" onClick={onClose}><Icon name="cross" /></button></div>
        <div className="two">
          {pair.map((card) => (
            <section key={card.slug}>
              <div className="emblem big" dangerouslySetInnerHTML={{ __html: card.miniature }} />
              <div className="row"><b className="grow">{card.title}</b><button className="btn sm" onClick={() => onOpen(card.slug)}>Open</button></div>
              <p className="sm t2">{card.summary}</p>
            </section>
          ))}
        </div>
        <table className="sides"><tbody>
          {LINES.map(({ title, of }) => {
            const [left, right] = [of(pair[0]), of(pair[1])]
            return <tr key={title} className={left === right ? 'same' : ''}><th scope="row">{title}</th><td>{left}</td><td>{right}</td></tr>
          })}
        </tbody></table>
      </div>
    </div>
  )
}
