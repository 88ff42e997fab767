/** Values of ports and state variables as they are written in a form: what control, its text, and back. Pure. */

import { misfit } from '../../model/types'

export type Control = 'text' | 'number' | 'boolean' | 'json'

/** What is in a box; of a switch, whether it is on. */
export type Draft = string | boolean

/** `title`: what a person calls it, where that is not its name. */
export interface Slot { name: string; type: string; value: unknown; title?: string }

export type Read = { ok: true; value: unknown } | { ok: false; why: string }

/** The control for a value. A value of any type is edited as what it is now. */
export function controlFor(type: string, value: unknown): Control {
  if (type === 'text' || type === 'number' || type === 'boolean') return type
  return type === 'any' && typeof value === 'string' ? 'text' : 'json'
}

export function draftOf(control: Control, value: unknown): Draft {
  if (control === 'boolean') return value === true
  if (control === 'json') return value === undefined ? '' : JSON.stringify(value, null, 2)
  return value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)
}

/** The value in a box, or why it cannot be read. What stands there untouched is what was there, even where it does not fit. */
export function readDraft(slot: Slot, control: Control, draft: Draft): Read {
  if (draft === draftOf(control, slot.value)) return { ok: true, value: slot.value }
  const read = parse(control, draft)
  if (!read.ok) return read
  const why = misfit(read.value, slot.type)
  return why === null ? read : { ok: false, why }
}

function parse(control: Control, draft: Draft): Read {
  if (typeof draft === 'boolean') return { ok: true, value: draft }
  if (control === 'text') return { ok: true, value: draft }
  if (control === 'number') {
    const number = Number(draft)
    return draft.trim() !== '' && Number.isFinite(number) ? { ok: true, value: number } : { ok: false, why: draft.trim() ? `“${draft.trim()}” is not a number.` : 'A number is needed.' }
  }
  try {
    return { ok: true, value: JSON.parse(draft) as unknown }
  } catch (error) {
    return { ok: false, why: draft.trim() ? jsonTrouble((error as Error).message) : 'A value is needed: text stands in quotes, nothing is null.' }
  }
}

function jsonTrouble(message: string): string {
  return `Not JSON: ${message.replace(/ in JSON/, '').replace(/^JSON\.parse: /, '').replace(/\.$/, '')}.`
}

/** What is in one box of a form. */
export interface Box { control: Control; draft: Draft }

/** The boxes that were touched, by name. */
export type Boxes = Readonly<Record<string, Box>>

export function boxOf(slot: Slot, boxes: Boxes): Box {
  const control = controlFor(slot.type, slot.value)
  return boxes[slot.name] ?? { control, draft: draftOf(control, slot.value) }
}

export interface Edited {
  /** Only what differs from what was there. */
  changed: Record<string, unknown>
  /** Whether every box can be read. */
  valid: boolean
}

export function editedOf(slots: Slot[], boxes: Boxes): Edited {
  const changed: Record<string, unknown> = {}
  let valid = true
  for (const slot of slots) {
    const box = boxes[slot.name]
    if (!box) continue
    const read = readDraft(slot, box.control, box.draft)
    if (!read.ok) valid = false
    else if (!same(read.value, slot.value)) changed[slot.name] = read.value
  }
  return { changed, valid }
}

/** A value of any type written the other way: as text, or as JSON. */
export function rewritten(box: Box, control: 'text' | 'json'): Box {
  if (control === box.control || typeof box.draft === 'boolean') return box
  if (control === 'json') return { control, draft: JSON.stringify(box.draft) }
  const read = parse('json', box.draft)
  return { control, draft: read.ok ? String(draftOf('text', read.value)) : box.draft }
}

/** Whether two JSON-like values are equal. */
export function same(a: unknown, b: unknown): boolean {
  return a === b || canonical(a) === canonical(b)
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (each !== null && typeof each === 'object' && !Array.isArray(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each)) ?? 'undefined'
}

/** A long value that the server keeps beside the trace: `{$artifact, bytes, preview}`. */
export function isKeptApart(value: unknown): value is { $artifact: string; bytes: number; preview: string } {
  return value !== null && typeof value === 'object' && typeof (value as { $artifact?: unknown }).$artifact === 'string'
}
