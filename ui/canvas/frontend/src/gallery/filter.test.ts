import { describe, expect, it } from 'vitest'
import { countOf, fits, holds, ordered, toggledChoice, type Choice } from './filter'
import type { Card } from './types'

const card = (slug: string, more: Partial<Card>): Card => ({
  slug, title: slug, system: '', summary: '', mechanism: '', paper: '', family: '', row: null, priority: 'A', status: 'drawn', nodes: 3, kinds: [], needs: [],
  structure: [], calls: null, tokens: null, cost: '', recorded: false, miniature: '', ...more,
})
const CARDS = [
  card('rci', { kinds: ['reflection'], structure: ['loop'], calls: 9, summary: 'criticises its drafts' }),
  card('vote', { kinds: ['deliberation'], structure: ['parallel'], calls: 5 }),
  card('tutor', { kinds: ['reflection', 'memory'], structure: ['loop', 'parallel'], calls: 30 }),
]
const LOOP: Choice = { facet: 'structure', value: 'loop' }
const PARALLEL: Choice = { facet: 'structure', value: 'parallel' }
const MEMORY: Choice = { facet: 'kinds', value: 'memory' }
const slugs = (choices: Choice[]): string[] => CARDS.filter((each) => fits(each, choices)).map((each) => each.slug)

describe('filters', () => {
  it('takes any choice of one facet and every facet', () => {
    expect(slugs([])).toEqual(['rci', 'vote', 'tutor'])
    expect(slugs([LOOP, PARALLEL])).toEqual(['rci', 'vote', 'tutor'])
    expect(slugs([LOOP, MEMORY])).toEqual(['tutor'])
  })

  it('counts what a choice would show, its own facet aside', () => {
    expect(countOf(CARDS, [LOOP], 'structure', 'parallel')).toBe(2)
    expect(countOf(CARDS, [LOOP], 'kinds', 'deliberation')).toBe(0)
    expect(countOf(CARDS, [], 'calls', 'few')).toBe(1)
    expect(countOf(CARDS, [], 'calls', 'many')).toBe(1)
  })

  it('turns a choice on and off', () => {
    expect(toggledChoice([LOOP], MEMORY)).toEqual([LOOP, MEMORY])
    expect(toggledChoice([LOOP, MEMORY], LOOP)).toEqual([MEMORY])
  })

  it('orders by a search, leaves out what is gone, and keeps the shelf without one', () => {
    expect(ordered(CARDS, [{ slug: 'vote', score: 0.9 }, { slug: 'gone', score: 0.5 }]).map((each) => each.card.slug)).toEqual(['vote'])
    expect(ordered(CARDS, null).map((each) => each.score)).toEqual([null, null, null])
  })

  it('finds words wherever they stand', () => {
    expect(CARDS.filter((each) => holds(each, 'Drafts criticises')).map((each) => each.slug)).toEqual(['rci'])
  })
})
