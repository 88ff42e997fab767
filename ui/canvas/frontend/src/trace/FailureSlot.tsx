import { lazy, Suspense, useState, useSyncExternalStore, type ComponentType, type ReactNode } from 'react'
import type { Api } from '../api'
import type { Trials } from './trials'
import type { Row, Run } from './types'

export interface FailureProps {
  api: Api
  run: Run
  /** The failed span; null for the run as a whole. */
  span: string | null
  onSelect: (span: string) => void
  onFork: (span: string, changes: object) => void
  /** Corrections of the run, tried on forks. */
  trials: Trials
  onRun: (run: string) => void
  onCompare: (left: string, right: string) => void
}

interface Props extends Omit<FailureProps, 'span'> {
  row: Row
  /** Of the whole run. */
  spans: number
}

/** Spans up to which the rules look without being asked: they read the whole trace. */
const LOOKS_AT_ONCE = 5000
const Failure: ComponentType<FailureProps> = lazy(() => import('./Failure'))
const OVER: ReadonlySet<string> = new Set(['failed', 'limit', 'lost', 'stopped', 'done'])
const WENT_WRONG: ReadonlySet<string> = new Set(['failed', 'limit', 'lost'])

/** Where what went wrong is told: first of a failed span or run, last of a run that went well, else nowhere. */
export function failurePlace(run: Run, row: Row): 'first' | 'last' | null {
  if (row.depth > 0) return row.status === 'error' ? 'first' : null
  return WENT_WRONG.has(run.status) ? 'first' : OVER.has(run.status) ? 'last' : null
}

/** What went wrong, by rules and on demand by a model. */
export function FailureSlot({ row, spans, ...rest }: Props): ReactNode {
  const [asked, ask] = useState(failurePlace(rest.run, row) === 'first' && spans <= LOOKS_AT_ONCE)
  const { verdict } = useSyncExternalStore(rest.trials.subscribe, rest.trials.snapshot)
  const tried = verdict.state !== 'none' && row.depth === 0
  if (!asked && !tried) return <button className="btn sm" onClick={() => ask(true)}>Look for what went wrong</button>
  return <Suspense fallback={<p className="t3 sm">Looking for what went wrong…</p>}><Failure {...rest} span={row.depth === 0 ? null : row.id} /></Suspense>
}
