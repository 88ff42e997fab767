import { describe, expect, test } from 'vitest'
import { heatOf, heatStep, ROW_HEIGHT, seconds, stretches, ticks, visible } from './model'
import type { Row, Totals } from './types'

const totals: Totals = {
  visits: 2, seconds: 11.8, input_tokens: 30, output_tokens: 6, usd: 0.03, status: 'ok', outcome: 'done', kept: 0, ended_at: 9, first: 'a', last: 'b',
}

describe('figures', () => {
  const span = (more: Partial<Row>) => ({ started_at: 5, ended_at: null, status: 'running', ...more }) as Row

  test('a running span lasts until now, a lost one ends where it began', () => {
    expect(seconds(span({}), 8)).toBe(3)
    expect(seconds(span({ status: 'lost' }), 8)).toBe(0)
  })

  test('heat is time, tokens or dollars; a cost nobody knows is none', () => {
    expect((['time', 'tokens', 'cost'] as const).map((measure) => heatOf(totals, measure))).toEqual([11.8, 36, 0.03])
    expect(heatOf({ ...totals, usd: null }, 'cost')).toBe(0)
  })

  test('heat has five steps up to the largest and none for nothing', () => {
    expect([0, 0.1, 8.9, 11.8, 17].map((value) => heatStep(value, 17))).toEqual([0, 1, 3, 4, 5])
  })
})

describe('what is in sight', () => {
  test('is drawn with some rows around it, and stays the same for small scrolls', () => {
    const [first, last] = visible(2500, 500, 5000)
    expect(first).toBeLessThanOrEqual(100 - 12)
    expect(last).toBeGreaterThanOrEqual(120 + 12)
    expect(visible(2500 + ROW_HEIGHT, 500, 5000)[0]).toBe(first)
  })

  test('never leaves the list', () => {
    expect(visible(0, 500, 3)).toEqual([0, 3])
    expect(visible(9999, 500, 3)).toEqual([3, 3])
  })

  test('is few rows however many there are', () => {
    const [first, last] = visible(2_000_000, 500, 100_000)
    expect(last - first).toBeLessThan(80)
  })
})

test('the line of the scrubber joins neighbouring parts of one node and leaves gaps', () => {
  expect(stretches(['a', 'a', null, 'a', 'b'])).toEqual([
    { node: 'a', from: 0, to: 2 }, { node: 'a', from: 3, to: 4 }, { node: 'b', from: 4, to: 5 },
  ])
})

test('ticks are round and stay clear of the end', () => {
  expect(ticks(38.2)).toEqual([0, 10, 20, 30])
  expect(ticks(57_511)).toEqual([0, 21_600, 43_200])
  expect(ticks(600)).toEqual([0, 120, 240, 360, 480])
  expect(ticks(0.5)).toEqual([0, 0.1, 0.2, 0.30000000000000004, 0.4])
})
