import { describe, expect, test } from 'vitest'
import { besides, budgetWords, cost, ended, hasRun, solvedOf, type Comparison, type Side, type Totals, type Trial, type TrialStatus } from './baselines'

const NONE: Record<TrialStatus, number> = { 'not run': 0, running: 0, solved: 0, missed: 0, failed: 0, limit: 0, person: 0, unchecked: 0, stopped: 0 }
const totals = (counts: Partial<Totals['counts']>): Totals => ({ of: 3, counts: { ...NONE, ...counts }, input_tokens: 0, output_tokens: 0, usd: 0, seconds: 0, calls: 0, tools: 0 })
const trial = (status: TrialStatus, seconds: number | null): Trial => ({ status, missed: [], run_id: null, number: null, input_tokens: null, output_tokens: null, usd: null, seconds, calls: null, tools: null })
const side = (...runs: Trial[]): Side => ({ name: 'workflow', tools: [], runs, totals: totals({}) })

describe('how a comparison is said', () => {
  test('a failed run counts among those tried, and is named beside', () => {
    expect(solvedOf(totals({ solved: 1, missed: 1, failed: 1 }))).toBe('1 of 3')
    expect(besides(totals({ solved: 1, missed: 1, failed: 1 }))).toBe('1 failed')
  })
  test('what did not run, or cannot be compared, is never counted as wrong', () => {
    expect(solvedOf(totals({ solved: 1, 'not run': 2 }))).toBe('1 of 1')
    expect(besides(totals({ solved: 1, 'not run': 2 }))).toBe('2 not run')
    expect(solvedOf(totals({ unchecked: 3 }))).toBe('')
    expect(besides(totals({ unchecked: 3 }))).toBe('3 not comparable')
  })
  test('sums are shown only where something ran', () => {
    expect(hasRun(side(trial('not run', null), trial('running', null)))).toBe(false)
    expect(hasRun(side(trial('missed', 2)))).toBe(true)
    expect(ended({ sides: [side(trial('solved', 1), trial('running', null)), side(trial('failed', 3))] } as Comparison)).toBe(2)
  })
  test('the budget and an unknown price have words', () => {
    expect(budgetWords({ tokens: 40000, seconds: 600, steps: null, usd: 0.05 })).toBe('at most 40,000 tokens, 600 s, $0.05 a run')
    expect(budgetWords({ tokens: null, seconds: null, steps: null, usd: null })).toBe('no limit a run')
    expect([cost(null), cost(0), cost(0.01234)]).toEqual(['not known', '$0', '$0.0123'])
  })
})
