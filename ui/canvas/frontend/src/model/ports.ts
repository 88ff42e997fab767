/** The ports of a node in a document; the same rule as `graphs/ports.py`, written in docs/contracts.md. */

import { ID_PATTERN, type DocNode, type Document } from './document'
import type { Kind, Port, Socket } from './kinds'
import { isType } from './types'

export interface Ports {
  inputs: Port[]
  outputs: Port[]
  /** Of `inputs` and `outputs`, those that only nodes inside the frame may join. */
  frameInputs: string[]
  frameOutputs: string[]
  /** Flow handles on the right in order, without `error`. */
  outcomes: string[]
  sockets: Socket[]
  /** Whether flow may lead into it. */
  entry: boolean
}

export interface Variable {
  name: string
  required: boolean
}

const TAG = /\{\{\{?\s*([#^/!>&=]?)\s*([^{}]*?)\s*\}?\}\}/g

/** The variables of a Mustache template in order of first use; dotted names count by their first part. */
export function templateVariables(template: string): Variable[] {
  const found = new Map<string, boolean>()
  let depth = 0
  for (const [, sign, body] of template.matchAll(TAG)) {
    if (sign === '!' || sign === '>' || sign === '=') continue
    if (sign === '/') {
      depth = Math.max(0, depth - 1)
      continue
    }
    const name = (body ?? '').split('.')[0] ?? ''
    const section = sign === '#' || sign === '^'
    if (ID_PATTERN.test(name) && name !== 'state') found.set(name, (found.get(name) ?? false) || (!section && depth === 0))
    if (section) depth += 1
  }
  return [...found].map(([name, required]) => ({ name, required }))
}

/** The templates of a setting: one, or the values of a record. */
function templates(value: unknown): string[] {
  const values = value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.values(value) : [value]
  return values.filter((each): each is string => typeof each === 'string')
}

export function configValue(node: DocNode, kind: Kind, key: string): unknown {
  return Object.hasOwn(node.config, key) ? node.config[key] : kind.config_schema.properties?.[key]?.default
}

function templatePorts(node: DocNode, kind: Kind, taken: Set<string>): Port[] {
  const found = new Map<string, boolean>()
  for (const field of kind.template_fields)
    for (const text of templates(configValue(node, kind, field)))
      for (const { name, required } of templateVariables(text)) if (!found.has(name)) found.set(name, required)
  return [...found].filter(([name]) => !taken.has(name))
    .map(([name, required]) => ({ name, type: 'any', description: 'A variable of the template.', required }))
}

/** The port with the type that a setting gives it. */
function typed(port: Port, node: DocNode, kind: Kind): Port {
  const field = kind.typed_by?.[port.name]
  const chosen = field ? configValue(node, kind, field) : undefined
  return typeof chosen === 'string' && isType(chosen) ? { ...port, type: chosen } : port
}

function outcomesOf(node: DocNode, kind: Kind): string[] {
  const listed = kind.outcomes_field ? configValue(node, kind, kind.outcomes_field) : []
  const named = Array.isArray(listed)
    ? listed.map((each) => (each as { name?: unknown } | null)?.name).filter((name): name is string => typeof name === 'string' && name !== '')
    : []
  const own = [...new Set([...named, ...kind.outcomes.filter((outcome) => isThere(node, kind, outcome))])]
  return kind.frame ? [...own, 'each'] : own
}

/** Whether the setting that an outcome hangs on is given. */
function isThere(node: DocNode, kind: Kind, outcome: string): boolean {
  const field = kind.conditional_outcomes?.[outcome]
  const value = field ? configValue(node, kind, field) : true
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}

/** The ports that a setting of a frame lists; what is not a list of objects with a name counts as none. */
function listedPorts(node: DocNode, kind: Kind, field: string | undefined, required: boolean): Port[] {
  const listed = field ? configValue(node, kind, field) : []
  const found = new Map<string, Port>()
  for (const each of Array.isArray(listed) ? (listed as ({ name?: unknown; type?: unknown; description?: unknown } | null)[]) : []) {
    if (typeof each?.name !== 'string' || each.name === '' || found.has(each.name)) continue
    const type = typeof each.type === 'string' && isType(each.type) ? each.type : 'any'
    found.set(each.name, { name: each.name, type, description: typeof each.description === 'string' ? each.description : '', required })
  }
  return [...found.values()]
}

const NONE: Ports = { inputs: [], outputs: [], frameInputs: [], frameOutputs: [], outcomes: [], sockets: [], entry: false }

export function portsOf(document: Document, node: DocNode, kind: Kind | undefined): Ports {
  if (!kind) return NONE
  const fixed = new Set(kind.inputs.map((port) => port.name))
  const inputs = [...kind.inputs, ...templatePorts(node, kind, fixed)]
  const outputs = kind.outputs.map((port) => typed(port, node, kind))
  if (kind.dynamic === 'workflow_outputs')
    for (const [name, spec] of Object.entries(document.outputs))
      inputs.push({ name, type: spec.type, description: spec.title, required: false })
  if (kind.dynamic === 'workflow_inputs')
    for (const [name, spec] of Object.entries(document.inputs))
      outputs.push({ name, type: spec.type, description: spec.title || spec.description, required: true })
  const reads = [...kind.frame_outputs, ...listedPorts(node, kind, kind.frame_fields?.[0], true)]
  const feeds = [...kind.frame_inputs, ...listedPorts(node, kind, kind.frame_fields?.[1], false)]
  return {
    inputs: [...inputs, ...feeds],
    outputs: [...outputs, ...reads],
    frameInputs: feeds.map((port) => port.name),
    frameOutputs: reads.map((port) => port.name),
    outcomes: outcomesOf(node, kind),
    sockets: kind.attaches,
    entry: kind.provides === null && kind.kind !== 'note' && kind.dynamic !== 'workflow_inputs',
  }
}

/** Whether the node can fail in a run, and so has the outcome `error`. */
export function canFail(kind: Kind | undefined): boolean {
  return kind !== undefined && kind.provides === null && kind.kind !== 'note' && kind.dynamic === null
}
