import { expect, it } from 'vitest'
import { advance, BLANK, totals, type RunEvent } from './events'

const leads = (from: string, to: string): boolean => `${from}>${to}` === 'a>b' || `${from}>${to}` === 'b>a'
const events = (...list: [string, object][]): RunEvent[] => list.map(([type, rest], index) => ({ type, at: 100 + index, ...rest }))

const STORY = events(
  ['run.started', {}], ['node.started', { node: 'a', visit: 1, step: 1 }], ['node.token', { node: 'a', visit: 1, text: 'Hel' }], ['node.token', { node: 'a', visit: 1, text: 'lo' }],
  ['tool.started', { node: 'a', visit: 1, tool: 'calc', arguments: { x: 1 } }], ['tool.finished', { node: 'a', visit: 1, tool: 'calc', result: '2', failed: false }],
  ['node.finished', { node: 'a', visit: 1, outcome: 'done', seconds: 1.5, tokens: 10, usd: 0, outputs: { answer: 'Hello' } }], ['node.started', { node: 'b', visit: 1, step: 2 }],
)

it('gathers what a node writes, calls and gives', () => {
  const picture = advance(BLANK, STORY, leads)
  const visit = picture.nodes['a']!.visits[0]!
  expect(visit).toMatchObject({ text: 'Hello', outcome: 'done', seconds: 1.5, outputs: { answer: 'Hello' }, tools: [{ tool: 'calc', arguments: { x: 1 }, result: '2' }] })
  expect(picture).toMatchObject({ status: 'running', speaker: 'a', nodes: { a: { state: 'done', outcomes: ['done'] }, b: { state: 'running', cause: 'a' } } })
})

it('gives the same picture whether events come one by one or in batches', () => {
  const single = STORY.reduce((picture, event) => advance(picture, [event], leads), BLANK)
  expect(single).toEqual(advance(BLANK, STORY, leads))
})

it('leaves nodes that no event names untouched, so that their cards are not drawn again', () => {
  const before = advance(BLANK, STORY, leads)
  const after = advance(before, events(['node.token', { node: 'b', visit: 1, text: 'x' }]), leads)
  expect(after.nodes['a']).toBe(before.nodes['a'])
})

it('counts visits of a loop and sums their figures', () => {
  const again = events(['node.finished', { node: 'b', visit: 1, outcome: 'revise', seconds: 2, tokens: 5, usd: 0.1 }], ['node.started', { node: 'a', visit: 2, step: 3 }], ['node.finished', { node: 'a', visit: 2, outcome: 'done', seconds: 1, tokens: 4, usd: 0 }])
  const picture = advance(BLANK, [...STORY, ...again], leads)
  expect(totals(picture.nodes['a'])).toEqual({ seconds: 2.5, tokens: 14, usd: 0, visits: 2 })
})

it('shows a question until it is answered', () => {
  const waits = advance(BLANK, events(['node.started', { node: 'q', visit: 1 }], ['node.waiting', { node: 'q', interrupt: 'i', form: { title: 'May I?' } }]), leads)
  expect(waits).toMatchObject({ status: 'waiting', asks: [{ interrupt: 'i' }], nodes: { q: { state: 'waiting' } } })
  expect(advance(waits, events(['node.started', { node: 'q', visit: 1 }]), leads)).toMatchObject({ status: 'running', asks: [] })
})

it('leaves nothing running when the run is over', () => {
  const over = advance(BLANK, [...STORY, ...events(['run.finished', { status: 'stopped', outputs: null, error: null }])], leads)
  expect(over.status).toBe('stopped')
  expect(Object.values(over.nodes).some((node) => node.state === 'running')).toBe(false)
})
