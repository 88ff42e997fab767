/** Which cards are shown, in which order: pure, so that counts beside the filters are always true. */

import type { Card, Scored } from './types'

export type Facet = 'kinds' | 'needs' | 'calls' | 'structure' | 'priority'

export interface Choice {
  facet: Facet
  value: string
}

export const FACETS: { facet: Facet; title: string; options: { value: string; title: string }[] }[] = [
  { facet: 'kinds', title: 'Mechanism', options: [
    ['planning', 'Planning'], ['search', 'Search'], ['memory', 'Memory'], ['tools', 'Tools and code'], ['reflection', 'Reflection'],
    ['deliberation', 'Deliberation'], ['teams', 'Teams'], ['guards', 'Guards'], ['workflows', 'Workflows as data'], ['simulation', 'Simulation'],
  ].map(([value, title]) => ({ value: value!, title: title! })) },
  { facet: 'needs', title: 'Needs', options: [
    ['nothing', 'A model alone'], ['sandbox', 'Sandbox'], ['memory', 'Memory'], ['web', 'Web'], ['files', 'Files'], ['person', 'A person'],
  ].map(([value, title]) => ({ value: value!, title: title! })) },
  { facet: 'calls', title: 'Model calls of one run', options: [
    ['few', 'Up to 5'], ['some', '6 to 20'], ['many', 'More'],
  ].map(([value, title]) => ({ value: value!, title: title! })) },
  { facet: 'structure', title: 'Structure', options: [
    ['loop', 'Loop'], ['parallel', 'Parallel branches'], ['subworkflow', 'Sub-workflow'],
  ].map(([value, title]) => ({ value: value!, title: title! })) },
  { facet: 'priority', title: 'In the literature', options: [
    ['A', 'First choice'], ['B', 'Further systems'],
  ].map(([value, title]) => ({ value: value!, title: title! })) },
]

export function valuesOf(card: Card, facet: Facet): string[] {
  if (facet === 'calls') return card.calls === null ? [] : [card.calls <= 5 ? 'few' : card.calls <= 20 ? 'some' : 'many']
  if (facet === 'priority') return [card.priority]
  return card[facet]
}

/** Of one facet any choice fits, of several facets each has to. */
export function fits(card: Card, choices: Choice[]): boolean {
  const facets = new Set(choices.map((choice) => choice.facet))
  return [...facets].every((facet) => choices.some((choice) => choice.facet === facet && valuesOf(card, facet).includes(choice.value)))
}

/** How many cards a further choice would leave in its facet, all other facets as they are chosen. */
export function countOf(cards: Card[], choices: Choice[], facet: Facet, value: string): number {
  const others = choices.filter((choice) => choice.facet !== facet)
  return cards.filter((card) => fits(card, others) && valuesOf(card, facet).includes(value)).length
}

/** Cards in the order of a search, the nearest first; without one, as they are. */
export function ordered(cards: Card[], found: Scored[] | null): { card: Card; score: number | null }[] {
  if (!found) return cards.map((card) => ({ card, score: null }))
  const bySlug = new Map(cards.map((card) => [card.slug, card]))
  return found.flatMap(({ slug, score }) => (bySlug.has(slug) ? [{ card: bySlug.get(slug)!, score }] : []))
}

/** Whether a card holds all words of a query: found at once, while the search by meaning is on its way. */
export function holds(card: Card, query: string): boolean {
  const text = `${card.title} ${card.system} ${card.summary} ${card.mechanism} ${card.paper} ${card.slug}`.toLowerCase()
  return query.toLowerCase().split(/\s+/).filter(Boolean).every((word) => text.includes(word))
}

export function toggledChoice(choices: Choice[], choice: Choice): Choice[] {
  const rest = choices.filter((each) => each.facet !== choice.facet || each.value !== choice.value)
  return rest.length === choices.length ? [...choices, choice] : rest
}
