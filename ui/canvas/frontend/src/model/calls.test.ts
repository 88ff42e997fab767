import { expect, it } from 'vitest'
import { callWords, evaluate } from './calls'
import { completeNode } from './document'
import { kind } from './testing'

const words = (model_calls: string, config: Record<string, unknown> = {}): string =>
  callWords(kind('k', { model_calls, config_schema: { properties: { max_calls: { default: 6 }, expansions: { default: 12 }, width: { default: 3 }, max_rounds: { default: 2 }, on: { default: true } } } }), completeNode({ kind: 'k', config }))

it.each([
  ['none', 'no model calls'], ['0; 1 when rated', 'no model calls'], ['1', '1 model call'], ['1 to max_calls + 2', '1 to 8 model calls'], ['up to expansions x (1 + width)', 'up to 48 model calls'],
  ['2 x max_rounds at most; 1 more without a check', 'up to 4 model calls'], ['0 or 1', '0 or 1 model calls'], ['2, or 3 with a task to solve first', '2 model calls'],
])('says %s as %s', (given, said) => expect(words(given)).toBe(said))

it('counts with the settings of the node', () => {
  expect(words('1 to max_calls + 2', { max_calls: 1 })).toBe('1 to 3 model calls')
  expect(words('1 to max_calls', { max_calls: 1 })).toBe('1 model call')
})

it('leaves alone what is no plain sum', () => {
  expect(words('1 + 2 to 3 x max_rounds')).toBe('1 + 2 to 3 x 2')
  expect(words('1 for each step + 1')).toBe('1 for each step + 1')
  expect(words('members x max_rounds')).toBe('members x 2')
})

it('evaluates sums of products', () => {
  expect(evaluate('2 x (1 + 3) - 1')).toBe(7)
  for (const wrong of ['2 x', '(1', '1 2', ')', '']) expect(evaluate(wrong)).toBeNull()
})
