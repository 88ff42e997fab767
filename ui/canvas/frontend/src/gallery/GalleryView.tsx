import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react'
import type { Api } from '../api'
import { why, type Offered } from '../sharing/taking'
import { Icon } from '../style/icons'
import { Baselines } from './Baselines'
import { Details } from './Details'
import { countOf, FACETS, fits, holds, ordered, toggledChoice, type Choice } from './filter'
import { GalleryCard } from './GalleryCard'
import { SideBySide } from './SideBySide'
import type { Card, Scored, Shelf } from './types'

const PAUSE = 250

/** The gallery: what there is to start from, found by filters, by words and by meaning. */
export function GalleryView({ api, navigate, choose }: {
  api: Api
  navigate: (place: object) => void
  choose: (offered: Offered) => void
}): ReactElement {
  const [shelf, setShelf] = useState<Shelf | null>(null)
  const [problem, setProblem] = useState('')
  const [query, setQuery] = useState('')
  const found = useMeaning(api, query)
  const [choices, setChoices] = useState<Choice[]>([])
  const [chosen, setChosen] = useState<string | null>(null)
  const [beside, setBeside] = useState<string[]>([])
  const [measured, setMeasured] = useState<string | null>(null)
  useEffect(() => { api.get<Shelf>('/gallery').then(setShelf, (error: unknown) => setProblem(why(error))) }, [api])
  const cards = useMemo(() => shelf?.cards ?? [], [shelf])
  const shown = useMemo(() => {
    const near = query.trim() && !found ? cards.filter((card) => holds(card, query)) : cards
    return ordered(near, found).filter(({ card }) => fits(card, choices))
  }, [cards, choices, found, query])
  const bySlug = (slug: string | null): Card | undefined => cards.find((card) => card.slug === slug)
  const open = (slug: string, example: { inputs: Record<string, unknown> } | null = null): void => {
    api.post<{ id: string }>('/workflows', { template: slug }).then(
      (made) => {
        if (example) sessionStorage.setItem(`nodeloom.try.${made.id}`, JSON.stringify(example.inputs))
        navigate({ view: 'build', workflow: made.id })
      },
      (error: unknown) => setProblem(why(error)),
    )
  }
  const put = (slug: string): void => setBeside((now) => (now.includes(slug) ? now.filter((each) => each !== slug) : [...now.slice(-1), slug]))
  const pair = beside.map(bySlug)
  const detail = bySlug(chosen)
  const base = bySlug(measured)
  return (
    <div className={`gallery${detail ? ' detailed' : ''}`} data-testid="gallery">
      <Filters cards={cards} choices={choices} onToggle={(choice) => setChoices(toggledChoice(choices, choice))} />
      <main className="gmain" aria-busy={!shelf && !problem}>
        <Top api={api} query={query} onQuery={setQuery} navigate={navigate} choose={choose} onProblem={setProblem} />
        {problem && <p className="sm st-failed gproblem" role="alert">{problem}</p>}
        <p className="gcount sm t2" role="status">
          <b>{shown.length}</b> of {cards.length}{query.trim() && (found ? ', nearest in meaning first' : ', by words; by meaning in a moment')}
          {choices.map((choice) => <button key={choice.facet + choice.value} className="chip line" onClick={() => setChoices(toggledChoice(choices, choice))} aria-label={`Without ${choice.value}`}>{choice.value}<Icon name="cross" size={12} /></button>)}
          {(choices.length > 0 || query) && <button className="plainlink" onClick={() => { setChoices([]); setQuery('') }}>Clear</button>}
          {beside.length === 1 && <span className="t3">Choose another to put beside {bySlug(beside[0]!)?.title}.</span>}
        </p>
        <ul className="gcards">{shown.map(({ card, score }) => <GalleryCard key={card.slug} card={card} score={score} chosen={card.slug === chosen} beside={beside.includes(card.slug)} onOpen={() => setChosen(card.slug)} onBeside={() => put(card.slug)} />)}</ul>
        {shelf && shown.length === 0 && <p className="centre t3">Nothing with all of that. Take a filter away, or use other words.</p>}
        {shelf && shelf.missing.length > 0 && !query && choices.length === 0 && <Missing shelf={shelf} />}
      </main>
      {detail && <Details api={api} card={detail} cards={cards} onClose={() => setChosen(null)} onOther={setChosen} onOpen={open} onBaselines={setMeasured} />}
      {pair.length === 2 && pair[0] && pair[1] && <SideBySide pair={[pair[0], pair[1]]} onClose={() => setBeside([])} onOpen={open} />}
      {base && <Baselines key={base.slug} api={api} card={base} onClose={() => setMeasured(null)} onRun={(run) => navigate({ view: 'trace', run })} />}
    </div>
  )
}

