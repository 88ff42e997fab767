import { expect, it } from 'vitest'
import { advance, BLANK, totals, unstopped, type RunEvent, type Scene } from './events'

const leads: Scene = {
  leadsTo: (from, to) => `${from}>${to}` === 'a>b' || `${from}>${to}` === 'b>a',
  frameOf: (node) => (node.startsWith('in_') ? 'frame' : null),
}
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

it('keeps the last view of a visit', () => {
  const shown = advance(BLANK, [...STORY, ...events(['node.view', { node: 'b', visit: 1, view: { type: 'chat', messages: [] } }], ['node.view', { node: 'b', visit: 1, view: { type: 'chat', messages: [1] } }])], leads)
  expect(shown.nodes['b']!.visits[0]!.view).toEqual({ type: 'chat', messages: [1] })
})

it('shows of a sub-workflow the run that began last, and nothing of a workflow that is not on the canvas', () => {
  const at = (within: string, node: string, visit = 1): [string, object] => ['node.started', { node, visit, within }]
  const done = (within: string, node: string): [string, object] => ['node.finished', { node, visit: 1, within, outcome: 'done', seconds: 1, tokens: 1, usd: 0, outputs: {} }]
  const first = advance(BLANK, [...STORY, ...events(at('one', 'in_a'), at('two', 'in_a'), at('one', 'in_b'), done('one', 'in_a'))], leads)
  expect(Object.keys(first.nodes)).toEqual(['a', 'b', 'in_a'])
  expect(first.nodes['in_a']!.state).toBe('running')
  const other = advance(first, events(at('far', 'a', 9)), leads)
  expect(other).toBe(first)
  expect(advance(first, events(done('two', 'in_a')), leads).nodes['in_a']!.state).toBe('done')
})

it('says which policy refused a call', () => {
  const refused = advance(BLANK, [...STORY, ...events(['tool.started', { node: 'b', visit: 1, tool: 'rm', arguments: {} }], ['tool.finished', { node: 'b', visit: 1, tool: 'rm', result: 'No.', failed: true, denied: true, policy: 'No deletes' }])], leads)
  expect(refused.nodes['b']!.visits[0]!.tools[0]).toMatchObject({ tool: 'rm', policy: 'No deletes' })
})

const stop = (node: string, when: 'before' | 'after', visit = 1) => ({ when, why: 'breakpoint', node, visit, item: null, span: 's', inputs: {}, outputs: null, outcome: null, outcomes: ['done'], state: {}, depth: 0 })
const halt = (node: string, when: 'before' | 'after', more: object = {}): [string, object] => ['node.waiting', { node, interrupt: `i-${node}`, form: { title: `Stopped ${when} ${node}`, text: '', fields: [] }, stop: stop(node, when), ...more }]

it('shows a stop until the node goes on, and asks nothing', () => {
  const halted = advance(BLANK, events(['node.started', { node: 'a', visit: 1, step: 1, span: 's' }], halt('a', 'before')), leads)
  expect(halted).toMatchObject({ status: 'waiting', asks: [], stops: [{ node: 'a', interrupt: 'i-a' }], nodes: { a: { state: 'stopped' } } })
  const on = advance(halted, events(['run.started', {}], ['node.started', { node: 'a', visit: 1, step: 1 }]), leads)
  expect(on).toMatchObject({ status: 'running', stops: [], nodes: { a: { state: 'running' } } })
  expect(on.nodes['a']!.visits).toHaveLength(1)
})

it('shows a node as done again when the run goes on from a stop after it', () => {
  const halted = advance(BLANK, [...STORY.slice(0, -1), ...events(halt('a', 'after'))], leads)
  expect(halted.nodes['a']!.state).toBe('stopped')
  expect(unstopped(halted, () => true)).toMatchObject({ stops: [], nodes: { a: { state: 'done' } } })
  expect(unstopped(halted, () => false)).toBe(halted)
})

it('keeps a card stopped where another stop stands at the same node', () => {
  const two = advance(BLANK, events(['node.started', { node: 'a', visit: 1, step: 1 }], halt('a', 'before'), halt('a', 'before', { interrupt: 'other' })), leads)
  expect(unstopped(two, (each) => each.interrupt === 'other')).toMatchObject({ stops: [{ interrupt: 'i-a' }], nodes: { a: { state: 'stopped' } } })
})

it('tells of a stop in a workflow that is not on this canvas, but marks no card', () => {
  const halted = advance(BLANK, events(halt('inner', 'before', { within: 'w1' })), leads)
  expect(halted).toMatchObject({ nodes: {}, stops: [{ node: 'inner', within: 'w1' }] })
})

it('marks visits that were kept, with the span they are traced by', () => {
  const picture = advance(BLANK, events(['node.started', { node: 'a', visit: 1, step: 1, span: 's1', kept: true }], ['node.finished', { node: 'a', visit: 1, span: 's1', outcome: 'done', seconds: 0, kept: true }]), leads)
  expect(picture.nodes['a']!.visits[0]).toMatchObject({ kept: true, span: 's1', outcome: 'done' })
})

it('has no stop left when the run has ended', () => {
  const over = advance(BLANK, events(['node.started', { node: 'a', visit: 1, step: 1 }], halt('a', 'before'), ['run.finished', { status: 'stopped', outputs: null, error: null }]), leads)
  expect(over).toMatchObject({ status: 'stopped', stops: [], nodes: {} })
})

it('keeps a card stopped while another item of its frame stands there', () => {
  const item = (index: number) => ({ ...stop('a', 'before'), item: index })
  const two = advance(BLANK, events(halt('a', 'before', { stop: item(0) }), halt('a', 'before', { interrupt: 'other', stop: item(1) })), leads)
  const on = advance(unstopped(two, (each) => each.interrupt === 'i-a'), events(['node.started', { node: 'a', visit: 1, item: 0 }], ['node.finished', { node: 'a', visit: 1, item: 0, outcome: 'done', seconds: 1 }]), leads)
  expect(on).toMatchObject({ stops: [{ interrupt: 'other' }], nodes: { a: { state: 'stopped' } } })
})
