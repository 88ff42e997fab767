/** Lists, objects, records, and JSON where nothing else fits. */

import { useEffect, useState, type ReactElement } from 'react'
import { resolve, type Schema } from '../../model/kinds'
import { Icon } from '../../style/icons'
import { Nested, type FieldProps } from './Field'
import { PromptField } from './PromptField'

function blank(schema: Schema, root: Schema): unknown {
  const plain = resolve(schema, root)
  if (plain.default !== undefined) return plain.default
  if (plain.enum) return plain.enum[0]
  if (plain.type === 'array') return []
  if (plain.properties) return Object.fromEntries(Object.entries(plain.properties).filter(([key]) => plain.required?.includes(key)).map(([key, each]) => [key, blank(each, root)]))
  return ({ string: '', integer: plain.minimum ?? 0, number: plain.minimum ?? 0, boolean: false, object: {} } as Record<string, unknown>)[String(plain.type)] ?? ''
}

export function ListField({ name, schema, value, onChange, context }: FieldProps): ReactElement {
  const items = Array.isArray(value) ? (value as unknown[]) : []
  const item = resolve(schema.items ?? { type: 'string' }, context.root)
  const set = (index: number, next: unknown): void => onChange(items.map((old, at) => (at === index ? next : old)))
  const move = (index: number, by: number): void => {
    const next = [...items]
    const [taken] = next.splice(index, 1)
    next.splice(index + by, 0, taken)
    onChange(next)
  }
  const full = schema.maxItems !== undefined && items.length >= schema.maxItems
  const few = schema.minItems !== undefined && items.length <= schema.minItems
  return (
    <div className="list" data-testid={`field-${name}`}>
      {items.map((each, index) => (
        <div className={`list-item ${item.properties ? 'boxed' : ''}`} key={index}>
          <div className="grow">
            {item.properties
              ? <ObjectField name={`${name}-${index}`} schema={item} value={each} onChange={(next) => set(index, next)} context={{ ...context, error: null }} />
              : item.type === 'string' && !item.enum
                ? <input className="in" aria-label={`${name} ${index + 1}`} value={String(each ?? '')} onChange={(event) => set(index, event.target.value)} />
                : <Nested name={`${name}-${index}`} schema={{ ...item, title: `${index + 1}` }} value={each} onChange={(next) => set(index, next)} context={{ ...context, error: null }} />}
          </div>
          <span className="col">
            {index > 0 && <button className="btn ghost sm icon" aria-label={`Move ${index + 1} up`} onClick={() => move(index, -1)}><Icon name="up" size={12} /></button>}
            <button className="btn ghost sm icon" aria-label={`Remove ${index + 1}`} disabled={few} onClick={() => onChange(items.filter((_, at) => at !== index))}><Icon name="cross" size={12} /></button>
          </span>
        </div>
      ))}
      <button className="btn sm ghost" disabled={full} data-testid={`add-${name}`} onClick={() => onChange([...items, blank(item, context.root)])}><Icon name="plus" size={12} />Add</button>
    </div>
  )
}

export function ObjectField({ schema, value, onChange, context }: FieldProps): ReactElement {
  const record = (value ?? {}) as Record<string, unknown>
  return (
    <div className="object">
      {Object.entries(schema.properties ?? {}).map(([key, raw]) => {
        const field = resolve(raw, context.root)
        return <Nested key={key} name={key} schema={field} value={Object.hasOwn(record, key) ? record[key] : field.default} onChange={(next) => onChange({ ...record, [key]: next })} context={{ ...context, error: null }} />
      })}
    </div>
  )
}

/** Names and values; the values may be templates. */
export function RecordField(props: FieldProps): ReactElement {
  const { name, schema, value, onChange, context } = props
  const record = (value ?? {}) as Record<string, unknown>
  const entries = Object.entries(record)
  const template = schema.widget === 'prompt' || context.kind?.template_fields.includes(name)
  const write = (next: [string, unknown][]): void => onChange(Object.fromEntries(next))
  return (
    <div className="list" data-testid={`field-${name}`}>
      {entries.map(([key, each], index) => (
        <div className="list-item boxed" key={index}>
          <div className="grow object">
            <KeyBox value={key} taken={(other) => other !== key && other in record} onChange={(next) => write(entries.map((entry, at) => (at === index ? [next, entry[1]] : entry)))} />
            {template
              ? <PromptField {...props} name={`${name}-${key}`} input={`${name}-${index}`} schema={{ type: 'string' }} value={String(each ?? '')} onChange={(next) => write(entries.map((entry, at) => (at === index ? [entry[0], next] : entry)))} rows={1} />
              : <JsonField {...props} value={each} onChange={(next) => write(entries.map((entry, at) => (at === index ? [entry[0], next] : entry)))} />}
          </div>
          <button className="btn ghost sm icon" aria-label={`Remove ${key}`} onClick={() => write(entries.filter((_, at) => at !== index))}><Icon name="cross" size={12} /></button>
        </div>
      ))}
      <button className="btn sm ghost" data-testid={`add-${name}`} onClick={() => {
        let key = 'name'
        for (let at = 2; key in record; at++) key = `name_${at}`
        write([...entries, [key, '']])
      }}><Icon name="plus" size={12} />Add</button>
    </div>
  )
}

function KeyBox({ value, taken, onChange }: { value: string; taken: (key: string) => boolean; onChange: (key: string) => void }): ReactElement {
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  const wrong = text === '' || taken(text)
  return <input className={`in mono ${wrong ? 'bad' : ''}`} aria-label="Name" value={text} onChange={(event) => setText(event.target.value)} onBlur={() => (wrong ? setText(value) : text !== value && onChange(text))} />
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
