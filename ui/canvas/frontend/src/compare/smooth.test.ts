import { expect, test } from 'vitest'
import { likeness, piecesOf } from './diff'
import { smooth, wordsOf } from './smooth'

const said = (left: string, right: string) => piecesOf({ name: 'x', left, right }).map((piece) => ({ same: '=', added: '+', removed: '-' })[piece.sort] + piece.text)

test('a few words alike between two changes are part of the change', () => {
  expect(said('Check the draft. Reply accept or revise.', 'Recompute each step of the sum. Reply accept or revise, with a reason.')).toEqual([
    '-Check the draft', '+Recompute each step of the sum', '=. Reply accept or revise', '+, with a reason', '=.',
  ])
})

test('insertions with a word between them stay apart', () => {
  expect(said('a b c', 'a new b new c')).toEqual(['=a ', '+new ', '=b ', '+new ', '=c'])
})

test('a Mustache tag is one word', () => {
  expect(said('Plan: {{plan}}\n{{#feedback}}Mind', 'Plan: {{steps}}\n{{#feedback}}Mind')).toEqual(['=Plan: ', '-{{plan}}', '+{{steps}}', '=\n{{#feedback}}Mind'])
})

test('a number is one word, its last point is not', () => {
  expect(wordsOf('Answer: 65,000.')).toEqual(['Answer', ':', ' ', '65,000', '.'])
  expect(said('Answer: 65,000', 'Answer: 70,000')).toEqual(['=Answer: ', '-65,000', '+70,000'])
})

test('nothing is lost: both texts can be read from the pieces', () => {
  const [left, right] = ['one two  three\nfour, five', 'one 2 three\nfour; six five!']
  const pieces = piecesOf({ name: 'x', left, right })
  expect(pieces.filter((piece) => piece.sort !== 'added').map((piece) => piece.text).join('')).toBe(left)
  expect(pieces.filter((piece) => piece.sort !== 'removed').map((piece) => piece.text).join('')).toBe(right)
  expect(smooth([])).toEqual([])
})

test('likeness is the share that both have', () => {
  expect(likeness(piecesOf({ name: 'x', left: 'abc', right: 'abc' }))).toBe(1)
  expect(likeness(piecesOf({ name: 'x', left: 'accept', right: 'revise it' }))).toBe(0)
})
