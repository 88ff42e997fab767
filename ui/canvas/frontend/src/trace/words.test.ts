import { describe, expect, test } from 'vitest'
import { changesOf } from './changes'
import { turnsOf } from './conversation'
import { pieces } from './Excerpt'
import { familyOf } from './lineage'
import type { Relative, Row, Span } from './types'
import { aside, changesText } from './words'

const message = (role: string, content: string) => ({ role, content })
const call = (id: string, input: unknown, output: unknown): Span => ({ id, input, output, parent_id: 'n' }) as Span

describe('a conversation', () => {
  test('shows what was sent before only once', () => {
    const first = [message('system', 'Be brief.'), message('user', '2 + 2?')]
    const turns = turnsOf([call('a', first, message('assistant', '4')), call('b', [...first, message('assistant', '4'), message('user', 'Sure?')], 'Yes.')])
    expect(turns.map((turn) => turn.fresh.map((each) => each.content))).toEqual([['Be brief.', '2 + 2?'], ['Sure?']])
    expect(turns[1]!.again).toBe(3)
    expect(turns.map((turn) => turn.answer?.content)).toEqual(['4', 'Yes.'])
  })

  test('a call that failed has no answer, and a new prompt starts anew', () => {
    const turns = turnsOf([call('a', [message('user', 'x')], null), call('b', [message('user', 'y')], 'ok')])
    expect(turns[0]!.answer).toBeNull()
    expect(turns[1]).toMatchObject({ again: 0, fresh: [message('user', 'y')] })
  })
})

describe('what a step did to the state', () => {
  test('is told word by word', () => {
    const [feedback, revisions] = changesOf({ before: { feedback: 'take all', revisions: 0 }, after: { feedback: 'take none', revisions: 1 }, changed: ['feedback', 'revisions'] })
    expect(feedback!.pieces.map((piece) => [piece.sort, piece.text.trim()])).toEqual([['same', 'take'], ['removed', 'all'], ['added', 'none']])
    expect(revisions!.pieces.map((piece) => piece.sort)).toEqual(['removed', 'added'])
  })

  test('shows of a long list only what came to it', () => {
    const change = changesOf({ before: { notes: { $kept: 40, items: ['a'] } }, after: { notes: { $kept: 40, items: ['a', 'b'] } }, changed: ['notes'] })[0]!
    expect(change.pieces.filter((piece) => piece.sort === 'added').map((piece) => piece.text.trim())).toEqual(['- b'])
    expect(change.pieces[0]!.text).toContain('… 40 before')
  })

  test('knows a first value, and one written again', () => {
    expect(changesOf({ before: { a: null }, after: { a: 'x' }, changed: ['a'] })[0]).toMatchObject({ first: true })
    expect(changesOf({ before: { a: 1 }, after: { a: 1 }, changed: ['a'] })[0]).toMatchObject({ same: true })
  })
})

test('an excerpt is cut where words matched', () => {
  expect(pieces('a \u0002Josh\u0003 buys')).toEqual([{ text: 'a ', hit: false }, { text: 'Josh', hit: true }, { text: ' buys', hit: false }])
  expect(pieces('nothing')).toEqual([{ text: 'nothing', hit: false }])
})

describe('the lineage of forks', () => {
  const run = (id: string, parent_id: string | null) => ({ id, number: id, parent_id }) as Relative
  const all = [run('a', null), run('b', 'a'), run('c', 'b'), run('d', 'b'), run('e', 'a')]

  test('is the line to a run, what went out from it, and the rest', () => {
    const family = familyOf('b', all)
    expect(family.line.map((each) => each.id)).toEqual(['a', 'b'])
    expect(family.children.map((each) => each.id)).toEqual(['c', 'd'])
    expect(family.others.map((each) => each.id)).toEqual(['e'])
  })

  test('survives runs that are each other’s parents', () => {
    expect(familyOf('x', [run('x', 'y'), run('y', 'x')]).line.length).toBe(2)
  })
})

test('rows say visit, item and outcome, calls say what they are', () => {
  const row = { operation: 'invoke_node', item: 2, visit: 3, attempt: 2, outcome: 'revise', status: 'ok', brief: '' } as Row
  expect(aside(row)).toBe('item 3 · visit 3 · attempt 2 · revise')
  expect(aside({ ...row, operation: 'execute_tool', brief: '2 + 2' })).toBe('tool · 2 + 2')
})

test('what a fork changed is said in words', () => {
  expect(changesText({ node: 'plan', config: { plan: {} }, model: 'x' })).toBe('other settings, another model')
  expect(changesText({})).toBe('nothing changed')
})
