import type { ReactElement } from 'react'
import { Icon, type IconName } from '../style/icons'
import type { Card } from './types'

const NEEDS: Record<string, { icon: IconName; words: string }> = {
  web: { icon: 'globe', words: 'web' }, sandbox: { icon: 'code', words: 'sandbox' }, memory: { icon: 'cylinder', words: 'memory' },
  files: { icon: 'folder', words: 'files' }, person: { icon: 'hand', words: 'asks you' },
}

export function GalleryCard({ card, score, chosen, beside, onOpen, onBeside }: {
  card: Card
  score: number | null
  chosen: boolean
  beside: boolean
  onOpen: () => void
  onBeside: () => void
}): ReactElement {
  return (
    <li className={`gcard${chosen ? ' chosen' : ''}${beside ? ' beside' : ''}`} data-testid={`card-${card.slug}`}>
      <button className="gopen" aria-label={`${card.title}: ${card.summary}`} aria-expanded={chosen} onClick={onOpen}>
        <span className="emblem" dangerouslySetInnerHTML={{ __html: card.miniature }} />
        <span className="gtext">
          <span className="row"><b className="grow ell">{card.title}</b>{score !== null && <span className="xs num score" title="Nearness in meaning, 0 to 1">{score.toFixed(2)}</span>}</span>
          <span className="gsummary sm t2">{card.summary}</span>
          <span className="xs t3 ell" title={card.paper}>{card.system && card.system !== card.title ? <b>{card.system} </b> : null}{paperTitle(card.paper) || 'Nodeloom starter'}</span>
        </span>
      </button>
      <span className="gfoot">
        {card.calls !== null && <span className="chip" title="Model calls of its recorded run">{card.calls} {card.calls === 1 ? 'call' : 'calls'}</span>}
        {card.needs.map((need) => NEEDS[need] && <span className="chip" key={need}><Icon name={NEEDS[need]!.icon} size={12} />{NEEDS[need]!.words}</span>)}
        <span className="grow" />
        <button className="btn ghost sm icon" aria-pressed={beside} aria-label={`Put ${card.title} beside another`} title="Put beside another" onClick={onBeside}><Icon name="swap" size={14} /></button>
      </span>
    </li>
  )
}

/** The title out of a readme's line: between asterisks, else after the year. */
export function paperTitle(line: string): string {
  const marked = /\*([^*]+)\*/.exec(line)
  if (marked) return marked[1]!
  const after = /\b(?:19|20)\d\d,\s*(.+)$/.exec(line)
  return (after?.[1] ?? line).replace(/\s*\(https?:[^)]*\)/, '')
}
