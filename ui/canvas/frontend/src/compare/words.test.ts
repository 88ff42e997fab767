import { expect, test } from 'vitest'
import type { Figures, NodePair, Visit } from './types'
import { nodeWords, secondsDelta, signed, tokensDelta, usdDelta, visitSentence, visitWords } from './words'

const FIGURES: Figures = { visits: 1, seconds: 1, tokens: 10, usd: 0.001, outcome: 'done', status: 'ok', kept: 0 }
const NODE: NodePair = { node: 'solve', label: 'Solve', kind: 'agent', parent: null, within: 'both', changes: [], left: FIGURES, right: FIGURES, first: 3, first_changed: null, output: null }
const SIDE = { span: 'ab', status: 'ok' as const, seconds: 1, tokens: 0, usd: 0, outcome: 'done', kept: false, at: 0 }
const VISIT: Visit = { index: 0, node: 'solve', label: 'Solve', kind: 'agent', visit: 1, item: null, depth: 0, own: true, changes: [], left: SIDE, right: SIDE }

test('a card says in which run its node ran, and what differs, most telling first', () => {
  expect(nodeWords(NODE)).toBe('same')
  expect(nodeWords({ ...NODE, right: null, changes: ['missing'] })).toBe('ran in A only')
  expect(nodeWords({ ...NODE, left: null, changes: ['missing'] })).toBe('ran in B only')
  expect(nodeWords({ ...NODE, left: null, right: null, changes: ['settings'] })).toBe('edited')
  expect(nodeWords({ ...NODE, changes: ['input', 'prompt', 'output'] })).toBe('prompt, output +1')
  expect(nodeWords({ ...NODE, right: { ...FIGURES, visits: 3 }, changes: ['missing', 'outcome'] })).toBe('+2 visits, outcome')
})

test('a visit is told as a sentence that says what is equal too', () => {
  expect(visitSentence(VISIT)).toBe('Equal in both runs.')
  expect(visitSentence({ ...VISIT, changes: ['prompt', 'output'] })).toBe('Input equal, prompt changed, output differs.')
  expect(visitSentence({ ...VISIT, changes: ['input'] })).toBe('Input differs.')
  expect(visitSentence({ ...VISIT, right: null, changes: ['missing'] })).toBe('Only A has this visit.')
  expect(visitSentence({ ...VISIT, right: { ...SIDE, kept: true } })).toBe('Taken over from the other run.')
})

test('differences carry their sign, and none is an equals sign', () => {
  expect(secondsDelta(5.1, 11.8)).toBe('+6.7 s')
  expect(secondsDelta(0.101, 0.104)).toBe('=')
  expect(tokensDelta(4221, 2147)).toBe('−2,074')
  expect(usdDelta(0.0028, 0.0058)).toBe('+$0.0030')
  expect(usdDelta(null, 0.1)).toBe('unknown')
  expect(signed(0, String)).toBe('=')
})

test('items count from one for people', () => {
  expect(visitWords({ visit: 2, item: null })).toBe('visit 2')
  expect(visitWords({ visit: 1, item: 0 })).toBe('visit 1, item 1')
})
