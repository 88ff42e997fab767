import { useSyncExternalStore } from 'react'
import { Icon } from '../style/icons'
import type { Tree } from './tree'
import { countText } from './words'

/** What stands below the graph: the steps with their waterfall, the run's conversation, or what all runs hold of the words. */
export type Mode = 'steps' | 'talk' | 'all'

const MODES: { mode: Mode; name: string }[] = [{ mode: 'steps', name: 'Waterfall' }, { mode: 'talk', name: 'Conversation' }, { mode: 'all', name: 'All runs' }]

/** The server counts no further. */
const MOST_FOUND = 20_000

interface Props {
  tree: Tree
  mode: Mode
  query: string
  spans: number
  onQuery: (query: string) => void
  onMode: (mode: Mode) => void
  onSelect: (span: string) => void
}

/** The search field, with what it found, and the choice of what is below. */
export function FindBar({ tree, mode, query, spans, onQuery, onMode, onSelect }: Props) {
  const state = useSyncExternalStore(tree.subscribe, tree.snapshot)
  const next = async (by: 1 | -1) => {
    const row = await tree.nextHit(state.at ?? -1, by)
    if (row) onSelect(row.id)
  }
  return (
    <div className="wtop">
      <label className="in find">
        <Icon name="search" className="t3" />
        <input type="search" value={query} placeholder={mode === 'all' ? 'Search in all runs' : 'Search in this run'} aria-label={mode === 'all' ? 'Search in all runs' : 'Search in this run'} data-search
          onChange={(event) => onQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') { onQuery(''); event.currentTarget.blur() }
            if (event.key === 'Enter' && mode === 'steps' && query.trim()) void next(event.shiftKey ? -1 : 1)
          }} />
        {!query && <span className="kbd" aria-hidden="true">/</span>}
      </label>
      {mode === 'steps' && state.found !== null && (
        <>
          <span className="xs t3 num nw" role="status" data-testid="found">{foundText(state.found, state.searched, state.of)}</span>
          {state.found > 0 && <span className="row hops">
            <button className="btn ghost sm icon" aria-label="The one before" title="The one before (Shift Enter)" onClick={() => void next(-1)}><Icon name="up" size={12} /></button>
            <button className="btn ghost sm icon" aria-label="The next one" title="The next one (Enter)" onClick={() => void next(1)}><Icon name="down" size={12} /></button>
          </span>}
        </>
      )}
      <span className="grow" />
      {mode === 'steps' && state.found === null && <span className="xs t3 num nw wide-only">{spans === 1 ? '1 span' : `${countText(spans)} spans`}</span>}
      <span className="seg" role="radiogroup" aria-label="Show">
        {MODES.map((each) => <button key={each.mode} role="radio" aria-checked={mode === each.mode} aria-pressed={mode === each.mode} onClick={() => onMode(each.mode)}>{each.name}</button>)}
      </span>
    </div>
  )
}

function foundText(found: number, searched: number, of: number): string {
  const said = found === 1 ? '1 found' : `${countText(found)}${found >= MOST_FOUND ? ' or more' : ''} found`
  return searched < of ? `${said} in ${countText(searched)} of ${countText(of)} spans…` : said
}
