/** Records, and JSON where nothing else fits. */

import { useEffect, useState, type ReactElement } from 'react'
import type { Schema } from '../../model/kinds'
import { useShallow } from 'zustand/shallow'
import { Icon } from '../../style/icons'
import { useDoc } from '../state'
import { Nested, type FieldProps } from './Field'
import { PromptField } from './PromptField'
import { blank } from './schema'

/** Names and values; the values may be templates. */
export function RecordField(props: FieldProps): ReactElement {
  const { name, schema, value, onChange, context } = props
  const record = (value ?? {}) as Record<string, unknown>
  const entries = Object.entries(record)
  const template = schema.widget === 'prompt' || context.kind?.template_fields.includes(name)
  const values: Schema | null = typeof schema.additionalProperties === 'object' && schema.additionalProperties.type ? schema.additionalProperties : null
  const write = (next: [string, unknown][]): void => onChange(Object.fromEntries(next))
  return (
    <div className="list" data-testid={`field-${name}`}>
      {entries.map(([key, each], index) => (
        <div className="list-item boxed" key={index}>
          <div className="grow object">
            <KeyBox value={key} list={schema.widget === 'state' ? STATE_NAMES : undefined} taken={(other) => other !== key && other in record} onChange={(next) => write(entries.map((entry, at) => (at === index ? [next, entry[1]] : entry)))} />
            {template
              ? <PromptField {...props} name={`${name}-${key}`} input={`${name}-${index}`} schema={{ type: 'string' }} value={String(each ?? '')} onChange={(next) => write(entries.map((entry, at) => (at === index ? [entry[0], next] : entry)))} rows={1} />
              : values
                ? <Nested bare name={`${name}-${key}`} schema={{ ...values, title: key }} value={each} onChange={(next) => write(entries.map((entry, at) => (at === index ? [entry[0], next] : entry)))} context={{ ...context, error: null }} />
                : <JsonField {...props} value={each} onChange={(next) => write(entries.map((entry, at) => (at === index ? [entry[0], next] : entry)))} />}
          </div>
          <button className="btn ghost sm icon" aria-label={`Remove ${key}`} onClick={() => write(entries.filter((_, at) => at !== index))}><Icon name="cross" size={12} /></button>
        </div>
      ))}
      {schema.widget === 'state' && <StateNames />}
      <button className="btn sm ghost" data-testid={`add-${name}`} onClick={() => {
        let key = 'name'
        for (let at = 2; key in record; at++) key = `name_${at}`
        write([...entries, [key, values ? blank(values, context.root) : '']])
      }}><Icon name="plus" size={12} />Add</button>
    </div>
  )
}

const STATE_NAMES = 'nl-state-names'

/** The document's state variables, offered where a record's keys name them. */
function StateNames(): ReactElement {
  const names = useDoc(useShallow((doc) => Object.keys(doc.state)))
  return <datalist id={STATE_NAMES}>{names.map((name) => <option key={name} value={name} />)}</datalist>
}

function KeyBox({ value, list, taken, onChange }: { value: string; list: string | undefined; taken: (key: string) => boolean; onChange: (key: string) => void }): ReactElement {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  const wrong = text === '' || taken(text)
  return <input className={`in mono ${wrong ? 'bad' : ''}`} aria-label="Name" list={list} value={text} onChange={(event) => setText(event.target.value)} onBlur={() => (wrong ? setText(value) : text !== value && onChange(text))} />
}

export function JsonField({ name, value, onChange }: FieldProps): ReactElement {
  const written = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value, null, 1)
  const [text, setText] = useState(written)
  useEffect(() => setText(written), [written])
  return <textarea className="in area mono" rows={2} aria-label={name} data-testid={`field-${name}`} spellCheck={false} value={text} onChange={(event) => setText(event.target.value)} onBlur={() => text !== written && onChange(parse(text))} />
}

/** JSON where it is JSON, else the text itself. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
