/** Differences in words: one place, so that graph, tables and panel say the same. */

import { countText, secondsText, usdText } from '../trace/words'
import type { ChangeSort, NodePair, Summary, Visit } from './types'

const SAID: Record<ChangeSort, string> = {
  missing: 'only one run has it', kind: 'other kind', settings: 'edited', by_hand: 'given by hand', input: 'input', prompt: 'prompt', model: 'model', arguments: 'tool arguments',
  query: 'memory query', memory: 'memory write', calls: 'other calls', answer: 'answers', outcome: 'outcome', output: 'output',
}

const SENTENCES: Partial<Record<ChangeSort, string>> = {
  kind: 'another kind of node', settings: 'settings edited', by_hand: 'values given by hand', input: 'input differs', prompt: 'prompt changed', model: 'another model or other settings',
  arguments: 'tools called with other arguments', query: 'memory asked something else', memory: 'memory written otherwise', calls: 'other calls made',
  answer: 'calls answered otherwise', outcome: 'outcome differs', output: 'output differs',
}

/** One word for a change. */
export function changeWord(sort: ChangeSort): string {
  return SAID[sort]
}

/** `Input equal, prompt changed, output differs.` */
export function visitSentence(visit: Visit): string {
  if (!visit.right) return 'Only A has this visit.'
  if (!visit.left) return 'Only B has this visit.'
  if (visit.changes.length === 0) return visit.left.kept || visit.right.kept ? 'Taken over from the other run.' : 'Equal in both runs.'
  const said = visit.changes.map((sort) => SENTENCES[sort]!)
  const text = (visit.changes.includes('input') ? said : ['input equal', ...said]).join(', ')
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`
}

/** What a node's card says at its foot. */
export function nodeWords(node: NodePair): string {
  if (!node.left && !node.right) return node.changes.includes('settings') ? 'edited' : 'did not run'
  if (!node.right) return 'ran in A only'
  if (!node.left) return 'ran in B only'
  if (node.changes.length === 0) return 'same'
  const visits = node.right.visits - node.left.visits
  const words = visits !== 0 ? [`${signed(visits, countText)} ${Math.abs(visits) === 1 ? 'visit' : 'visits'}`] : []
  // What a node gives weighs more than why: its own changes of words first, the input last.
  const order: ChangeSort[] = ['by_hand', 'settings', 'kind', 'prompt', 'model', 'outcome', 'arguments', 'output', 'answer', 'query', 'memory', 'calls', 'input', 'missing']
  words.push(...order.filter((sort) => node.changes.includes(sort) && sort !== 'missing').map(changeWord))
  return words.length > 2 ? `${words.slice(0, 2).join(', ')} +${words.length - 2}` : words.join(', ')
}

/** `+6.7 s`, `−2`, `=` where there is no difference to speak of. */
export function signed(difference: number, say: (value: number) => string): string {
  const text = say(Math.abs(difference))
  if (text === say(0)) return '='
  return `${difference > 0 ? '+' : '−'}${text}`
}

export function secondsDelta(left: number, right: number): string {
  // Below a hundredth of a second runs differ by chance.
  return Math.abs(right - left) < 0.01 ? '=' : signed(right - left, secondsText)
}

export function tokensDelta(left: number, right: number): string {
  return signed(right - left, countText)
}

export function usdDelta(left: number | null, right: number | null): string {
  return left === null || right === null ? 'unknown' : signed(right - left, usdText)
}

/** `4 of 7 nodes differ; 1 node new, 2 prompts or settings edited.` */
export function tableSentence(summary: Summary): string {
  const ran = summary.nodes.filter((node) => node.left || node.right)
  const differ = ran.filter((node) => node.changes.some((sort) => sort !== 'settings'))
  const document = summary.document.length === 0 ? 'The workflow is the same.' : `The workflow has ${counted(summary.document.length, 'change')}.`
  return `${differ.length} of ${counted(ran.length, 'node')} differ. ${document}`
}

export function counted(count: number, one: string): string {
  return `${countText(count)} ${one}${count === 1 ? '' : 's'}`
}

/** `visit 2, item 3`; items count from 1 for people. */
export function visitWords(visit: Pick<Visit, 'visit' | 'item'>): string {
  return `visit ${visit.visit}${visit.item === null ? '' : `, item ${visit.item + 1}`}`
}
