import { expect, it } from 'vitest'
import { misfit } from '../../model/types'
import { boxOf, controlFor, draftOf, editedOf, readDraft, rewritten, same, type Slot } from './values'

const slot = (type: string, value: unknown): Slot => ({ name: 'x', type, value })
const read = (type: string, value: unknown, draft: string | boolean) => readDraft(slot(type, value), controlFor(type, value), draft)

it('gives each type its control, and a value of any type the control of what it is', () => {
  expect(['text', 'number', 'boolean', 'list[text]', 'record', 'plan'].map((type) => controlFor(type, null))).toEqual(['text', 'number', 'boolean', 'json', 'json', 'json'])
  expect([controlFor('any', 'words'), controlFor('any', 3), controlFor('any', null)]).toEqual(['text', 'json', 'json'])
})

it('reads back what it wrote, for every control', () => {
  for (const [type, value] of [['text', 'a\n"b"'], ['number', -2.5], ['boolean', true], ['record', { a: [1, null] }], ['list[text]', ['x', '']], ['any', 'free'], ['any', 4]] as const)
    expect(read(type, value, draftOf(controlFor(type, value), value))).toEqual({ ok: true, value })
})

it('leaves what is untouched as it was, even a nothing where text is meant', () => {
  expect(read('text', null, '')).toEqual({ ok: true, value: null })
  expect(read('number', null, '')).toEqual({ ok: true, value: null })
  expect(read('text', 'x', '')).toEqual({ ok: true, value: '' })
})

it('says why a box cannot be read', () => {
  expect(read('number', 1, 'five')).toEqual({ ok: false, why: '“five” is not a number.' })
  expect(read('number', 1, ' ')).toEqual({ ok: false, why: 'A number is needed.' })
  expect(read('record', {}, '{"a": 1')).toMatchObject({ ok: false, why: expect.stringMatching(/^Not JSON: .*\.$/) as string })
  expect(read('record', {}, '')).toMatchObject({ ok: false, why: expect.stringContaining('A value is needed') as string })
  expect(read('record', {}, '[1]')).toEqual({ ok: false, why: 'This is a list; a record is needed.' })
  expect(read('list[text]', [], '["a", 2]')).toEqual({ ok: false, why: 'Item 2: This is a number; text is needed.' })
})

it('judges values as the server does', () => {
  const good: [unknown, string][] = [['x', 'text'], [1, 'number'], [false, 'boolean'], [[['a']], 'list[list[text]]'], [[], 'documents'], [[{ role: 'user' }], 'messages'], [{ steps: [] }, 'plan'], [null, 'any']]
  const bad: [unknown, string][] = [[1, 'text'], [true, 'number'], [null, 'boolean'], [[['a', 1]], 'list[list[text]]'], [[{ txt: '' }], 'documents'], [{}, 'messages'], [{ steps: 1 }, 'plan'], [[], 'record']]
  expect(good.filter(([value, type]) => misfit(value, type) !== null)).toEqual([])
  expect(bad.filter(([value, type]) => misfit(value, type) === null)).toEqual([])
})

it('holds values equal whatever the order of their keys', () => {
  expect(same({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toBe(true)
  expect(same([1, 2], [2, 1])).toBe(false)
  expect(same(undefined, null)).toBe(false)
})

it('tells only what was changed, and whether all can be read', () => {
  const slots = [slot('text', 'a'), { ...slot('number', 1), name: 'n' }, { ...slot('record', { a: 1 }), name: 'r' }]
  expect(editedOf(slots, {})).toEqual({ changed: {}, valid: true })
  expect(editedOf(slots, { x: { control: 'text', draft: 'b' }, r: { control: 'json', draft: '{"a":1}' } })).toEqual({ changed: { x: 'b' }, valid: true })
  expect(editedOf(slots, { x: { control: 'text', draft: 'b' }, n: { control: 'number', draft: '?' } })).toEqual({ changed: { x: 'b' }, valid: false })
})

it('writes a value of any type as text or as JSON', () => {
  const box = boxOf(slot('any', 'a "b"'), {})
  expect(box.control).toBe('text')
  expect(rewritten(box, 'json')).toEqual({ control: 'json', draft: '"a \\"b\\""' })
  expect(rewritten(rewritten(box, 'json'), 'text')).toEqual(box)
  expect(rewritten({ control: 'json', draft: '{"a": 1' }, 'text').draft).toBe('{"a": 1')
})
