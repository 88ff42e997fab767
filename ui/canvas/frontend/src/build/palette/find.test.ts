import { expect, it } from 'vitest'
import { kind } from '../../model/testing'
import { about, byFamily, search } from './find'

const KINDS = [
  kind('planning.plan', { family: 'planning', title: 'Plan', summary: 'A list of steps toward a goal' }),
  kind('search.mcts', { family: 'search', title: 'Monte Carlo search', summary: 'Explores by visits and values', source: 'Zhou et al. 2023, Language Agent Tree Search (LATS)', model_calls: '1 to 40' }),
  kind('search.beam', { family: 'search', title: 'Beam search', summary: 'Keeps the best few at each depth', doc: 'As Tree of Thoughts does.' }),
  kind('reflection.refine', { family: 'reflection', title: 'Refine', summary: 'Draft, plan a change, rewrite' }),
]
const names = (query: string): string[] => search(KINDS, query).map((found) => found.kind.kind)

it('finds by title before summary', () => {
  expect(names('plan')).toEqual(['planning.plan', 'reflection.refine'])
})

it('finds by family, by paper and by what only the reference text says', () => {
  expect(names('search')).toEqual(['search.beam', 'search.mcts'].toSorted((a, b) => KINDS.findIndex((k) => k.kind === a) - KINDS.findIndex((k) => k.kind === b)))
  expect(names('lats')).toEqual(['search.mcts'])
  expect(names('thoughts')).toEqual(['search.beam'])
  expect(search(KINDS, 'lats')[0]!.source).toBe(true)
})

it('wants every word, wherever it stands', () => {
  expect(names('best search')).toEqual(['search.beam'])
  expect(names('best plan')).toEqual([])
})

it('lists families in palette order and leaves out empty ones', () => {
  expect(byFamily(KINDS).map((section) => section.family)).toEqual(['planning', 'search', 'reflection'])
})

it('tells the cost and the source where there are any', () => {
  expect(about(KINDS[1]!)).toBe('Monte Carlo search: Explores by visits and values\nModel calls: 1 to 40\nSource: Zhou et al. 2023, Language Agent Tree Search (LATS)\nDrag, or press Enter to add')
  expect(about(KINDS[0]!)).not.toMatch('Model calls')
})
