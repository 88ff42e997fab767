/** A run that stopped at a visit: what is there, what was changed in the form, and what is sent back. Pure. */

import type { Document } from '../../model/document'
import type { Kinds } from '../../model/kinds'
import { portsOf } from '../../model/ports'
import type { When } from './breakpoints'
import { editedOf, type Boxes, type Slot } from './values'

/** `stop` of a form, as the server tells it. */
export interface Stop {
  when: When
  why: 'breakpoint' | 'step' | 'pause'
  /** Why the breakpoint's condition could not be evaluated: then it stops. */
  problem?: string | null
  node: string
  visit: number
  item: number | null
  span: string | null
  inputs: Record<string, unknown>
  outputs: Record<string, unknown> | null
  outcome: string | null
  outcomes: string[]
  state: Record<string, unknown>
  depth: number
}

export interface StopAt { interrupt: string; node: string; title: string; text: string; stop: Stop; within?: string }

export type Command = 'continue' | 'over' | 'into' | 'out'

/** The boxes of a stop's form that were touched. */
export interface StopDraft {
  inputs: Boxes
  outputs: Boxes
  state: Boxes
  outcome: string | null
  /** At a stop before: the node does not run, its outputs are given here. */
  instead: boolean
}

export const UNTOUCHED: StopDraft = { inputs: {}, outputs: {}, state: {}, outcome: null, instead: false }

export interface Slots { inputs: Slot[]; outputs: Slot[]; state: Slot[] }

/** What can be edited at a stop, with the types of the document; what it does not know is of any type. */
export function slotsOf(stop: Stop, document: Document, kinds: Kinds): Slots {
  const node = stop.depth === 0 || document.nodes[stop.node] ? document.nodes[stop.node] : undefined
  const ports = node && portsOf(document, node, kinds[node.kind])
  const typeOf = (list: { name: string; type: string }[] | undefined, name: string): string => list?.find((port) => port.name === name)?.type ?? 'any'
  const given = Object.entries(stop.inputs).filter(([name]) => name !== 'state')
  const outputs = stop.outputs ?? Object.fromEntries((ports?.outputs ?? []).filter((port) => !ports?.frameOutputs.includes(port.name)).map((port) => [port.name, null]))
  return {
    // The start has no ports of its own for what it is given: it hands it on.
    inputs: given.map(([name, value]) => ({ name, value, type: typeOf([...(ports?.inputs ?? []), ...(ports?.outputs ?? [])], name) })),
    outputs: Object.entries(outputs).map(([name, value]) => ({ name, value, type: typeOf(ports?.outputs, name) })),
    state: Object.entries(stop.state).map(([name, value]) => ({ name, value, type: document.state[name]?.type ?? 'any' })),
  }
}

export interface Edits { inputs?: Record<string, unknown>; outputs?: Record<string, unknown>; outcome?: string; state?: Record<string, unknown> }

/** What a command sends: only what was changed. `count` of changes, and whether every box can be read. */
export function editsOf(stop: Stop, draft: StopDraft, slots: Slots): { edits: Edits | null; count: number; valid: boolean } {
  const inputs = editedOf(slots.inputs, draft.inputs)
  const outputs = editedOf(slots.outputs, draft.outputs)
  const state = editedOf(slots.state, draft.state)
  const edits: Edits = {}
  if (stop.when === 'after') {
    // The outputs go whole: what is sent takes the place of what was given.
    if (Object.keys(outputs.changed).length) edits.outputs = { ...stop.outputs, ...outputs.changed }
    if (draft.outcome !== null && draft.outcome !== stop.outcome) edits.outcome = draft.outcome
  } else if (draft.instead) {
    edits.outputs = Object.fromEntries(Object.entries({ ...blankOf(slots.outputs), ...outputs.changed }).filter(([, value]) => value !== null))
    if (draft.outcome !== null) edits.outcome = draft.outcome
  } else if (Object.keys(inputs.changed).length) edits.inputs = inputs.changed
  if (Object.keys(state.changed).length) edits.state = state.changed
  const parts = stop.when === 'after' ? [outputs, state] : draft.instead ? [outputs, state] : [inputs, state]
  const count = parts.reduce((sum, part) => sum + Object.keys(part.changed).length, 0) + (edits.outcome === undefined ? 0 : 1) + (draft.instead && stop.when === 'before' && !Object.keys(outputs.changed).length ? 1 : 0)
  return { edits: Object.keys(edits).length ? edits : null, count, valid: parts.every((part) => part.valid) }
}

function blankOf(slots: Slot[]): Record<string, unknown> {
  return Object.fromEntries(slots.map((slot) => [slot.name, slot.value]))
}

/** What the node of a stop is called: one that is not on this canvas by the title of its form. */
export function nameAt(at: StopAt, page: { doc: Document; nameOf(id: string): string }): string {
  return at.node in page.doc.nodes ? page.nameOf(at.node) : at.title.replace(/^Stopped (before|after) /, '') || at.node
}

/** "before Plan, visit 2, item 3". */
export function placeWords(stop: Stop, name: string): string {
  return [`${stop.when} ${name}`, stop.visit > 1 ? `visit ${stop.visit}` : '', stop.item === null || stop.item === undefined ? '' : `item ${stop.item + 1}`].filter(Boolean).join(', ')
}

export function whyWords(stop: Stop): string {
  if (stop.problem) return `The condition of its breakpoint cannot be evaluated: ${stop.problem.replace(/\.$/, '')}.`
  return { breakpoint: 'A breakpoint is set here.', step: 'One step further.', pause: 'You asked it to pause.' }[stop.why] ?? ''
}
