import { useEffect, useRef, type ReactElement } from 'react'
import { fetchBuiltin, readiness, useModels } from '../build/models'
import { useBuild } from '../build/state'
import { Icon } from '../style/icons'
import { useDescribing } from './useDescribing'

const LONGEST = 2000

/** Where the wish is written: with the model that is asked, and what it still needs. */
export function Composer(): ReactElement {
  const build = useBuild()
  const { describing } = build
  const draft = useDescribing((state) => state.draft)
  const asking = useDescribing((state) => state.turns.at(-1)?.state === 'asking')
  const ready = useReady()
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => { if (!asking) field.current?.focus() }, [asking])
  const send = (): void => { if (ready.ready && draft.trim()) void describing.ask(draft) }
  return (
    <form className="desc-write" onSubmit={(event) => { event.preventDefault(); send() }}>
      {!ready.ready && <Needs words={ready.words} provider={ready.provider} />}
      <textarea ref={field} className="in area" rows={3} maxLength={LONGEST} aria-label="What do you want?" placeholder="What do you want?" data-testid="describe-wish" value={draft} disabled={asking}
        onChange={(event) => describing.store.setState({ draft: event.target.value })}
        onKeyDown={(event) => { if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) { event.preventDefault(); send() } }} />
      <div className="row">
        <ModelChoice disabled={asking} />
        {/* With keys: one button turned into the other during its click would send the form. */}
        {asking
          ? <button key="cancel" type="button" className="btn" data-testid="describe-cancel" onClick={() => describing.cancel()}><Icon name="stop" fill />Cancel</button>
          : <button key="send" className="btn primary" data-testid="describe-send" disabled={!ready.ready || !draft.trim()} title="Propose changes  Enter">Propose</button>}
      </div>
    </form>
  )
}

function useReady(): { ready: boolean; words: string; provider: string } {
  const models = useModels((state) => state)
  const chosen = useDescribing((state) => state.model) ?? models.default
  if (!chosen) return { ready: models.error === null, words: models.error ?? '', provider: '' }
  return { ...readiness(models, chosen), provider: chosen.split(':')[0]! }
}

/** Told before anything is asked: what the model needs, with the mend. */
function Needs({ words, provider }: { words: string; provider: string }): ReactElement {
  const build = useBuild()
  const builtin = useModels((state) => state.builtin)
  const fetching = builtin?.state === 'fetching'
  return (
    <div className="desc-needs" role="status" data-testid="describe-needs">
      <Icon name="warning" size={14} />
      <span className="grow">{provider === 'builtin' && !fetching ? 'The built-in model is not on this machine yet.' : words}</span>
      {provider === 'builtin' && <button type="button" className="btn sm" disabled={fetching} onClick={() => void fetchBuiltin(build.api)}>{fetching ? `${Math.round((100 * builtin.bytes) / Math.max(1, builtin.total))} %` : 'Download'}</button>}
      {provider !== 'builtin' && <button type="button" className="btn sm" onClick={() => build.navigate({ view: 'settings' })}>Settings</button>}
    </div>
  )
}

function ModelChoice({ disabled }: { disabled: boolean }): ReactElement {
  const { describing } = useBuild()
  const usual = useModels((state) => state.default)
  const offered = useModels((state) => state.suggestions)
  const chosen = useDescribing((state) => state.model)
  const options = [...new Set([...(usual ? [usual] : []), ...offered])]
  const small = (chosen ?? usual ?? '').startsWith('builtin:')
  return (
    <span className="select grow" title={small ? 'The built-in model decides step by step; it is good for small changes' : 'The model writes all changes at once'}>
      <select className="in" aria-label="Model that proposes" data-testid="describe-model" disabled={disabled} value={chosen ?? usual ?? ''}
        onChange={(event) => describing.store.setState({ model: event.target.value === usual ? null : event.target.value })}>
        {options.map((reference) => <option key={reference} value={reference}>{reference}</option>)}
      </select>
      <Icon name="down" size={14} />
    </span>
  )
}
