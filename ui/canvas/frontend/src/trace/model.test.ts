import { describe, expect, test } from 'vitest'
import { extent, heatStep, nodeHeat, rows, search, seconds, ticks, Trace, visible } from './model'
import type { Span } from './types'

function span(id: string, parent: string | null, start: number, end: number | null, more: Partial<Span> = {}): Span {
  return {
    id, run_id: 'r', parent_id: parent, operation: 'invoke_node', name: id, node_id: id, kind: 'prompt', visit: 1, item: null,
    attempt: 1, step: null, status: end === null ? 'running' : 'ok', started_at: start, ended_at: end, input: null, output: null,
    outcome: null, error: null, provider: null, request_model: null, response_model: null, input_tokens: null,
    output_tokens: null, usd: null, finish_reason: null, attributes: null, ...more,
  }
}

const chat = { operation: 'chat', node_id: 'solve' }
const SPANS = [
  span('run', null, 0, 10, { operation: 'invoke_workflow', node_id: null }),
  span('solve', 'run', 4, 9),
  span('recall', 'run', 1, 2),
  span('chat2', 'solve', 6, 8, { ...chat, input_tokens: 20, output_tokens: 5, usd: 0.02 }),
  span('chat1', 'solve', 4.5, 6, { ...chat, input_tokens: 10, output_tokens: 1, usd: 0.01, input: 'Josh buys a HOUSE' }),
]

describe('the tree of spans', () => {
  test('orders siblings by their start, whatever order they arrived in', () => {
    expect(rows(new Trace(SPANS), new Set(), null).map((row) => row.span.id)).toEqual(['run', 'recall', 'solve', 'chat1', 'chat2'])
  })

  test('gives depth, place among siblings and number of children', () => {
    const chat2 = rows(new Trace(SPANS), new Set(), null)[4]!
    expect([chat2.depth, chat2.position, chat2.siblings, chat2.children]).toEqual([2, 1, 2, 0])
  })

  test('leaves out what is below a closed span', () => {
    expect(rows(new Trace(SPANS), new Set(['solve']), null).map((row) => row.span.id)).toEqual(['run', 'recall', 'solve'])
  })

  test('shows a span whose parent has not arrived at the top', () => {
    expect(rows(new Trace([SPANS[3]!]), new Set(), null).map((row) => row.depth)).toEqual([0])
  })

  test('survives spans that are each other’s parents', () => {
    const trace = new Trace([span('a', 'b', 0, 1), span('b', 'a', 0, 1)])
    expect(trace.path('a').length).toBe(2)
  })

  test('takes the later version of a span that came twice', () => {
    const trace = new Trace([span('a', null, 0, null), span('a', null, 0, 3)])
    expect(seconds(trace.byId.get('a')!, 99)).toBe(3)
  })
})

describe('figures', () => {
  test('sums tokens and dollars of the calls below, each once', () => {
    const trace = new Trace(SPANS)
    expect(trace.figures(trace.byId.get('run')!)).toEqual({ tokens: 36, input: 30, output: 6, usd: 0.03 })
  })

  test('does not add a node’s own total to that of its calls', () => {
    const trace = new Trace([span('solve', null, 0, 1, { input_tokens: 30, output_tokens: 6 }), SPANS[3]!, SPANS[4]!])
    expect(trace.figures(trace.byId.get('solve')!).tokens).toBe(36)
  })

  test('a running span lasts until now, a lost one ends where it began', () => {
    expect(seconds(span('a', null, 5, null), 8)).toBe(3)
    expect(seconds(span('a', null, 5, null, { status: 'lost' }), 8)).toBe(0)
  })

  test('the run spans the first start to the last end', () => {
    expect(extent(new Trace(SPANS), 0)).toEqual({ start: 0, end: 10 })
  })

  test('an empty trace has an extent of one second', () => {
    expect(extent(new Trace([]), 0)).toEqual({ start: 0, end: 1 })
  })
})

describe('heat', () => {
  const trace = new Trace([...SPANS, span('solve-2', 'run', 9, 10, { node_id: 'solve', visit: 2, outcome: 'done' })])

  test('adds up a node’s visits and keeps the state of the last', () => {
    expect(nodeHeat(trace, 'time', 0).get('solve')).toMatchObject({ seconds: 6, visits: 2, outcome: 'done' })
  })

  test('measures tokens and cost as well as time', () => {
    expect(nodeHeat(trace, 'tokens', 0).get('solve')?.value).toBe(36)
    expect(nodeHeat(trace, 'cost', 0).get('solve')?.value).toBeCloseTo(0.03)
  })

  test('has five steps up to the largest and none for nothing', () => {
    expect([0, 0.1, 8.9, 11.8, 17].map((value) => heatStep(value, 17))).toEqual([0, 1, 3, 4, 5])
  })
})

describe('search', () => {
  const trace = new Trace(SPANS)

  test('finds words in names, values and models, in any case', () => {
    expect(search(trace, 'house josh')?.hits).toEqual(new Set(['chat1']))
  })

  test('shows what is found with everything above it', () => {
    expect(rows(trace, new Set(['run']), search(trace, 'house')!.shown).map((row) => row.span.id)).toEqual(['run', 'solve', 'chat1'])
  })

  test('an empty query is no search', () => {
    expect(search(trace, '  ')).toBeNull()
  })
})

describe('windowing', () => {
  test('draws the rows in sight and a few around them', () => {
    expect(visible(2500, 500, 5000)).toEqual([88, 132])
  })

  test('never leaves the list', () => {
    expect(visible(0, 500, 3)).toEqual([0, 3])
    expect(visible(9999, 500, 3)).toEqual([3, 3])
  })

  test('draws few rows however many there are', () => {
    const [first, last] = visible(60_000, 500, 50_000)
    expect(last - first).toBeLessThan(60)
  })
})

test('ticks are round and stay clear of the end', () => {
  expect(ticks(38.2)).toEqual([0, 10, 20, 30])
  expect(ticks(0.5)).toEqual([0, 0.1, 0.2, 0.30000000000000004, 0.4])
})
