import { useState, type FormEvent, type ReactElement } from 'react'
import { Icon } from '../../style/icons'
import { useBuild, useRun } from '../state'
import type { Form, FormField } from './events'

/** A question of the run, answered in place. It does not take the focus. */
export function Ask({ ask }: { ask: { node: string; interrupt: string; form: Form } }): ReactElement {
  const build = useBuild()
  const busy = useRun((state) => state.busy)
  const fields = ask.form.fields ?? []
  const [values, setValues] = useState<Record<string, unknown>>(() => Object.fromEntries(fields.map((field) => [field.name, field.default ?? start(field)])))
  const missing = fields.some((field) => field.required !== false && (values[field.name] === '' || values[field.name] === null))
  const send = (answer: Record<string, unknown>): void => void build.runner.answer(ask.interrupt, answer)
  const approval = fields.length === 1 && fields[0]!.type === 'choice' ? fields[0] : undefined
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!missing) send(values)
  }
  return (
    <form className="ask" role="alertdialog" aria-label={ask.form.title} data-testid="ask" onSubmit={submit}>
      <div className="row" style={{ gap: 6 }}><span className="st-waiting"><Icon name="hand" /></span><b>{ask.form.title}</b><span className="t2 sm">{build.nameOf(ask.node)} waits</span></div>
      {ask.form.text && <pre>{ask.form.text}</pre>}
      {approval ? (
        <div className="row wrap">{(approval.choices ?? []).map((choice, index) => <button key={choice} type="button" className={`btn sm ${index === 0 ? 'primary' : ''}`} disabled={busy} data-testid={`ask-${choice}`} onClick={() => send({ [approval.name]: choice })}>{choice.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase())}</button>)}</div>
      ) : (
        <>
          {fields.map((field) => <AskField key={field.name} field={field} value={values[field.name]} onChange={(value) => setValues({ ...values, [field.name]: value })} />)}
          <div className="row"><button className="btn sm primary" disabled={busy || missing} data-testid="ask-send">Send the answer</button></div>
        </>
      )}
    </form>
  )
}

function start(field: FormField): unknown {
  return field.type === 'boolean' ? false : field.type === 'choice' ? (field.choices?.[0] ?? '') : field.type === 'number' ? null : ''
}

function AskField({ field, value, onChange }: { field: FormField; value: unknown; onChange: (value: unknown) => void }): ReactElement {
  const title = field.title || field.name
  if (field.type === 'boolean') return <label className="row sm"><input type="checkbox" checked={value === true} onChange={(event) => onChange(event.target.checked)} />{title}</label>
  return (
    <label>
      <span className="lab">{title}</span>
      {field.type === 'choice' && <select className="in" value={String(value)} onChange={(event) => onChange(event.target.value)}>{field.choices?.map((choice) => <option key={choice}>{choice}</option>)}</select>}
      {field.type === 'number' && <input className="in" type="number" step="any" data-testid={`ask-${field.name}`} value={value === null ? '' : String(value)} onChange={(event) => onChange(event.target.value === '' ? null : Number(event.target.value))} />}
      {field.type === 'text' && <textarea className="in area" rows={2} data-testid={`ask-${field.name}`} value={String(value)} onChange={(event) => onChange(event.target.value)} />}
    </label>
  )
}
