/** Node kinds as `GET /kinds` gives them. */

export interface Port {
  name: string
  type: string
  description: string
  required: boolean
}

export type AttachSort = 'model' | 'memory' | 'tool'

export interface Socket {
  name: string
  sort: AttachSort
  required: boolean
  many: boolean
}

/** The part of JSON Schema that settings use, with our extra keys. */
export interface Schema {
  type?: string | string[]
  title?: string
  description?: string
  default?: unknown
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  items?: Schema
  prefixItems?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  $ref?: string
  $defs?: Record<string, Schema>
  widget?: string
  unit?: string
  advanced?: boolean
}

export interface Kind {
  kind: string
  family: string
  title: string
  summary: string
  version: number
  inputs: Port[]
  outputs: Port[]
  outcomes: string[]
  attaches: Socket[]
  provides: AttachSort | null
  template_fields: string[]
  /** Output port -> config field whose value is its type. */
  typed_by?: Record<string, string>
  outcomes_field: string | null
  dynamic: 'workflow_inputs' | 'workflow_outputs' | null
  bounds_loop: boolean
  frame: boolean
  frame_inputs: Port[]
  frame_outputs: Port[]
  side_effects: boolean
  model_calls: string
  source: string
  doc: string
  icon: string
  config_schema: Schema
}

export type Kinds = Record<string, Kind>

export function byName(kinds: Kind[]): Kinds {
  return Object.fromEntries(kinds.map((kind) => [kind.kind, kind]))
}

/** The family whose tile a kind shows: a tool to attach looks like a tool, wherever the palette lists it. */
export function tileFamily(kind: Kind | undefined): string {
  return kind?.provides === 'tool' ? 'tools' : (kind?.family ?? 'guards')
}

/** Whether nodes of the kind take part in a run (notes and resources do not). */
export function runs(kind: Kind | undefined): boolean {
  return kind !== undefined && kind.provides === null && kind.kind !== 'note'
}

/** Resolve a local `$ref` and a single-member `allOf`, and fold `anyOf: [x, null]` into x. */
export function resolve(schema: Schema, root: Schema): Schema & { nullable?: boolean } {
  if (schema.$ref) {
    const name = schema.$ref.split('/').pop() ?? ''
    const { $ref: _, ...own } = schema
    return { ...resolve(root.$defs?.[name] ?? {}, root), ...own }
  }
  if (schema.allOf?.length === 1) {
    const { allOf, ...own } = schema
    return { ...resolve(allOf[0]!, root), ...own }
  }
  const some = schema.anyOf?.filter((option) => option.type !== 'null')
  if (schema.anyOf && some?.length === 1 && some.length < schema.anyOf.length) {
    const { anyOf: _, ...own } = schema
    return { ...resolve(some[0]!, root), ...own, nullable: true }
  }
  return schema
}
