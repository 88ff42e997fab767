/** Two values as texts that can be held against each other, word by word. */

import { diffArrays } from 'diff'
import { isArtifact, isMessages, isRecord } from '../trace/shapes'
import type { Piece } from '../views/figures'
import { smooth, wordsOf } from './smooth'

/** Characters of both texts together. */
const MOST = 200_000
const PATIENCE_MS = 250

type Message = Parameters<typeof messageText>[0]

/** A part of two values: a port, a field, a message. `undefined`: that side has none. */
export interface Part {
  name: string
  left: string | undefined
  right: string | undefined
}

/** The texts of two values part by part: messages one by one, records field by field, else as a whole. */
export function partsOf(left: unknown, right: unknown, whole: string): Part[] {
  if (isMessages(left) && isMessages(right)) {
    return range(Math.max(left.length, right.length)).map((at) => ({
      name: left[at]?.role ?? right[at]!.role, left: left[at] && messageText(left[at]), right: right[at] && messageText(right[at]),
    }))
  }
  if (isOneMessage(left, right) && isOneMessage(right, left)) return [{ name: whole, left: left ? messageText(left as Message) : undefined, right: right ? messageText(right as Message) : undefined }]
  if (isEmpty(left) && isEmpty(right)) return []
  if ((isFields(left) || left === null) && (isFields(right) || right === null)) {
    return Object.keys({ ...left, ...right }).map((name) => ({ name, left: fieldText(left ?? {}, name), right: fieldText(right ?? {}, name) }))
  }
  return [{ name: whole, left: left === null ? undefined : asText(left), right: right === null ? undefined : asText(right) }]
}

export function asText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (isArtifact(value)) return `${value.preview}…`
  if (isMessages(value)) return value.map((each) => `${each.role}: ${messageText(each)}`).join('\n')
  return JSON.stringify(value, null, 2)
}

export interface Tally {
  added: number
  removed: number
}

/** Words added and removed. */
export function tally(pieces: readonly Piece[]): Tally {
  const count = (sort: Piece['sort']): number => pieces.filter((piece) => piece.sort === sort).reduce((sum, piece) => sum + wordsIn(piece.text), 0)
  return { added: count('added'), removed: count('removed') }
}

/** The change word by word; of texts too long or too unlike to be told apart in time, before and after. */
export function piecesOf(part: Part): Piece[] {
  const [before, after] = [part.left ?? '', part.right ?? '']
  const found = before.length + after.length > MOST ? undefined : diffArrays(wordsOf(before), wordsOf(after), { timeout: PATIENCE_MS })
  if (!found) return [{ text: before, sort: 'removed' }, { text: after, sort: 'added' }]
  return smooth(found.map(({ value, added, removed }) => ({ text: value.join(''), sort: added ? 'added' : removed ? 'removed' : 'same' })))
}

/** The share of the longer text that both have, 0 to 1. */
export function likeness(pieces: readonly Piece[]): number {
  const size = (sorts: Piece['sort'][]): number => pieces.filter((piece) => sorts.includes(piece.sort)).reduce((sum, piece) => sum + piece.text.length, 0)
  return size(['same']) / Math.max(1, size(['same', 'removed']), size(['same', 'added']))
}

function wordsIn(text: string): number {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length
}

/** Whether it is a message, or nothing beside one. */
function isOneMessage(value: unknown, other: unknown): boolean {
  return isMessages([value]) || (value === null && isMessages([other]))
}

function isFields(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && !isArtifact(value)
}

function isEmpty(value: unknown): boolean {
  return value === null || (isFields(value) && Object.keys(value).length === 0)
}

function fieldText(record: Record<string, unknown>, name: string): string | undefined {
  return name in record ? asText(record[name]) : undefined
}

function messageText(message: { content: unknown; tool_calls?: unknown }): string {
  const calls = Array.isArray(message.tool_calls) && message.tool_calls.length > 0 ? `\n${JSON.stringify(message.tool_calls, null, 2)}` : ''
  return `${asText(message.content)}${calls}`.trim()
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at)
}
