/** What a form reads off a JSON Schema. Pure; a schema it does not understand is edited as JSON. */

import { resolve, type Schema } from '../../model/kinds'

export type Nullable = Schema & { nullable?: boolean }

export function titleOf(name: string, schema: Schema): string {
  return schema.title ?? name.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase())
}

export const NAMED = ['space', 'folder', 'tool', 'workflow', 'database', 'secret'] as const
export type Named = (typeof NAMED)[number]

export type Control = 'switch' | 'choice' | 'template' | 'model' | 'name' | 'state' | 'textarea' | 'code' | 'number' | 'text' | 'type' | 'list' | 'object' | 'record' | 'json'

/** Which control edits a value of the schema. A widget counts only where the value is text. */
export function controlFor(name: string, schema: Nullable): Control {
  if (schema.type === 'boolean') return 'switch'
  if (schema.enum) return 'choice'
  if (schema.type === 'array') return 'list'
  if (schema.properties) return 'object'
  if (schema.type === 'object') return 'record'
  if (schema.type === 'integer' || schema.type === 'number') return 'number'
  if (schema.type === 'string') return textControl(name, schema)
  return 'json'
}

function textControl(name: string, schema: Schema): Control {
  const widget = schema.widget ?? ''
  if (widget === 'prompt') return 'template'
  if (widget === 'model' || widget === 'state' || widget === 'textarea') return widget
  if (widget === 'code' || widget === 'cel') return 'code'
  if ((NAMED as readonly string[]).includes(widget)) return 'name'
  return /(^|[_-])type$/.test(name) ? 'type' : 'text'
}

/** Whether an object's fields fit side by side: at most two, each one line. */
export function isShort(item: Schema, root: Schema): boolean {
  const fields = Object.entries(item.properties ?? {})
  return fields.length <= 2 && fields.every(([name, raw]) => ['choice', 'number', 'text', 'type', 'state'].includes(controlFor(name, resolve(raw, root))) && (raw.maxLength ?? 0) <= 200)
}

/** What a folded row is called: its name, else its first text. */
export function rowTitle(value: unknown, item: Schema): string {
  if (value === null || typeof value !== 'object') return ''
  const record = value as Record<string, unknown>
  const first = ['name', 'title', ...Object.keys(item.properties ?? {})].find((key) => typeof record[key] === 'string' && record[key] !== '')
  return first ? String(record[first]).split('\n')[0]!.slice(0, 80) : ''
}

/** A value to begin with: the default, else the least the schema allows. */
export function blank(schema: Schema, root: Schema): unknown {
  const plain: Nullable = resolve(schema, root)
  if (plain.default !== undefined) return plain.default
  if (plain.const !== undefined) return plain.const
  if (plain.enum) return plain.enum[0]
  if (plain.nullable) return null
  if (plain.type === 'array') return []
  if (plain.properties) return Object.fromEntries(Object.entries(plain.properties).filter(([key]) => plain.required?.includes(key)).map(([key, each]) => [key, blank(each, root)]))
  const least = plain.minimum ?? (plain.exclusiveMinimum === undefined ? 0 : plain.exclusiveMinimum + 1)
  return ({ string: '', integer: least, number: least, boolean: false, object: {} } as Record<string, unknown>)[String(plain.type)] ?? ''
}

/** A new item of a list; where items have a name, one that no other has: `routes` -> `route_2`. */
export function blankItem(list: string, item: Schema, items: unknown[], root: Schema): unknown {
  const fresh = blank({ ...item, default: undefined }, root)
  const schema = item.properties?.['name']
  if (!schema || fresh === null || typeof fresh !== 'object' || resolve(schema, root).type !== 'string' || resolve(schema, root).enum) return fresh
  const taken = new Set(items.map((each) => (each as { name?: unknown } | null)?.name))
  const base = list.replace(/^.*-/, '').replace(/ies$/, 'y').replace(/s$/, '')
  let name = base
  for (let at = 2; taken.has(name); at++) name = `${base}_${at}`
  return { ...fresh, name }
}
