/** Fork a run at a visit: what is changed there, and how it goes on. Nothing of the run itself is changed. */

import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react'
import { ApiError, type Api } from '../api'
import type { Document } from '../model/document'
import { Icon } from '../style/icons'
import { Select } from '../build/debug/Select'
import { keepTab } from '../build/debug/trap'
import { ValueForm } from '../build/debug/ValueForm'
import { bodyOf, changesOf, partsOf, proposedDraft, type Changes, type Draft, type Parts } from './body'
import css from './fork.css?inline'
import { load, type Loaded } from './load'
import { Options } from './Options'

interface Props {
  api: Api
  run: string
  span: string
  /** What somebody proposes to change. */
  proposed?: Changes
  /** The working document of an open canvas. */
  here?: Document
  breakpoints?: object[]
  /** Before it is sent: what is not saved yet. */
  save?: () => Promise<void>
  onForked: (run: { id: string; number: string; workflow_id: string | null }) => void
  onClose: () => void
}

interface Trouble { what: string; mend: string; lines: string[]; at: string | null }

export default function ForkDialog(props: Props): ReactElement {
  const { api, run, onClose } = props
  const [span, setSpan] = useState(props.span)
  const [loaded, setLoaded] = useState<Loaded | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  useEffect(() => {
    setLoaded(null)
    setTrouble(null)
    load(api, run, span, props.here).then(setLoaded, (error: unknown) => setTrouble(troubleOf(error)))
  }, [api, run, span]) // eslint-disable-line
  return (
    <div className="scrim fork-scrim" data-testid="fork" onPointerDown={(event) => event.target === event.currentTarget && onClose()} onKeyDown={(event) => { event.stopPropagation(); keepTab(event); if (event.key === 'Escape') onClose() }}>
      <style>{css}</style>
      <div className="sheet fork" role="dialog" aria-modal="true" aria-label="Fork the run">
        {loaded ? <Form key={loaded.visited.span} {...props} loaded={loaded} onSpan={setSpan} /> : <Waiting trouble={trouble} onClose={onClose} />}
      </div>
    </div>
  )
}

function Waiting({ trouble, onClose }: { trouble: Trouble | null; onClose: () => void }): ReactElement {
  return trouble ? <><Refusal trouble={trouble} /><div className="row foot"><span className="grow" /><button className="btn" onClick={onClose}>Close</button></div></> : <p className="t3">Reading the step…</p>
}

function Form({ api, loaded, proposed = {}, breakpoints, save, onSpan, onForked, onClose }: Props & { loaded: Loaded; onSpan: (span: string) => void }): ReactElement {
  const { visited, run } = loaded
  const start = useRef<HTMLButtonElement>(null)
  const [draft, setDraft] = useState<Draft>(() => ({ ...proposedDraft(proposed, visited, partsOf(visited, loaded.document, loaded.kinds)), edited: loaded.differs && loaded.now?.nodes[visited.node] !== undefined && save !== undefined }))
  const document = draft.edited && loaded.now ? loaded.now : loaded.document
  const parts = useMemo(() => partsOf(visited, document, loaded.kinds), [visited, document, loaded.kinds])
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const { changes, valid } = changesOf(draft, visited, parts, proposed)
  const edit = (patch: Partial<Draft>): void => setDraft((before) => ({ ...before, ...patch }))
  useEffect(() => start.current?.focus(), [])
  const send = async (): Promise<void> => {
    setBusy(true)
    setTrouble(null)
    try {
      await save?.()
      const made = await api.post<{ run_id: string; number: string }>(`/runs/${run.id}/fork`, { ...bodyOf(draft, changes, visited.span), ...(breakpoints ? { breakpoints } : {}) })
      onForked({ id: made.run_id, number: made.number, workflow_id: run.workflow_id })
    } catch (error) {
      setTrouble(troubleOf(error))
      setBusy(false)
    }
  }
  return (
    <form className="fork-form" onSubmit={(event) => { event.preventDefault(); if (valid && !busy) void send() }}>
      <header>
        <div className="row"><Icon name="fork" /><b className="h18 grow ell">Fork {run.number} at {loaded.name}{loaded.visit > 1 ? `, visit ${loaded.visit}` : ''}{loaded.item === null ? '' : `, item ${loaded.item + 1}`}</b><button ref={start} type="button" className="btn ghost icon" aria-label="Close" onClick={onClose}><Icon name="cross" /></button></div>
        <p className="sm t2">{draft.only ? 'Only this step runs, with what it was given then.' : `What came before is kept and costs nothing; ${draft.instead ? 'the steps after it run anew with the outputs given here' : 'this step and those after it run anew'}. ${run.number} stays as it is.`}</p>
      </header>
      <div className="fork-body">
        <div className="fork-left"><What draft={draft} parts={parts} visited={visited} edit={edit} /></div>
        <Options loaded={loaded} draft={draft} edit={edit} />
      </div>
      {trouble && <Refusal trouble={trouble} {...(trouble.at ? { onGo: () => onSpan(trouble.at!) } : {})} />}
      <footer className="row foot"><span className="sm t3 grow">{summary(changes, draft)}</span><button type="button" className="btn ghost" onClick={onClose}>Cancel</button><button className="btn primary" disabled={busy || !valid} data-testid="fork-send"><Icon name="fork" />{draft.only ? 'Run it' : 'Fork and run'}</button></footer>
    </form>
  )
}

