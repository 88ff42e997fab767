import { afterEach, describe, expect, test, vi } from 'vitest'
import { actsOf, type Candidate, costText, firstGoal, marksOf, NEVER, nodeMarksOf, type Trial, Trials, type Verdict } from './trials'

const candidate = (more: Partial<Candidate> = {}): Candidate => ({ span: 'a', node: 'draft', label: 'Draft', visit: 1, source: 'the rules', what: '', calls: 2, tokens: 300, acts: [], ...more })
const trial = (span: string, turned: boolean, node = 'draft'): Trial => ({ span, node, visit: 1, source: 'the rules', run_id: 'r', number: 'r-0002', status: 'done', turned })

afterEach(() => vi.useRealTimers())

describe('trials', () => {
  test('mark the step that decided before one that was only tried, on the tree and on the graph', () => {
    const verdict: Verdict = { ...NEVER, state: 'working', trials: [trial('a', false), trial('b', true)], now: { span: 'c', node: 'review', run_id: 'x', number: 'r-0009' } }
    expect([...marksOf(verdict)]).toEqual([['c', 'trying'], ['a', 'tried'], ['b', 'decisive']])
    expect([...nodeMarksOf(verdict)]).toEqual([['draft', 'decisive'], ['review', 'trying']])
  })

  test('say their cost before they run: calls, tokens, and that a run which broke off would have gone on', () => {
    expect(costText([candidate(), candidate({ calls: 1, tokens: 100 })], true)).toBe('At most 2 forks, about 3 model calls and 400 tokens, by what this run took from there on.')
    expect(costText([candidate({ calls: 0 })], false)).toBe('One fork, no model call; more where it would have gone on.')
    expect(actsOf([candidate({ acts: ['Remember', 'Mail'] }), candidate({ acts: ['Mail'] })])).toEqual(['Remember', 'Mail'])
  })

  test('of a run that failed its end is the goal, else what a good run gave, else a condition', () => {
    const good = { id: '1', number: 'r-0001', label: '', outputs: {} }
    expect(firstGoal({ run_id: 'r', ends: false, candidates: [], good: [good] })).toEqual({ sort: 'done' })
    expect(firstGoal({ run_id: 'r', ends: true, candidates: [], good: [good] })).toEqual({ sort: 'good', run: 'r-0001' })
    expect(firstGoal({ run_id: 'r', ends: true, candidates: [], good: [] })).toEqual({ sort: 'condition', expect: '' })
  })

  test('are asked after while they work, and no longer', async () => {
    vi.useFakeTimers()
    const answers: Verdict[] = [{ ...NEVER, state: 'working' }, { ...NEVER, state: 'working', trials: [trial('a', false)] }, { ...NEVER, state: 'ended', trials: [trial('a', false)] }]
    const get = vi.fn(async () => answers.shift()!)
    const trials = new Trials({ get, post: vi.fn(), json: vi.fn() } as never, 'r-0001')
    await trials.open()
    await vi.advanceTimersByTimeAsync(5000)
    expect(get).toHaveBeenCalledTimes(3)
    expect(trials.snapshot().verdict.state).toBe('ended')
  })
})
