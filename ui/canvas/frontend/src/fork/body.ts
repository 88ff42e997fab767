/** What a fork changes, from its form to the body of `POST /runs/{id}/fork`. Pure. */

import { configValue, portsOf } from '../model/ports'
import { resolve, type Kinds, type Schema } from '../model/kinds'
import type { Document } from '../model/document'
import { editedOf, type Boxes, type Slot } from '../build/debug/values'

/** `changes` of a fork, as the server takes them and as others may propose them. */
export interface Changes {
  inputs?: Record<string, unknown>
  state?: Record<string, unknown>
  outputs?: Record<string, Record<string, unknown>>
  outcomes?: Record<string, string>
  model?: string
  config?: Record<string, Record<string, unknown>>
}

/** The visit that is forked at. */
export interface Visited { span: string; node: string; inputs: Record<string, unknown>; outputs: Record<string, unknown>; outcome: string | null; state: Record<string, unknown> }

export interface Draft {
  inputs: Boxes
  state: Boxes
  outputs: Boxes
  settings: Boxes
  outcome: string | null
  model: string
  /** The visit does not run: its outputs are given. */
  instead: boolean
  /** The workflow as it is stored now, not as it was. */
  edited: boolean
  /** Later visits whose inputs stay the same are kept, too. */
  later: boolean
  /** Run the visit alone. */
  only: boolean
  label: string
}

export const PLAIN: Draft = { inputs: {}, state: {}, outputs: {}, settings: {}, outcome: null, model: '', instead: false, edited: false, later: false, only: false, label: '' }

export interface Parts { inputs: Slot[]; state: Slot[]; outputs: Slot[]; settings: Slot[]; outcomes: string[] }

export function partsOf(visited: Visited, document: Document, kinds: Kinds): Parts {
  const node = document.nodes[visited.node]
  const kind = node && kinds[node.kind]
  const ports = node ? portsOf(document, node, kind) : null
  const typed = (values: Record<string, unknown>, list: { name: string; type: string }[] | undefined): Slot[] =>
    Object.entries(values).map(([name, value]) => ({ name, value, type: list?.find((port) => port.name === name)?.type ?? 'any' }))
  const { state: _, ...inputs } = visited.inputs
  return {
    inputs: typed(inputs, ports?.inputs), outputs: typed(visited.outputs, ports?.outputs),
    state: typed(visited.state, Object.entries(document.state).map(([name, spec]) => ({ name, type: spec.type }))),
    settings: node && kind ? Object.entries(kind.config_schema.properties ?? {}).flatMap(([name, raw]) => {
      const schema = resolve(raw, kind.config_schema)
      const value = configValue(node, kind, name)
      return isProse(schema) && typeof value === 'string' ? [{ name, title: schema.title ?? name, type: 'text', value }] : []
    }) : [],
    outcomes: ports?.outcomes.filter((name) => name !== 'each') ?? [],
  }
}

function isProse(schema: Schema): boolean {
  return !schema.advanced && (schema.widget === 'prompt' || schema.widget === 'textarea')
}

/** The form with what somebody proposes already in it. */
export function proposedDraft(proposed: Changes, visited: Visited, parts: Parts): Draft {
  const boxes = (slots: Slot[], values: Record<string, unknown> | undefined): Boxes => Object.fromEntries(slots.filter((slot) => values && slot.name in values).map((slot) => {
    const value = values![slot.name]
    return [slot.name, typeof value === 'string' && (slot.type === 'text' || slot.type === 'any') ? { control: 'text' as const, draft: value } : { control: 'json' as const, draft: JSON.stringify(value, null, 2) }]
  }))
  const outputs = proposed.outputs?.[visited.node]
  return {
    ...PLAIN, inputs: boxes(parts.inputs, proposed.inputs), state: boxes(parts.state, proposed.state), outputs: boxes(parts.outputs, outputs),
    settings: boxes(parts.settings, proposed.config?.[visited.node]), instead: outputs !== undefined, outcome: proposed.outcomes?.[visited.node] ?? null, model: proposed.model ?? '',
  }
}

export function changesOf(draft: Draft, visited: Visited, parts: Parts, proposed: Changes = {}): { changes: Changes; valid: boolean } {
  const inputs = editedOf(parts.inputs, draft.inputs)
  const outputs = editedOf(parts.outputs, draft.outputs)
  const state = editedOf(parts.state, draft.state)
  const settings = editedOf(parts.settings, draft.settings)
  const changes: Changes = { ...elsewhere(proposed, visited.node) }
  if (draft.instead) {
    changes.outputs = { ...changes.outputs, [visited.node]: { ...visited.outputs, ...outputs.changed } }
    if (draft.outcome && draft.outcome !== visited.outcome) changes.outcomes = { ...changes.outcomes, [visited.node]: draft.outcome }
  } else {
    if (filled(inputs.changed)) changes.inputs = inputs.changed
    if (filled(settings.changed)) changes.config = { ...changes.config, [visited.node]: settings.changed }
  }
  if (filled(state.changed)) changes.state = state.changed
  if (draft.model) changes.model = draft.model
  return { changes, valid: [state, ...(draft.instead ? [outputs] : [inputs, settings])].every((part) => part.valid) }
}

/** What is proposed for other nodes than the one in the form. */
function elsewhere(proposed: Changes, node: string): Changes {
  const kept: Changes = {}
  for (const key of ['outputs', 'outcomes', 'config'] as const) {
    const rest = Object.fromEntries(Object.entries(proposed[key] ?? {}).filter(([name]) => name !== node))
    if (filled(rest)) Object.assign(kept, { [key]: rest })
  }
  return kept
}

function filled(record: object): boolean {
  return Object.keys(record).length > 0
}

export function bodyOf(draft: Draft, changes: Changes, span: string): Record<string, unknown> {
  return {
    span, ...(filled(changes) ? { changes } : {}), ...(draft.edited ? { document: 'edited' } : {}), ...(draft.only ? { only: true } : draft.later ? { keep: 'unchanged' } : {}),
    ...(draft.label.trim() ? { label: draft.label.trim() } : {}),
  }
}
