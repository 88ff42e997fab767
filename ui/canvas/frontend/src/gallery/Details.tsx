import { useEffect, useRef, useState, type ReactElement } from 'react'
import type { Api } from '../api'
import { why } from '../sharing/taking'
import { Icon } from '../style/icons'
import { Readme } from './Readme'
import type { Card, Scored } from './types'

/** One template from near: what it says of itself, its examples, those like it, and the ways into it. */
export function Details({ api, card, cards, onClose, onOther, onOpen, onBaselines }: {
  api: Api
  card: Card
  cards: Card[]
  onClose: () => void
  onOther: (slug: string) => void
  onOpen: (slug: string, run: { inputs: Record<string, unknown> } | null) => void
  onBaselines: (slug: string) => void
}): ReactElement {
  const [page, setPage] = useState<{ readme: string; examples: { inputs: Record<string, unknown> }[] } | null>(null)
  const [like, setLike] = useState<Scored[]>([])
  const [problem, setProblem] = useState('')
  const close = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    let gone = false
    setPage(null)
    setLike([])
    api.get<NonNullable<typeof page>>(`/gallery/${card.slug}/readme`).then((found) => !gone && setPage(found), (error: unknown) => !gone && setProblem(why(error)))
    api.get<Scored[]>(`/gallery/${card.slug}/like`).then((found) => !gone && setLike(found.slice(0, 4)), () => undefined)
    close.current?.focus()
    return () => { gone = true }
  }, [api, card.slug])
  const titles = new Map(cards.map((each) => [each.slug, each.title]))
  return (
    <aside className="gdetails" aria-label={card.title} data-testid="details" onKeyDown={(event) => event.key === 'Escape' && onClose()}>
      <div className="row">
        <b className="h18 grow">{card.title}</b>
        <button ref={close} className="btn ghost icon" aria-label="Close" onClick={onClose}><Icon name="cross" /></button>
      </div>
      <p className="sm t2">{card.summary}</p>
      <div className="emblem" dangerouslySetInnerHTML={{ __html: card.miniature }} />
      <div className="row gways">
        <button className="btn primary" data-testid="open-template" onClick={() => onOpen(card.slug, null)}>Open in the builder</button>
        <button className="btn" data-testid="compare-baselines" onClick={() => onBaselines(card.slug)}><Icon name="table" />Compare with baselines</button>
      </div>
      <dl className="facts">
        <div><dt>Nodes</dt><dd>{card.nodes}</dd></div>
        {card.calls !== null && <div><dt>Recorded run</dt><dd>{card.calls} model calls, {(card.tokens ?? 0).toLocaleString('en')} tokens</dd></div>}
        {card.row && <div><dt>Carries</dt><dd>{card.status === 'partly' ? `${card.system}, in part` : card.system} ({card.family})</dd></div>}
      </dl>
      {problem && <p className="sm st-failed" role="alert">{problem}</p>}
      {page && page.examples.length > 0 && <>
        <div className="cap">Try it with</div>
        <ul className="gexamples">{page.examples.map((example, at) => (
          <li key={at}><button onClick={() => onOpen(card.slug, example)} data-testid={`example-${at}`}><Icon name="play" size={12} fill /><span className="ell">{sayInputs(example.inputs)}</span></button></li>
        ))}</ul>
      </>}
      {like.length > 0 && <>
        <div className="cap">Systems like this one</div>
        <ul className="glike">{like.map(({ slug, score }) => <li key={slug}><button onClick={() => onOther(slug)}><span className="grow ell">{titles.get(slug) ?? slug}</span><span className="xs num score">{score.toFixed(2)}</span></button></li>)}</ul>
      </>}
      {page && <Readme text={page.readme} />}
    </aside>
  )
}

export function sayInputs(inputs: Record<string, unknown>): string {
  return Object.values(inputs).map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('; ') || 'no inputs'
}
