// What a step did to the state: each variable that changed, before and after, in pieces.
import { isRecord } from './shapes'
import { type Piece, wordsChanged } from '../views/figures'
import type { StateAround } from './types'

export interface Changed {
  name: string
  pieces: Piece[]
  /** It had no value before. */
  first: boolean
  /** The step wrote what was there already. */
  same: boolean
}

/** The variables a step changed, in the document's order. */
export function changesOf(state: StateAround): Changed[] {
  return state.changed.map((name) => {
    const [before, after] = [state.before[name], state.after[name]]
    const [was, is] = [textOf(before), textOf(after)]
    const none = before === null || before === undefined
    return { name, pieces: none ? [{ text: is, sort: 'added' }] : wordsChanged(was, is), first: none, same: was === is }
  })
}

/** A value as text: texts as they are, of a list a line for each item. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value === '' ? '""' : value
  if (isRecord(value) && typeof value['$kept'] === 'number' && Array.isArray(value['items'])) return grown(value['$kept'], value['items'])
  if (Array.isArray(value) && value.length > 0) return value.map((item) => `- ${textOf(item)}`).join('\n')
  return JSON.stringify(value, null, 2) ?? 'nothing'
}

/** A long list without its first items. */
function grown(kept: number, items: unknown[]): string {
  const first = kept > 0 ? [`… ${kept.toLocaleString('en-US')} before`] : []
  return [...first, ...items.map((item) => `- ${textOf(item)}`)].join('\n')
}
