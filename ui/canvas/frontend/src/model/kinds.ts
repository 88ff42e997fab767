/** Node kinds as `GET /kinds` gives them. */

export interface Port {
  name: string
  type: string
  description: string
  required: boolean
}

export type AttachSort = 'model' | 'memory' | 'tool' | 'role' | 'policy' | 'workflow'

export interface Socket {
  name: string
  sort: AttachSort
  required: boolean
  many: boolean
  description: string
  /** Of a socket for a sub-workflow: what each run of it is given, and must give back. */
  takes: Port[]
  gives: Port[]
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
  /** Of a frame whose ports are settings: the lists of what its body reads and feeds. */
  frame_fields?: [string, string] | null
  /** Settings that name state variables the node writes. */
  state_fields?: string[]
  /** Outcome -> setting: the outcome is there only where the setting is given. */
  conditional_outcomes?: Record<string, string>
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

const TILES: Partial<Record<AttachSort, string>> = { tool: 'tools', role: 'teams', policy: 'guards', workflow: 'workflows' }

/** The family whose tile a kind shows: a tool to attach looks like a tool, wherever the palette lists it. */
export function tileFamily(kind: Kind | undefined): string {
  return (kind?.provides && TILES[kind.provides]) ?? kind?.family ?? 'guards'
}

/** A sub-workflow: a frame that is attached like a resource. */
export function isSubworkflow(kind: Kind | undefined): boolean {
  return kind?.frame === true && kind.provides === 'workflow'
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
