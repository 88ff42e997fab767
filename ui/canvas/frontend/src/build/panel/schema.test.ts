import { expect, it } from 'vitest'
import { blankItem, controlFor, isShort, rowTitle } from './schema'

it('lets a widget count for text only', () => {
  expect(controlFor('p', { type: 'string', widget: 'prompt' })).toBe('template')
  expect(controlFor('p', { type: 'object', widget: 'prompt' })).toBe('record')
  expect(controlFor('t', { type: 'array', widget: 'tool' })).toBe('list')
  expect(controlFor('w', { type: 'string', widget: 'workflow' })).toBe('name')
  expect(controlFor('s', { type: 'string', widget: 'state' })).toBe('state')
})

it('picks controls by type, and falls back to JSON', () => {
  expect(controlFor('n', { type: 'integer' })).toBe('number')
  expect(controlFor('answer_type', { type: 'string' })).toBe('type')
  expect(controlFor('prototype', { type: 'string' })).toBe('text')
  expect(controlFor('x', { anyOf: [{ type: 'string' }, { type: 'integer' }] })).toBe('json')
})

it('puts two short fields side by side and folds what is longer', () => {
  const short = { properties: { name: { type: 'string' }, type: { type: 'string' } } }
  expect(isShort(short, {})).toBe(true)
  expect(isShort({ properties: { ...short.properties, when: { type: 'string' } } }, {})).toBe(false)
  expect(isShort({ properties: { name: { type: 'string' }, when: { type: 'string', widget: 'cel' } } }, {})).toBe(false)
})

it('gives a new row a name no other has, and only what is required', () => {
  const item = { properties: { name: { type: 'string' }, when: { type: 'string' }, note: { type: 'string', default: 'x' } }, required: ['name', 'when'] }
  expect(blankItem('routes', item, [{ name: 'route' }], {})).toEqual({ name: 'route_2', when: '' })
  expect(blankItem('policies', item, [], {})).toMatchObject({ name: 'policy' })
  expect(blankItem('scores', { type: 'number', minimum: 1 }, [], {})).toBe(1)
})

it('calls a folded row by its name or its first words', () => {
  const item = { properties: { tool: { type: 'string' }, when: { type: 'string' } } }
  expect(rowTitle({ tool: 'web_fetch' }, item)).toBe('web_fetch')
  expect(rowTitle({ when: 'a\nb' }, item)).toBe('a')
  expect(rowTitle(null, item)).toBe('')
})