function What({ draft, parts, visited, edit }: { draft: Draft; parts: Parts; visited: Loaded['visited']; edit: (patch: Partial<Draft>) => void }): ReactElement {
  const written = parts.settings.filter((slot) => slot.value !== '')
  const blank = parts.settings.filter((slot) => slot.value === '')
  return (
    <>
      <label className="row sm"><input type="checkbox" data-testid="fork-instead" checked={draft.instead} onChange={(event) => edit({ instead: event.target.checked })} />Do not run this step: give its outputs here</label>
      {draft.instead ? (
        <section>
          <h4>Outputs <span className="t3">as they will go on</span></h4>
          <ValueForm slots={parts.outputs} boxes={draft.outputs} onBoxes={(outputs) => edit({ outputs })} testid="fork-output" empty="It gave no outputs." />
          {parts.outcomes.length > 1 && <div className="outcome"><span className="lab">Goes on by</span><Select label="Goes on by" testid="fork-outcome" value={draft.outcome ?? visited.outcome ?? parts.outcomes[0]!} options={parts.outcomes.map((name) => [name, name])} onChange={(outcome) => edit({ outcome })} /></div>}
        </section>
      ) : (
        <>
          {written.length > 0 && <ValueForm slots={written} boxes={draft.settings} onBoxes={(settings) => edit({ settings })} testid="fork-config" empty="" />}
          {blank.length > 0 && (
            <details className="fold">
              <summary>Empty until now <span className="t3 ell">{blank.map((slot) => slot.title).join(', ')}</span></summary>
              <ValueForm slots={blank} boxes={draft.settings} onBoxes={(settings) => edit({ settings })} testid="fork-config" empty="" />
            </details>
          )}
          <section>
            <h4>Inputs <span className="t3">as it got them</span></h4>
            <ValueForm slots={parts.inputs} boxes={draft.inputs} onBoxes={(inputs) => edit({ inputs })} testid="fork-input" empty="It took no inputs." />
          </section>
        </>
      )}
      {parts.state.length > 0 && (
        <section>
          <h4>State <span className="t3">before this step</span></h4>
          <ValueForm slots={parts.state} boxes={draft.state} onBoxes={(state) => edit({ state })} testid="fork-state" empty="" />
        </section>
      )}
    </>
  )
}

function summary(changes: Changes, draft: Draft): string {
  const words = [changes.config && 'another prompt', changes.inputs && 'other inputs', changes.state && 'another state', changes.outputs && 'other outputs', changes.model && 'another model', draft.edited && 'the workflow as it is now'].filter(Boolean)
  return words.length ? `With ${words.join(', ')}.` : 'Nothing is changed: it runs again from here.'
}

function Refusal({ trouble, onGo }: { trouble: Trouble; onGo?: () => void }): ReactElement {
  return (
    <div className="fail" role="alert" data-testid="fork-refused"><Icon name="error" size={14} />
      <span><b>{trouble.what}</b> {trouble.mend}{trouble.lines.map((line, index) => <span key={index} className="line">{line}</span>)}
        {onGo && <button type="button" className="btn sm" onClick={onGo}>Fork at the step that uses it</button>}
      </span>
    </div>
  )
}

function troubleOf(error: unknown): Trouble {
  if (!(error instanceof ApiError)) return { what: (error as Error).message, mend: '', lines: [], at: null }
  const diagnostics = (error.body['diagnostics'] ?? []) as { severity: string; message: string; remedy: string }[]
  const errors = (error.body['errors'] ?? []) as { field: string; what: string; mend: string }[]
  return {
    what: error.problem.what, mend: error.problem.mend ?? '', at: typeof error.body['span'] === 'string' ? error.body['span'] : null,
    lines: [...diagnostics.filter((each) => each.severity === 'error').map((each) => `${each.message} ${each.remedy}`), ...errors.map((each) => `${each.field}: ${each.what} ${each.mend}`)],
  }
}
