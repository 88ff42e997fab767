/** A workflow beside its baselines (`ui/api/baselines.py`): what is known, and how it is said. */

export type TrialStatus = 'not run' | 'running' | 'solved' | 'missed' | 'failed' | 'limit' | 'person' | 'unchecked' | 'stopped'

export interface Trial {
  status: TrialStatus
  missed: string[]
  run_id: string | null
  number: string | null
  input_tokens: number | null
  output_tokens: number | null
  usd: number | null
  seconds: number | null
  calls: number | null
  tools: number | null
}

export interface Totals {
  of: number
  counts: Record<TrialStatus, number>
  input_tokens: number
  output_tokens: number
  usd: number | null
  seconds: number
  calls: number
  tools: number
}

export interface Side {
  name: string
  tools: string[]
  runs: Trial[]
  totals: Totals
}

export interface Comparison {
  id: string
  title: string
  model: string
  budget: { tokens: number | null; seconds: number | null; steps: number | null; usd: number | null }
  status: 'running' | 'done' | 'cancelled' | 'failed' | 'lost'
  error: string
  started_at: number
  ended_at: number | null
  examples: Record<string, unknown>[]
  sides: Side[]
}

export interface Plan {
  model: string
  examples: number
  budget: Comparison['budget']
  sides: { name: string; tools: string[] }[]
}

export interface Known {
  plan: Plan
  comparisons: Comparison[]
  running: string | null
}

/** How a trial is said, and the colour of its chip. */
export const SAID: Record<TrialStatus, { words: string; chip: string; what: string }> = {
  solved: { words: 'solved', chip: 'done', what: 'All checks hold.' },
  missed: { words: 'missed', chip: 'failed', what: 'It ended, but a check does not hold.' },
  failed: { words: 'failed', chip: 'waiting', what: 'The run did not end well.' },
  limit: { words: 'over budget', chip: 'waiting', what: 'The budget was spent before it had an answer.' },
  person: { words: 'asks a person', chip: 'line', what: 'It waits for a person, whose answer is not known.' },
  unchecked: { words: 'not comparable', chip: 'line', what: 'The example checks only what this does not give out.' },
  running: { words: 'running', chip: 'running', what: 'At work.' },
  stopped: { words: 'stopped', chip: 'line', what: 'It was cut off.' },
  'not run': { words: 'not run', chip: 'line', what: 'It was not run.' },
}

const OUTCOMES: TrialStatus[] = ['solved', 'missed', 'failed', 'limit']
const BESIDE: TrialStatus[] = ['failed', 'limit', 'person', 'unchecked', 'running', 'stopped', 'not run']

/** "2 of 3", over those that came to something; '' where none has. */
export function solvedOf(totals: Totals): string {
  const told = OUTCOMES.reduce((sum, each) => sum + totals.counts[each], 0)
  return told ? `${totals.counts.solved} of ${told}` : ''
}

/** "1 failed, 2 not run": what must not be taken for a wrong answer. */
export function besides(totals: Totals): string {
  return BESIDE.filter((each) => totals.counts[each]).map((each) => `${totals.counts[each]} ${SAID[each].words}`).join(', ')
}

/** Whether any run of the side has ended, so that its sums mean something. */
export function hasRun(side: Side): boolean {
  return side.runs.some((run) => run.seconds !== null)
}

export function ended(comparison: Comparison): number {
  return comparison.sides.reduce((sum, side) => sum + side.runs.filter((run) => run.seconds !== null).length, 0)
}

export function budgetWords(budget: Comparison['budget']): string {
  const parts = [
    budget.tokens && `${budget.tokens.toLocaleString('en')} tokens`,
    budget.seconds && `${budget.seconds.toLocaleString('en')} s`,
    budget.steps && `${budget.steps.toLocaleString('en')} steps`,
    budget.usd !== null && `$${budget.usd}`,
  ].filter(Boolean)
  return parts.length ? `at most ${parts.join(', ')} a run` : 'no limit a run'
}

export function cost(usd: number | null): string {
  return usd === null ? 'not known' : usd === 0 ? '$0' : `$${usd.toFixed(4)}`
}

export const STATUS: Record<Comparison['status'], string> = {
  running: 'at work', done: 'all runs made', cancelled: 'cancelled', failed: 'broke off', lost: 'broke off: Nodeloom ended meanwhile',
}
