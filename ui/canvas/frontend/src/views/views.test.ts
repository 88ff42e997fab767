import { expect, it } from 'vitest'
import { changedFrom, depthOf, doneOf, speakersOf, tally, wordsChanged } from './figures'
import { SAMPLES } from './samples'
import { placeTree, reading, STEP_Y } from './tree'
import { asView, type View } from './types'

const sample = <T extends View['type']>(name: string): Extract<View, { type: T }> => asView(SAMPLES[name]) as Extract<View, { type: T }>

it('reads every view, and what is no view as none', () => {
  for (const [name, view] of Object.entries(SAMPLES)) expect(asView(view)?.type, name).toBe((view as View).type)
  for (const none of [null, 3, 'plan', {}, { type: 'toString' }, { type: 'holiday' }, { $artifact: 'x', bytes: 9000, preview: '{' }]) expect(asView(none)).toBeNull()
})

it('takes what is missing or odd in a view as empty', () => {
  expect(asView({ type: 'plan', steps: [{ title: 'A' }, 'no step', { id: 7, status: 'odd', needs: 'none' }] })).toEqual({
    type: 'plan', goal: '', steps: [
      { id: '1', title: 'A', status: 'open', result: '', needs: [], parent: null }, { id: '7', title: '', status: 'open', result: '', needs: [], parent: null },
    ],
  })
  expect(asView({ type: 'table', columns: null, rows: [1, [2]] })).toEqual({ type: 'table', title: '', columns: [], rows: [[2]] })
  expect(asView({ type: 'search', nodes: [{ id: 'a', label: { x: 1 }, value: 'high' }] })).toMatchObject({ nodes: [{ label: '{"x":1}', value: null, status: 'open', parent: null }] })
})

it('places a tree so that no two nodes stand on each other and the best path leads to the root', () => {
  const view = sample<'search'>('search')
  const tree = placeTree(view.nodes, view.best)
  expect(new Set(tree.nodes.map((node) => `${node.x} ${node.y}`)).size).toBe(view.nodes.length)
  for (const x of new Set(tree.nodes.map((node) => node.x))) {
    const rows = tree.nodes.filter((node) => node.x === x).map((node) => node.y).sort((a, b) => a - b)
    rows.slice(1).forEach((y, at) => expect(y - rows[at]!).toBeGreaterThanOrEqual(STEP_Y / 2))
  }
  expect(tree.nodes.filter((node) => node.onBest).map((node) => node.id)).toEqual(['r', 'r.1', 'r.1.1', 'r.1.1.1'])
  expect(reading(tree).map((node) => node.id).slice(0, 3)).toEqual(['r', 'r.0', 'r.0.0'])
})

it('survives a tree with circles, orphans, equal ids and great depth', () => {
  const node = (id: string, parent: string | null) => ({ id, parent, label: id, value: null, status: 'open' as const, visits: null })
  const odd = placeTree([node('a', 'b'), node('b', 'a'), node('c', 'gone'), node('c', null), node('d', 'd')], 'zz')
  expect(reading(odd).map((each) => each.id).sort()).toEqual(['a', 'b', 'c', 'd'])
  const deep = placeTree(Array.from({ length: 20_000 }, (_, at) => node(`${at}`, at ? `${at - 1}` : null)), '19999')
  expect(reading(deep)).toHaveLength(20_000)
})

it('counts votes by weight, largest first', () => {
  expect(tally(sample<'ballots'>('ballots').ballots).map(({ choice, weight }) => [choice, weight])).toEqual([['70000', 3], ['-10000', 1], ['195000', 0.5]])
})

it('notices who changed the answer, also over a silent round', () => {
  const { rounds } = sample<'debate'>('debate')
  expect(speakersOf(rounds)).toEqual(['Optimist', 'Skeptic', 'Accountant'])
  expect(speakersOf(rounds).map((speaker) => changedFrom(rounds, 1, speaker))).toEqual([null, '-10000', null])
  const silent = [[{ speaker: 'A', text: '', answer: 'x' }], [{ speaker: 'A', text: 'hm', answer: null }], [{ speaker: 'A', text: '', answer: 'y' }]]
  expect([0, 1, 2].map((round) => changedFrom(silent, round, 'A'))).toEqual([null, null, 'x'])
})

it('says how far a plan is and how deep its steps stand', () => {
  const { steps } = sample<'plan'>('plan graph')
  expect(doneOf(steps)).toEqual({ done: 2, failed: 1, all: 7 })
  expect(steps.map((step) => depthOf(steps, step))).toEqual([0, 0, 0, 0, 1, 0, 0])
  expect(depthOf([{ ...steps[0]!, id: 'x', parent: 'y' }, { ...steps[0]!, id: 'y', parent: 'x' }], { ...steps[0]!, id: 'x', parent: 'y' })).toBe(1)
})

it('finds what changed word by word, and puts the two texts together again', () => {
  const pieces = wordsChanged('The value is 120 now.', 'The value is 200 by now.')
  expect(pieces.filter((piece) => piece.sort === 'removed').map((piece) => piece.text.trim())).toEqual(['120'])
  expect(pieces.filter((piece) => piece.sort !== 'removed').map((piece) => piece.text).join('')).toBe('The value is 200 by now.')
  expect(pieces.filter((piece) => piece.sort !== 'added').map((piece) => piece.text).join('')).toBe('The value is 120 now.')
  expect(wordsChanged('a'.repeat(30_000), 'b'.repeat(30_000))).toHaveLength(2)
})
