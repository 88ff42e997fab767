import type { ReactElement } from 'react'
import { Icon } from '../../style/icons'
import { useBuild, useDoc, useRun, useUi } from '../state'
import { plural } from '../words'
import { useDebugger } from './useDebugger'
import { editsOf, nameAt, placeWords, slotsOf, UNTOUCHED, whyWords, type Slots, type StopAt, type StopDraft } from './stop'
import { Select } from './Select'
import { ValueForm } from './ValueForm'

/** What is there at a stop, to read and to change. Changes go with the next command. */
export function StopTab({ at }: { at: StopAt }): ReactElement {
  const build = useBuild()
  const document = useDoc((doc) => doc)
  const kinds = useUi((ui) => ui.kinds)
  const draft = useDebugger((state) => state.drafts[at.interrupt] ?? UNTOUCHED)
  const busy = useRun((state) => state.busy)
  const slots = slotsOf(at.stop, document, kinds)
  const { count, valid } = editsOf(at.stop, draft, slots)
  const edit = (patch: Partial<StopDraft>): void => build.debugger.draft(at.interrupt, patch)
  const name = nameAt(at, build)
  return (
    <>
      <div className="scroll-y">
        <div className="stop-tab" data-testid="stop-tab" key={at.interrupt}>
          <div className="why-stopped"><Icon name="pause" size={14} /><span><b>Stopped {placeWords(at.stop, name)}.</b> {whyWords(at.stop)} {at.stop.when === 'before' ? 'It has not run yet.' : 'What it gave has not gone on yet.'}</span></div>
          {at.stop.when === 'after' ? <After at={at} slots={slots} draft={draft} edit={edit} /> : <Before at={at} slots={slots} draft={draft} edit={edit} />}
          <section>
            <h4>State <span className="t3">shared by all nodes</span></h4>
            <ValueForm slots={slots.state} boxes={draft.state} onBoxes={(state) => edit({ state })} testid="stop-state" empty="This workflow has no state variables." />
          </section>
        </div>
      </div>
      <div className="foot">
        <button className="btn sm" disabled={busy || !valid} data-testid="stop-continue" onClick={() => void build.debugger.command('continue')}><Icon name="resume" size={12} />{count ? `Continue with ${plural(count, 'change')}` : 'Continue'} <span className="kbd">F5</span></button>
        {count > 0 && <button className="btn sm ghost" onClick={() => edit(UNTOUCHED)}>Undo {count === 1 ? 'it' : 'them'}</button>}
        {!valid && <span className="xs st-failed">A value cannot be read.</span>}
      </div>
    </>
  )
}

interface Part { at: StopAt; slots: Slots; draft: StopDraft; edit: (patch: Partial<StopDraft>) => void }

function Before({ at, slots, draft, edit }: Part): ReactElement {
  const build = useBuild()
  const frame = build.kindOf(at.node)?.frame === true // What its body gives cannot be written for it.
  return (
    <>
      {!draft.instead && (
        <section>
          <h4>Inputs <span className="t3">as it will get them</span></h4>
          <ValueForm slots={slots.inputs} boxes={draft.inputs} onBoxes={(inputs) => edit({ inputs })} testid="stop-input" empty="It takes no inputs." />
        </section>
      )}
      {!frame && <section>
        <label className="row sm"><input type="checkbox" data-testid="stop-instead" checked={draft.instead} onChange={(event) => edit({ instead: event.target.checked })} />Do not run it: give its outputs here</label>
        {draft.instead && (
          <div className="instead">
            <ValueForm slots={slots.outputs} boxes={draft.outputs} onBoxes={(outputs) => edit({ outputs })} testid="stop-output" empty="It gives no outputs: the run goes on behind it." />
            <Outcome at={at} draft={draft} edit={edit} />
          </div>
        )}
      </section>}
    </>
  )
}

function After({ at, slots, draft, edit }: Part): ReactElement {
  return (
    <>
      <section>
        <h4>Outputs <span className="t3">as they will go on</span></h4>
        <ValueForm slots={slots.outputs} boxes={draft.outputs} onBoxes={(outputs) => edit({ outputs })} testid="stop-output" empty="It gave no outputs." />
        <Outcome at={at} draft={draft} edit={edit} />
      </section>
      <details className="fold">
        <summary>Inputs <span className="t3 ell">{slots.inputs.map((slot) => slot.name).join(', ') || 'none'}</span></summary>
        <dl className="outs">{slots.inputs.map((slot) => <div key={slot.name}><dt className="mono t3">{slot.name}</dt><dd className="pre sm">{typeof slot.value === 'string' ? slot.value : JSON.stringify(slot.value, null, 1)}</dd></div>)}</dl>
      </details>
    </>
  )
}

function Outcome({ at, draft, edit }: Omit<Part, 'slots'>): ReactElement | null {
  if (at.stop.outcomes.length < 2) return null
  return (
    <div className="outcome"><span className="lab">Goes on by</span>
      <Select label="Goes on by" testid="stop-outcome" value={draft.outcome ?? at.stop.outcome ?? at.stop.outcomes[0]!} options={at.stop.outcomes.map((name) => [name, name])} onChange={(outcome) => edit({ outcome })} />
    </div>
  )
}
