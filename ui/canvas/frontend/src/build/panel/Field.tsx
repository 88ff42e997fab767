/** One setting, drawn from its JSON Schema. */

import { useEffect, useId, useState, type ReactElement } from 'react'
import { resolve, type Schema } from '../../model/kinds'
import type { FieldContext } from './context'
import { ListField, ObjectField } from './lists'
import { ModelField, NameField, SelectBox, StateField, TypeField } from './pickers'
import { PromptField } from './PromptField'
import { controlFor, titleOf, type Named, type Nullable } from './schema'
import { JsonField, RecordField } from './structured'

export interface FieldProps {
  name: string
  schema: Nullable
  value: unknown
  onChange: (value: unknown) => void
  context: FieldContext
  /** Inside a list or object: no frame of its own, the label small. */
  nested?: boolean
  /** An item of a list: the label is only heard. */
  bare?: boolean
}

export function Field(props: FieldProps): ReactElement {
  const { name, schema, context } = props
  const input = useId()
  if (schema.type === 'boolean') return <SwitchField {...props} />
  if (props.bare) return <div data-field={name}><label className="vh" htmlFor={input}>{titleOf(name, schema)}</label><Control {...props} input={input} /></div>
  const bounds = boundsOf(schema)
  const hint = [schema.widget === 'prompt' ? 'Mustache' : schema.widget === 'cel' ? 'CEL' : '', bounds].filter(Boolean).join(' · ')
  return (
    <div data-field={name} className={`field ${context.kind?.template_fields[0] === name ? 'first' : ''}`}>
      <label className="lab" htmlFor={input} title={schema.description}>{titleOf(name, schema)} <span className="hint">{hint}</span></label>
      <Control {...props} input={input} />
      {context.error && !props.nested ? <p className="xs st-failed why" role="alert">{context.error}</p> : schema.description && <p className="xs t3 why">{schema.description}</p>}
    </div>
  )
}

function boundsOf(schema: Schema): string {
  if (schema.type !== 'integer' && schema.type !== 'number') return ''
  const low = schema.minimum ?? schema.exclusiveMinimum
  const high = schema.maximum ?? schema.exclusiveMaximum
  if (low !== undefined && high !== undefined) return `${low} to ${high.toLocaleString('en-US')}`
  return low !== undefined ? `${low} or more` : high !== undefined ? `at most ${high}` : ''
}

function Control(props: FieldProps & { input: string }): ReactElement {
  const { name, schema } = props
  switch (controlFor(name, schema)) {
    case 'choice': return <SelectBox id={props.input} testid={`field-${name}`} value={props.value} options={schema.enum!} onChange={props.onChange} nullable={schema.nullable ?? false} />
    case 'template': return <PromptField {...props} />
    case 'model': return <ModelField {...props} />
    case 'name': return <NameField {...props} sort={schema.widget as Named} />
    case 'state': return <StateField {...props} />
    case 'type': return <TypeField {...props} />
    case 'textarea': return <TextArea {...props} />
    case 'code': return <TextArea {...props} mono />
    case 'number': return <NumberBox {...props} />
    case 'list': return <ListField {...props} />
    case 'object': return <ObjectField {...props} />
    case 'record': return <RecordField {...props} />
    case 'text': return <TextBox {...props} />
    default: return <JsonField {...props} />
  }
}

function SwitchField({ name, schema, value, onChange, context }: FieldProps): ReactElement {
  return (
    <div data-field={name} className="field">
      <div className="row">
        <button type="button" role="switch" data-testid={`field-${name}`} aria-checked={value === true} aria-label={titleOf(name, schema)} className={`switch ${value === true ? 'on' : ''}`} onClick={() => onChange(value !== true)} />
        <span className="sm">{titleOf(name, schema)}</span>
      </div>
      {(context.error ?? schema.description) && <p className={`xs why ${context.error ? 'st-failed' : 't3'}`}>{context.error ?? schema.description}</p>}
    </div>
  )
}

type Inner = FieldProps & { input: string }

function TextBox({ input, name, schema, value, onChange, context }: Inner): ReactElement {
  return <input id={input} className={`in ${context.error ? 'bad' : ''}`} data-testid={`field-${name}`} value={typeof value === 'string' ? value : value == null ? '' : JSON.stringify(value)} maxLength={schema.maxLength}
    onChange={(event) => onChange(schema.nullable && event.target.value === '' ? null : event.target.value)} />
}

function TextArea({ input, name, schema, value, onChange, mono, context }: Inner & { mono?: boolean }): ReactElement {
  const text = typeof value === 'string' ? value : ''
  return <textarea id={input} className={`in area ${mono ? 'mono' : ''} ${context.error ? 'bad' : ''}`} spellCheck={!mono} data-testid={`field-${name}`} rows={Math.min(12, Math.max(mono ? 2 : 3, text.split('\n').length + 1))} value={text} onChange={(event) => onChange(schema.nullable && event.target.value === '' ? null : event.target.value)} />
}

/** A number is taken when it is within its bounds; else it stays in the box and says what is allowed. */
function NumberBox({ input, name, schema, value, onChange }: Inner): ReactElement {
  const [text, setText] = useState(value == null ? '' : String(value))
  useEffect(() => setText((before) => (Number(before) === value && before !== '' ? before : value == null ? '' : String(value))), [value])
  const wrong = check(text, schema)
  const change = (next: string): void => {
    setText(next)
    if (next.trim() === '' ? schema.nullable : check(next, schema) === null) onChange(next.trim() === '' ? null : Number(next))
  }
  return (
    <>
      <div className={`in num ${wrong ? 'bad' : ''}`}>
        <input id={input} className="bare grow" inputMode="decimal" data-testid={`field-${name}`} aria-invalid={wrong !== null} value={text} placeholder={schema.nullable ? 'no limit' : ''} onChange={(event) => change(event.target.value)} onBlur={() => wrong && setText(value == null ? '' : String(value))} />
        {schema.unit && <span className="unit">{schema.unit}</span>}
      </div>
      {wrong && <p className="xs st-failed why" role="alert">{wrong}</p>}
    </>
  )
}

export function check(text: string, schema: Schema & { nullable?: boolean }): string | null {
  if (text.trim() === '') return schema.nullable ? null : 'A number is needed.'
  const number = Number(text)
  if (!Number.isFinite(number)) return `“${text}” is not a number.`
  if (schema.type === 'integer' && !Number.isInteger(number)) return `${text} is not a whole number.`
  if (schema.minimum !== undefined && number < schema.minimum) return `${text} is too small: ${schema.minimum} at least.`
  if (schema.maximum !== undefined && number > schema.maximum) return `${text} is too large: ${schema.maximum} at most.`
  if (schema.exclusiveMinimum !== undefined && number <= schema.exclusiveMinimum) return `${text} is too small: more than ${schema.exclusiveMinimum}.`
  if (schema.exclusiveMaximum !== undefined && number >= schema.exclusiveMaximum) return `${text} is too large: less than ${schema.exclusiveMaximum}.`
  return null
}

/** Draw a field of a nested schema with the same rules. */
export function Nested(props: FieldProps): ReactElement {
  return <Field {...props} schema={resolve(props.schema, props.context.root)} nested />
}
