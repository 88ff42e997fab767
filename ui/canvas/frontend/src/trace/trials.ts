// Corrections of a run, tried on forks: what would be tried, how far it is, what came of it.
// See docs/contracts.md, "Failures".
import type { Api } from '../api'
import { Observable } from './observable'
import { problemOf } from './reader'
import { countText } from './words'

export interface Candidate {
  span: string
  node: string
  label: string
  visit: number
  source: string
  /** The correction in words. */
  what: string
  /** Model calls and tokens that a fork from there takes, by what this run took. */
  calls: number
  tokens: number
  /** Labels of the nodes after it that change the world outside the run. */
  acts: string[]
}

/** A run on the same inputs that came to its end. */
export interface GoodRun { id: string; number: string; label: string; outputs: Record<string, unknown> | null }

export interface Plan { run_id: string; ends: boolean; candidates: Candidate[]; good: GoodRun[] }

export interface Trial { span: string; node: string; visit: number; source: string; run_id: string; number: string; status: string; turned: boolean }

export interface Verdict {
  state: 'none' | 'working' | 'ended' | 'cancelled' | 'failed' | 'cut'
  planned: string[]
  trials: Trial[]
  decisive: Trial | null
  now: { span: string; node: string; run_id: string; number: string } | null
  error: { what: string; mend: string } | null
}

/** What a run should have come to: its end, what another gave out, or a condition. */
export type Goal = { sort: 'done' } | { sort: 'good'; run: string } | { sort: 'condition'; expect: string }

export type TrialMark = 'decisive' | 'trying' | 'tried'

export interface TrialsState {
  plan: Plan | null
  verdict: Verdict
  error: { what: string; mend: string } | null
}

export const NEVER: Verdict = { state: 'none', planned: [], trials: [], decisive: null, now: null, error: null }
const POLL_MS = 600

export class Trials extends Observable<TrialsState> {
  private timer: ReturnType<typeof setTimeout> | null = null
  private closed = false
  /** Counts what was asked for: only the last plan counts. */
  private turn = 0

  constructor(private readonly api: Pick<Api, 'get' | 'post' | 'json'>, private readonly run: string) {
    super({ plan: null, verdict: NEVER, error: null })
  }

  /** How far the trials are, or what came of them when they were made. */
  async open(): Promise<void> {
    this.closed = false
    await this.read()
  }

  close(): void {
    this.closed = true
    if (this.timer) clearTimeout(this.timer)
  }

  /** What would be tried. */
  async look(good: string | null, diagnosis: string | null): Promise<void> {
    const turn = ++this.turn
    const asked = new URLSearchParams({ ...(good ? { good } : {}), ...(diagnosis ? { diagnosis } : {}) })
    await this.guarded(async () => {
      const plan = await this.api.get<Plan>(`/runs/${this.run}/corrections?${asked}`)
      if (turn === this.turn) this.set({ plan })
    })
  }

  async begin(spans: string[], goal: Goal, diagnosis: string | null): Promise<void> {
    const wanted = goal.sort === 'good' ? { good: goal.run } : goal.sort === 'condition' ? { expect: goal.expect } : {}
    await this.guarded(async () => {
      const verdict = await this.api.post<Verdict>(`/runs/${this.run}/counterfactual`, { spans, ...wanted, ...(diagnosis ? { diagnosis } : {}) })
      this.put(verdict)
    })
  }

  async cancel(): Promise<void> {
    await this.guarded(async () => this.put(await this.api.json<Verdict>('DELETE', `/runs/${this.run}/counterfactual`)))
  }

  private async read(): Promise<void> {
    await this.guarded(async () => this.put(await this.api.get<Verdict>(`/runs/${this.run}/counterfactual`)))
  }

  private put(verdict: Verdict): void {
    this.set({ verdict })
    if (this.timer) clearTimeout(this.timer)
    if (verdict.state === 'working' && !this.closed) this.timer = setTimeout(() => void this.read(), POLL_MS)
  }

  private async guarded(work: () => Promise<void>): Promise<void> {
    try {
      this.set({ error: null })
      await work()
    } catch (error) {
      this.set({ error: problemOf(error) })
      // The forks go on without the page: ask again.
      if (this.state.verdict.state === 'working' && !this.closed) this.timer = setTimeout(() => void this.read(), 3 * POLL_MS)
    }
  }
}

/** Span -> what the trials say of it. */
export function marksOf(verdict: Verdict): ReadonlyMap<string, TrialMark> {
  const found = new Map<string, TrialMark>()
  if (verdict.now) found.set(verdict.now.span, 'trying')
  for (const trial of verdict.trials) found.set(trial.span, trial.turned ? 'decisive' : (found.get(trial.span) ?? 'tried'))
  return found
}

/** Node -> the same, of all its visits the most telling. */
export function nodeMarksOf(verdict: Verdict): ReadonlyMap<string, TrialMark> {
  const found = new Map<string, TrialMark>()
  for (const trial of verdict.trials) if (trial.turned || !found.has(trial.node)) found.set(trial.node, trial.turned ? 'decisive' : 'tried')
  if (verdict.now && found.get(verdict.now.node) !== 'decisive') found.set(verdict.now.node, 'trying')
  return found
}

/** The most that trying them can cost: every fork runs on to the end. */
export function costText(candidates: Candidate[], ends: boolean): string {
  const calls = candidates.reduce((sum, each) => sum + each.calls, 0)
  const tokens = candidates.reduce((sum, each) => sum + each.tokens, 0)
  const forks = candidates.length === 1 ? 'One fork' : `At most ${candidates.length} forks`
  const took = calls === 0 ? 'no model call' : `about ${countText(calls)} model ${calls === 1 ? 'call' : 'calls'} and ${countText(tokens)} tokens`
  return `${forks}, ${took}${calls > 0 || ends ? ', by what this run took from there on' : ''}${ends ? '' : '; more where it would have gone on'}.`
}

/** The nodes that change the world outside the run and would run again. */
export function actsOf(candidates: Candidate[]): string[] {
  return [...new Set(candidates.flatMap((each) => each.acts))]
}

/** Where a search begins: what can be said without asking the reader. */
export function firstGoal(plan: Plan): Goal {
  if (!plan.ends) return { sort: 'done' }
  return plan.good[0] ? { sort: 'good', run: plan.good[0].number } : { sort: 'condition', expect: '' }
}
