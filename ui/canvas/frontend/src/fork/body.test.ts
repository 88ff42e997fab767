import { expect, it } from 'vitest'
import { complete } from '../model/document'
import { byName, type Kinds } from '../model/kinds'
import { kind } from '../model/testing'
import { bodyOf, changesOf, partsOf, PLAIN, proposedDraft, type Visited } from './body'

const KINDS: Kinds = byName([
  kind('prompt', { title: 'Prompt', template_fields: ['prompt'], outcomes: ['done', 'empty'], outputs: [{ name: 'answer', type: 'text', description: '', required: true }],
    config_schema: { properties: { prompt: { type: 'string', widget: 'prompt', title: 'Prompt', default: 'Say {{task}}.' }, system: { type: 'string', widget: 'textarea', advanced: true, default: '' }, attempts: { type: 'integer', default: 3 } } } }),
])
const DOC = complete({ state: { score: { type: 'number' } }, nodes: { greet: { kind: 'prompt', config: { prompt: 'Greet {{task}}.' } } } })
const VISITED: Visited = { span: 's1', node: 'greet', inputs: { task: 'Ada', state: { score: 1 } }, outputs: { answer: 'Hi' }, outcome: 'done', state: { score: 1 } }
const PARTS = partsOf(VISITED, DOC, KINDS)

it('offers what the visit got, gave and could read, with their types, and the prompts of its node', () => {
  expect(PARTS).toEqual({
    inputs: [{ name: 'task', value: 'Ada', type: 'any' }], outputs: [{ name: 'answer', value: 'Hi', type: 'text' }], state: [{ name: 'score', value: 1, type: 'number' }],
    settings: [{ name: 'prompt', title: 'Prompt', type: 'text', value: 'Greet {{task}}.' }], outcomes: ['done', 'empty'],
  })
})

it('sends nothing but the visit where nothing was changed', () => {
  const { changes, valid } = changesOf(PLAIN, VISITED, PARTS)
  expect([changes, valid]).toEqual([{}, true])
  expect(bodyOf(PLAIN, changes, 's1')).toEqual({ span: 's1' })
})

it('sends another prompt, input, state and model', () => {
  const draft = { ...PLAIN, settings: { prompt: { control: 'text' as const, draft: 'Insult {{task}}.' } }, inputs: { task: { control: 'text' as const, draft: 'Bob' } }, state: { score: { control: 'number' as const, draft: '7' } }, model: 'scripted:x' }
  const { changes } = changesOf(draft, VISITED, PARTS)
  expect(changes).toEqual({ config: { greet: { prompt: 'Insult {{task}}.' } }, inputs: { task: 'Bob' }, state: { score: 7 }, model: 'scripted:x' })
  expect(bodyOf({ ...draft, edited: true, later: true, label: ' ruder ' }, changes, 's1')).toEqual({ span: 's1', changes, document: 'edited', keep: 'unchanged', label: 'ruder' })
  expect(bodyOf({ ...draft, only: true, later: true }, {}, 's1')).toEqual({ span: 's1', only: true })
})

it('gives outputs whole in place of running, and then no inputs', () => {
  const draft = { ...PLAIN, instead: true, outputs: { answer: { control: 'text' as const, draft: 'Ho' } }, inputs: { task: { control: 'json' as const, draft: '{' } }, outcome: 'empty' }
  expect(changesOf(draft, VISITED, PARTS)).toEqual({ changes: { outputs: { greet: { answer: 'Ho' } }, outcomes: { greet: 'empty' } }, valid: true })
})

it('does not let a value pass that cannot be read', () => {
  expect(changesOf({ ...PLAIN, state: { score: { control: 'number', draft: 'x' } } }, VISITED, PARTS).valid).toBe(false)
})

it('begins with what is proposed and keeps what is proposed for other nodes', () => {
  const proposed = { inputs: { task: 'Eve' }, config: { greet: { prompt: 'Warn {{task}}.' }, other: { top: 1 } } }
  const draft = proposedDraft(proposed, VISITED, PARTS)
  expect(changesOf(draft, VISITED, PARTS, proposed).changes).toEqual({ inputs: { task: 'Eve' }, config: { greet: { prompt: 'Warn {{task}}.' }, other: { top: 1 } } })
})
