import type { ReactElement } from 'react'
import type { Draft } from './body'
import type { Loaded } from './load'

/** How the fork goes on: which workflow, which model, what is kept, its name. */
export function Options({ loaded, draft, edit }: { loaded: Loaded; draft: Draft; edit: (patch: Partial<Draft>) => void }): ReactElement {
  const gone = loaded.now !== null && loaded.now.nodes[loaded.visited.node] === undefined
  return (
    <aside className="fork-right">
      <fieldset>
        <legend className="lab">Workflow</legend>
        <Choice name="workflow" checked={!draft.edited} words="As it was in this run" onPick={() => edit({ edited: false })} testid="fork-then" />
        <Choice name="workflow" checked={draft.edited} disabled={!loaded.now || gone} words="As it is now on the canvas" testid="fork-now" onPick={() => edit({ edited: true })}
          hint={!loaded.now ? 'It was deleted since.' : gone ? `It has no node ${loaded.visited.node} any more.` : loaded.differs ? 'It was edited since.' : 'The same.'} />
      </fieldset>
      <label><span className="lab">Model <span className="hint">from this step on</span></span>
        <input className="in" list="nl-fork-models" data-testid="fork-model" placeholder={loaded.run.model ?? 'as it was'} value={draft.model} onChange={(event) => edit({ model: event.target.value })} />
        <datalist id="nl-fork-models">{loaded.models.map((model) => <option key={model} value={model} />)}</datalist>
      </label>
      <fieldset>
        <legend className="lab">Runs</legend>
        <Choice name="keep" checked={!draft.later && !draft.only} words="All that follows" onPick={() => edit({ later: false, only: false })} testid="fork-all" />
        <Choice name="keep" checked={draft.later && !draft.only} words="Only what changes" hint="Later steps with the same inputs are kept; those that change the world are not run again." onPick={() => edit({ later: true, only: false })} testid="fork-later" />
        <Choice name="keep" checked={draft.only} disabled={draft.instead} words="This step alone" onPick={() => edit({ only: true })} testid="fork-only" />
      </fieldset>
      <label><span className="lab">Name <span className="hint">optional</span></span><input className="in" data-testid="fork-label" maxLength={80} placeholder="What this fork tries" value={draft.label} onChange={(event) => edit({ label: event.target.value })} /></label>
    </aside>
  )
}

function Choice({ name, checked, disabled = false, words, hint, testid, onPick }: { name: string; checked: boolean; disabled?: boolean; words: string; hint?: string; testid: string; onPick: () => void }): ReactElement {
  return <label className={`pick ${disabled ? 'off' : ''}`}><input type="radio" name={name} data-testid={testid} checked={checked} disabled={disabled} onChange={onPick} /><span>{words}{hint && <span className="xs t3">{hint}</span>}</span></label>
}
