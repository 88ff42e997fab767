import { useState, type FormEvent, type ReactElement } from 'react'
import { Icon } from '../../style/icons'
import { useBuild, useRun } from '../state'
import { AskField, isMissing, start } from './AskField'
import type { Form } from './events'

/** A question of the run, answered in place. It does not take the focus. */
export function Ask({ ask }: { ask: { node: string; interrupt: string; form: Form } }): ReactElement {
  const build = useBuild()
  const busy = useRun((state) => state.busy)
  const faults = useRun((state) => state.fields)
  const { form } = ask
  const fields = form.fields ?? []
  const only = fields.length === 1 && fields[0]!.type === 'choice' ? fields[0]!.name : undefined
  const decide = fields.find((field) => field.name === (form.decide || only))
  const filled = fields.filter((field) => field !== decide)
  const [values, setValues] = useState<Record<string, unknown>>(() => Object.fromEntries(filled.map((field) => [field.name, start(field)])))
  const missing = filled.some((field) => isMissing(field, values[field.name]))
  const send = (answer: Record<string, unknown>): void => void build.runner.answer(ask.interrupt, answer)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!missing && !decide) send(values)
  }
  return (
    <form className="ask" role="alertdialog" aria-label={form.title} data-testid="ask" onSubmit={submit}>
      <div className="row" style={{ gap: 6 }}>
        <span className="st-waiting"><Icon name="hand" /></span><b>{form.title}</b>
        <span className="t2 sm">{build.nameOf(ask.node)} waits{form.deadline ? ` until ${new Date(form.deadline * 1000).toLocaleString()}` : ''}</span>
      </div>
      {form.error && <div className="sm st-failed" role="alert">{form.error.what} {form.error.mend}</div>}
      {form.text && <pre>{form.text}</pre>}
      {filled.map((field) => <AskField key={field.name} field={field} value={values[field.name]} fault={faults[field.name]} onChange={(value) => setValues({ ...values, [field.name]: value })} />)}
      <div className="row wrap">
        {decide
          ? (decide.choices ?? []).map((choice, index) => <button key={choice} type="button" className={`btn sm ${index === 0 ? 'primary' : ''}`} disabled={busy || missing} data-testid={`ask-${choice}`} onClick={() => send({ ...values, [decide.name]: choice })}>{worded(choice)}</button>)
          : <button className="btn sm primary" disabled={busy || missing} data-testid="ask-send">Send the answer</button>}
      </div>
    </form>
  )
}

function worded(choice: string): string {
  return choice.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase())
}
