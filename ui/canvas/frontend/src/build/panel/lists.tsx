/** Lists as rows: add, remove and reorder by mouse or keyboard (Alt with the arrows moves a row). */

import { useRef, useState, type KeyboardEvent, type ReactElement } from 'react'
import { resolve, type Schema } from '../../model/kinds'
import { Icon } from '../../style/icons'
import { Nested, type FieldProps } from './Field'
import { blankItem, isShort, rowTitle, titleOf } from './schema'

export function ListField({ name, schema, value, onChange, context }: FieldProps): ReactElement {
  const items = Array.isArray(value) ? (value as unknown[]) : []
  const item = itemSchema(schema, context.root)
  const [opened, setOpened] = useState<number | null>(null)
  const box = useRef<HTMLDivElement>(null)
  const set = (index: number, next: unknown): void => onChange(items.map((old, at) => (at === index ? next : old)))
  const focusRow = (index: number): void => void requestAnimationFrame(() => focusIn(box.current?.querySelectorAll<HTMLElement>(':scope > .rows > .list-item')[index]))
  const move = (index: number, by: number): void => {
    const to = index + by
    if (to < 0 || to >= items.length) return
    const next = [...items]
    next.splice(to, 0, ...next.splice(index, 1))
    onChange(next)
    if (opened === index) setOpened(to)
    focusRow(to)
  }
  const remove = (index: number): void => {
    onChange(items.filter((_, at) => at !== index))
    if (items.length > 1) focusRow(Math.min(index, items.length - 2))
    else requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(':scope > .btn')?.focus())
  }
  const add = (): void => {
    onChange([...items, blankItem(name, item, items, context.root)])
    setOpened(items.length)
    focusRow(items.length)
  }
  const full = schema.maxItems !== undefined && items.length >= schema.maxItems
  const few = schema.minItems !== undefined && items.length <= schema.minItems
  const one = titleOf(name, schema).toLowerCase()
  return (
    <div className="list" data-testid={`field-${name}`} ref={box}>
      <div className="rows" role="list" aria-label={titleOf(name, schema)}>
        {items.map((each, index) => (
          <div className={`list-item ${item.properties ? 'boxed' : ''}`} role="listitem" key={index} onKeyDown={(event) => onRowKey(event, (by) => move(index, by))}>
            <Row {...{ name, item, index, context }} value={each} onChange={(next) => set(index, next)} open={opened === index || items.length <= 2} onToggle={(open) => setOpened(open ? index : null)} />
            <span className="row-tools">
              <button className="btn ghost sm icon" aria-label={`Move ${index + 1} up`} title="Move up (Alt ↑)" disabled={index === 0} onClick={() => move(index, -1)}><Icon name="up" size={12} /></button>
              <button className="btn ghost sm icon" aria-label={`Move ${index + 1} down`} title="Move down (Alt ↓)" disabled={index === items.length - 1} onClick={() => move(index, 1)}><Icon name="down" size={12} /></button>
              <button className="btn ghost sm icon" aria-label={`Remove ${index + 1}`} title={few ? `${schema.minItems} at least` : 'Remove'} disabled={few} onClick={() => remove(index)}><Icon name="cross" size={12} /></button>
            </span>
          </div>
        ))}
      </div>
      {items.length === 0 && <p className="xs t3">None.</p>}
      <button className="btn sm ghost" disabled={full} title={full ? `${schema.maxItems} at most` : `Add to ${one}`} data-testid={`add-${name}`} onClick={add}><Icon name="plus" size={12} />Add</button>
    </div>
  )
}

/** What an item is: a widget named on the list counts for its items. */
function itemSchema(schema: Schema, root: Schema): Schema {
  const item = resolve(schema.items ?? { type: 'string' }, root)
  return schema.widget && !item.widget ? { ...item, widget: schema.widget } : item
}

interface RowProps extends Omit<FieldProps, 'schema'> { item: Schema; index: number; open: boolean; onToggle: (open: boolean) => void }

/** One item: a control, short fields side by side, or a record that opens under its own title. */
function Row({ name, item, index, value, onChange, context, open, onToggle }: RowProps): ReactElement {
  const inner = { ...context, error: null }
  if (!item.properties) return <div className="grow"><Nested bare name={`${name}-${index}`} schema={{ ...item, title: `${name} ${index + 1}` }} value={value} onChange={onChange} context={inner} /></div>
  if (isShort(item, context.root)) return <div className="grow"><ObjectField inline name={`${name}-${index}`} schema={item} value={value} onChange={onChange} context={inner} /></div>
  return (
    <details className="grow" open={open} onToggle={(event) => event.currentTarget.open !== open && onToggle(event.currentTarget.open)}>
      <summary><span className="num t3">{index + 1}</span> <span className="ell">{rowTitle(value, item) || 'Not named yet'}</span></summary>
      <ObjectField name={`${name}-${index}`} schema={item} value={value} onChange={onChange} context={inner} />
    </details>
  )
}

export function ObjectField({ name, schema, value, onChange, context, inline }: FieldProps & { inline?: boolean }): ReactElement {
  const record = value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
  return (
    <div className={inline ? 'object two' : 'object'}>
      {Object.entries(schema.properties ?? {}).map(([key, raw]) => {
        const field = resolve(raw, context.root)
        return <Nested key={key} name={`${name}-${key}`} schema={{ ...field, title: titleOf(key, field) }} value={Object.hasOwn(record, key) ? record[key] : field.default} onChange={(next) => onChange({ ...record, [key]: next })} context={{ ...context, error: null }} />
      })}
    </div>
  )
}

function onRowKey(event: KeyboardEvent, move: (by: number) => void): void {
  if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
  event.preventDefault()
  event.stopPropagation()
  move(event.key === 'ArrowUp' ? -1 : 1)
}

function focusIn(row: HTMLElement | undefined): void {
  row?.querySelector<HTMLElement>('input, textarea, select, [role=switch]')?.focus()
}