/** The order by meaning; null until it has come, or without a query. */
function useMeaning(api: Api, query: string): Scored[] | null {
  const [found, setFound] = useState<{ query: string; found: Scored[] } | null>(null)
  const asked = query.trim()
  useEffect(() => {
    if (!asked) return setFound(null)
    let gone = false
    const timer = setTimeout(() => {
      api.get<Scored[]>(`/gallery/search?q=${encodeURIComponent(asked)}`).then((each) => !gone && setFound({ query: asked, found: each }), () => undefined)
    }, PAUSE)
    return () => { gone = true; clearTimeout(timer) }
  }, [api, asked])
  return found && found.query === asked ? found.found : null
}

function Filters({ cards, choices, onToggle }: { cards: Card[]; choices: Choice[]; onToggle: (choice: Choice) => void }): ReactElement {
  return (
    <nav className="gfilters" aria-label="Filters">
      {FACETS.map(({ facet, title, options }) => (
        <fieldset key={facet}>
          <legend>{title}</legend>
          {options.map(({ value, title: words }) => {
            const count = countOf(cards, choices, facet, value)
            const on = choices.some((choice) => choice.facet === facet && choice.value === value)
            return <label key={value} className={count || on ? '' : 'none'}><input type="checkbox" checked={on} onChange={() => onToggle({ facet, value })} /><span className="grow">{words}</span><span className="num xs t3">{count}</span></label>
          })}
        </fieldset>
      ))}
    </nav>
  )
}

function Top({ api, query, onQuery, navigate, choose, onProblem }: {
  api: Api
  query: string
  onQuery: (query: string) => void
  navigate: (place: object) => void
  choose: (offered: Offered) => void
  onProblem: (words: string) => void
}): ReactElement {
  const file = useRef<HTMLInputElement>(null)
  const fresh = (): void => {
    api.post<{ id: string }>('/workflows').then((made) => navigate({ view: 'build', workflow: made.id }), (error: unknown) => onProblem(why(error)))
  }
  return (
    <div className="row gtop">
      <label className="gsearch"><Icon name="search" /><input type="search" aria-label="Search the gallery" data-testid="gallery-search" placeholder="What should it do? Say it in your own words" value={query} onChange={(event) => onQuery(event.target.value)} /><span className="chip">by meaning</span></label>
      <span className="grow" />
      <button className="btn" onClick={fresh} data-testid="new-workflow"><Icon name="plus" />New workflow</button>
      <button className="btn" onClick={() => file.current?.click()}><Icon name="folder" />Open a file…</button>
      <input ref={file} type="file" hidden accept=".yaml,.yml,.json,.png,.nodeloom" aria-label="Workflow file" data-testid="open-file" onChange={(event) => {
        const given = event.target.files?.[0]
        event.target.value = ''
        if (given) choose({ name: given.name, content: given })
      }} />
    </div>
  )
}

function Missing({ shelf }: { shelf: Shelf }): ReactElement {
  return (
    <details className="gmissing sm">
      <summary>{shelf.missing.length} systems of the first choice have no template yet</summary>
      <ul>{shelf.missing.map((each) => <li key={each.row}><b>{each.name}</b> <span className="t3">{each.family}</span><br /><span className="t2">{each.why}</span></li>)}</ul>
    </details>
  )
}
