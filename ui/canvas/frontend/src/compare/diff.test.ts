import { expect, test } from 'vitest'
import { asText, partsOf, piecesOf, tally } from './diff'

test('records are held against each other field by field, messages one by one', () => {
  expect(partsOf({ a: 'x', b: 1 }, { a: 'y', c: [1] }, 'output')).toEqual([
    { name: 'a', left: 'x', right: 'y' }, { name: 'b', left: '1', right: undefined }, { name: 'c', left: undefined, right: '[\n  1\n]' },
  ])
  const message = (role: string, content: string) => ({ role, content })
  expect(partsOf([message('system', 'Be brief.'), message('user', 'Hi')], [message('system', 'Be brief.')], 'asked')).toEqual([
    { name: 'system', left: 'Be brief.', right: 'Be brief.' }, { name: 'user', left: 'Hi', right: undefined },
  ])
})

test('of a record that only one side has, every field is told by itself', () => {
  expect(partsOf({ a: 'x' }, null, 'output')).toEqual([{ name: 'a', left: 'x', right: undefined }])
})

test('nothing beside nothing has no parts', () => {
  expect(partsOf({}, {}, 'input')).toEqual([])
  expect(partsOf(null, {}, 'input')).toEqual([])
})

test('values of other sorts are one part, and nothing is no text', () => {
  expect(partsOf('a', ['b'], 'result')).toEqual([{ name: 'result', left: 'a', right: '[\n  "b"\n]' }])
  expect(partsOf(null, 'b', 'result')).toEqual([{ name: 'result', left: undefined, right: 'b' }])
  expect(asText({ $artifact: 'ab', bytes: 9000, preview: 'Once upon' })).toBe('Once upon…')
})

test('calls of tools in a message are part of its text', () => {
  const [part] = partsOf([{ role: 'assistant', content: '', tool_calls: [{ name: 'add' }] }], [{ role: 'assistant', content: 'Done.' }], 'asked')
  expect(part!.left).toContain('"name": "add"')
  expect(part!.right).toBe('Done.')
})

test('words added and removed are counted, signs and spaces are not', () => {
  const part = { name: 'prompt', left: 'Check the draft. Reply accept or revise.', right: 'Recompute each step. Reply accept or revise, and name it.' }
  expect(tally(piecesOf(part))).toEqual({ added: 6, removed: 3 })
  expect(tally(piecesOf({ name: 'x', left: 'a b', right: 'a  b' }))).toEqual({ added: 0, removed: 0 })
})
