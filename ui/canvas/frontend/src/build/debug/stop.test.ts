import { expect, it } from 'vitest'
import { complete } from '../../model/document'
import { byName } from '../../model/kinds'
import { kind } from '../../model/testing'
import { editsOf, nameAt, placeWords, slotsOf, UNTOUCHED, whyWords, type Stop } from './stop'

const port = (name: string, type: string) => ({ name, type, description: '', required: true })
const KINDS = byName([kind('plan', { title: 'Plan', inputs: [port('goal', 'text'), port('n', 'number')], outputs: [port('steps', 'list[text]'), port('note', 'text')], outcomes: ['done', 'stuck'] })])
const DOC = complete({ state: { score: { type: 'number' } }, nodes: { plan: { kind: 'plan' } } })

const BEFORE: Stop = { when: 'before', why: 'breakpoint', node: 'plan', visit: 1, item: null, span: 's', inputs: { goal: 'x', n: 1, extra: true }, outputs: null, outcome: null, outcomes: ['done', 'stuck'], state: { score: 1, free: 'y' }, depth: 0 }
const AFTER: Stop = { ...BEFORE, when: 'after', outputs: { steps: ['a'], note: 'n' }, outcome: 'done' }

it('gives each value the type that the document knows, and any to the others', () => {
  const slots = slotsOf(BEFORE, DOC, KINDS)
  expect(slots.inputs.map((slot) => [slot.name, slot.type])).toEqual([['goal', 'text'], ['n', 'number'], ['extra', 'any']])
  expect(slots.state.map((slot) => [slot.name, slot.type])).toEqual([['score', 'number'], ['free', 'any']])
  expect(slots.outputs).toEqual([{ name: 'steps', value: null, type: 'list[text]' }, { name: 'note', value: null, type: 'text' }])
  expect(slotsOf({ ...BEFORE, node: 'elsewhere' }, DOC, KINDS).inputs[0]).toMatchObject({ type: 'any' })
})

it('sends only what was changed', () => {
  const slots = slotsOf(BEFORE, DOC, KINDS)
  expect(editsOf(BEFORE, UNTOUCHED, slots)).toEqual({ edits: null, count: 0, valid: true })
  const draft = { ...UNTOUCHED, inputs: { goal: { control: 'text' as const, draft: 'z' }, n: { control: 'number' as const, draft: '1' } }, state: { score: { control: 'number' as const, draft: '8' } } }
  expect(editsOf(BEFORE, draft, slots)).toEqual({ edits: { inputs: { goal: 'z' }, state: { score: 8 } }, count: 2, valid: true })
})

it('sends outputs whole after a node, and another way on', () => {
  const slots = slotsOf(AFTER, DOC, KINDS)
  const draft = { ...UNTOUCHED, outputs: { steps: { control: 'json' as const, draft: '["b"]' } }, outcome: 'stuck' }
  expect(editsOf(AFTER, draft, slots)).toEqual({ edits: { outputs: { steps: ['b'], note: 'n' }, outcome: 'stuck' }, count: 2, valid: true })
  expect(editsOf(AFTER, { ...UNTOUCHED, outcome: 'done' }, slots).edits).toBeNull()
})

it('gives outputs in place of running, and then sends no inputs', () => {
  const slots = slotsOf(BEFORE, DOC, KINDS)
  const draft = { ...UNTOUCHED, instead: true, inputs: { goal: { control: 'text' as const, draft: 'z' } }, outputs: { steps: { control: 'json' as const, draft: '["b"]' } } }
  expect(editsOf(BEFORE, draft, slots)).toEqual({ edits: { outputs: { steps: ['b'] } }, count: 1, valid: true })
  expect(editsOf(BEFORE, { ...draft, outputs: {} }, slots)).toEqual({ edits: { outputs: {} }, count: 1, valid: true })
})

it('holds a command back while a value cannot be read, but not for one that is not sent', () => {
  const slots = slotsOf(BEFORE, DOC, KINDS)
  const wrong = { ...UNTOUCHED, inputs: { n: { control: 'number' as const, draft: 'x' } } }
  expect(editsOf(BEFORE, wrong, slots).valid).toBe(false)
  expect(editsOf(BEFORE, { ...wrong, instead: true }, slots).valid).toBe(true)
})

it('calls a node by its name, and one that is not on this canvas by the title of the stop', () => {
  const page = { doc: DOC, nameOf: () => 'My plan' }
  const at = { interrupt: 'i', node: 'plan', title: 'Stopped before Plan', text: '', stop: BEFORE }
  expect([nameAt(at, page), nameAt({ ...at, node: 'inner' }, page), nameAt({ ...at, node: 'inner', title: '' }, page)]).toEqual(['My plan', 'Plan', 'inner'])
})

it('says where and why it stands', () => {
  expect(placeWords(BEFORE, 'Plan')).toBe('before Plan')
  expect(placeWords({ ...AFTER, visit: 2, item: 0 }, 'Plan')).toBe('after Plan, visit 2, item 1')
  expect(whyWords({ ...BEFORE, problem: 'no such key' })).toContain('no such key')
})
