import type { ReactElement } from 'react'
import type { FormField } from './events'

interface Props { field: FormField; value: unknown; fault?: string; onChange: (value: unknown) => void }

/** What a field holds before anything is filled in. */
export function start(field: FormField): unknown {
  if (field.default !== undefined && field.default !== null) return field.type === 'json' ? JSON.stringify(field.default, null, 2) : field.default
  return field.type === 'boolean' ? false : field.type === 'choices' ? [] : field.type === 'number' ? null : ''
}

/** Whether something has to be filled in and is not. */
export function isMissing(field: FormField, value: unknown): boolean {
  return field.required !== false && (value === '' || value === null || value === undefined || (Array.isArray(value) && value.length === 0))
}

/** One field of a question, with its help and what is wrong with it. */
export function AskField({ field, value, fault, onChange }: Props): ReactElement {
  const title = `${field.title || field.name}${field.required === false ? ' (may stay empty)' : ''}`
  const about = `ask-about-${field.name}`
  const note = (field.help || fault) && <span id={about} className={`sm ${fault ? 'st-failed' : 't3'}`} role={fault ? 'alert' : undefined}>{fault ?? field.help}</span>
  const shared = { 'data-testid': `ask-${field.name}`, 'aria-invalid': fault !== undefined, 'aria-describedby': note ? about : undefined }
  if (field.type === 'boolean') return <label className="row sm"><input type="checkbox" {...shared} checked={value === true} onChange={(event) => onChange(event.target.checked)} />{title}{note}</label>
  if (field.type === 'choices') return <Several field={field} title={title} value={Array.isArray(value) ? (value as string[]) : []} note={note} onChange={onChange} />
  return <label><span className="lab">{title}</span><Control field={field} value={value} shared={shared} onChange={onChange} />{note}</label>
}

function Control({ field, value, shared, onChange }: Props & { shared: object }): ReactElement {
  const text = value === null || value === undefined ? '' : String(value)
  const bounds = { min: field.minimum, max: field.maximum }
  switch (field.type) {
    case 'choice': return <select className="in" {...shared} value={text} onChange={(event) => onChange(event.target.value)}>{text === '' && <option value="">Choose…</option>}{field.choices?.map((choice) => <option key={choice}>{choice}</option>)}</select>
    case 'number': return <input className="in" type="number" step={field.whole ? 1 : 'any'} {...bounds} {...shared} value={text} onChange={(event) => onChange(event.target.value === '' ? null : Number(event.target.value))} />
    case 'date': return <input className="in" type="date" min={field.earliest} max={field.latest} {...shared} value={text} onChange={(event) => onChange(event.target.value)} />
    case 'text': return <input className="in" type="text" maxLength={field.maximum} {...shared} value={text} onChange={(event) => onChange(event.target.value)} />
    default: return <textarea className={`in area ${field.type === 'json' ? 'mono' : ''}`} rows={text.length > 200 ? 8 : 2} {...shared} value={text} onChange={(event) => onChange(event.target.value)} />
  }
}

function Several({ field, title, value, note, onChange }: { field: FormField; title: string; value: string[]; note: ReactElement | '' | undefined; onChange: (value: unknown) => void }): ReactElement {
  const flip = (choice: string): void => onChange((field.choices ?? []).filter((each) => (each === choice) !== value.includes(each)))
  return (
    <fieldset className="choices" data-testid={`ask-${field.name}`}>
      <legend className="lab">{title}</legend>
      {field.choices?.map((choice) => <label key={choice} className="row sm"><input type="checkbox" checked={value.includes(choice)} onChange={() => flip(choice)} />{choice}</label>)}
      {note}
    </fieldset>
  )
}
