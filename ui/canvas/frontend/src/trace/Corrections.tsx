import { type ReactNode, useEffect, useState, useSyncExternalStore } from 'react'
import { Select } from '../build/debug/Select'
import { Icon } from '../style/icons'
import { actsOf, type Candidate, costText, firstGoal, type Goal, type Plan, type Trial, type Trials, type Verdict } from './trials'
import type { Run } from './types'
import { countText } from './words'

interface Props {
  trials: Trials
  run: Run
  /** The run in which a model said what went wrong; null where none was asked. */
  diagnosis: string | null
  onSelect: (span: string) => void
  onRun: (run: string) => void
  onCompare: (left: string, right: string) => void
}

/** Which step decided: corrections tried on forks until one turns the outcome. */
export function Corrections({ trials, run, diagnosis, onSelect, onRun, onCompare }: Props) {
  const { plan, verdict, error } = useSyncExternalStore(trials.subscribe, trials.snapshot)
  const [asked, setAsked] = useState(false)
  const working = verdict.state === 'working'
  const look = () => { setAsked(true); void trials.look(null, diagnosis) }
  useEffect(() => { if (asked && !working) void trials.look(null, diagnosis) }, [diagnosis]) // what a model said since is a correction too
  const begin = (spans: string[], goal: Goal) => void trials.begin(spans, goal, diagnosis).then(() => setAsked(trials.snapshot().error !== null))
  return (
    <div className="well corrections" data-testid="corrections" role="group" aria-label="Try corrections">
      <div className="row">
        <b>Try corrections</b>
        <span className="grow xs t3 ell">on forks of {run.number}, which stays as it is</span>
        {!asked && !working && <button className="btn sm" data-testid="corrections-look" onClick={look}><Icon name="fork" size={14} />{verdict.state === 'none' ? 'Which would be tried?' : 'Try others'}</button>}
      </div>
      {verdict.state !== 'none' && !asked && <Came verdict={verdict} run={run} onSelect={onSelect} onRun={onRun} onCompare={onCompare} onCancel={() => void trials.cancel()} />}
      {asked && plan && <Choice plan={plan} trials={trials} diagnosis={diagnosis} onBegin={begin} onSelect={onSelect} onClose={() => setAsked(false)} />}
      {asked && !plan && !error && <p className="t3">Looking which steps could be corrected…</p>}
      {error && <p className="st-failed" role="alert">{error.what} {error.mend}</p>}
    </div>
  )
}

interface ChoiceProps {
  plan: Plan
  trials: Trials
  diagnosis: string | null
  onBegin: (spans: string[], goal: Goal) => void
  onSelect: (span: string) => void
  onClose: () => void
}

/** Before anything runs: the steps, what the run should have come to, and what it may cost. */
function Choice({ plan, trials, diagnosis, onBegin, onSelect, onClose }: ChoiceProps) {
  const [goal, setGoal] = useState<Goal>(() => firstGoal(plan))
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const good = goal.sort === 'good' ? goal.run : null
  useEffect(() => { void trials.look(good, diagnosis) }, [trials, good, diagnosis])
  const chosen = plan.candidates.filter((each) => !left.has(each.span))
  const toggle = (span: string) => setLeft((before) => new Set(before.has(span) ? [...before].filter((each) => each !== span) : [...before, span]))
  const acts = actsOf(chosen)
  const says = goal.sort !== 'condition' || goal.expect.trim() !== ''
  return (
    <form onSubmit={(event) => { event.preventDefault(); if (chosen.length > 0 && says) onBegin([...new Set(chosen.map((each) => each.span))], goal) }}>
      <GoalPicker plan={plan} goal={goal} onGoal={setGoal} />
      {plan.candidates.length === 0 && <p className="t2" data-testid="corrections-none">{nothing(plan)}</p>}
      {plan.candidates.length > 0 && (
        <ul className="candidates">
          {plan.candidates.map((each, at) => <CandidateRow key={`${each.span} ${at}`} candidate={each} chosen={!left.has(each.span)} onToggle={() => toggle(each.span)} onSelect={onSelect} />)}
        </ul>
      )}
      {chosen.length > 0 && <p className="t2" data-testid="corrections-cost">{costText(chosen, plan.ends)} It ends with the first that turns the outcome.</p>}
      {chosen.length > 0 && acts.length > 0 && <p className="row acting"><Icon name="warning" size={14} /><span>Runs anew and acts outside the run: <b>{acts.join(', ')}</b>.</span></p>}
      <div className="row foot">
        <button className="btn sm primary" data-testid="corrections-begin" disabled={chosen.length === 0 || !says}>Try {chosen.length === 1 ? 'it' : 'them'}</button>
        <button type="button" className="btn sm ghost" onClick={onClose}>Not now</button>
      </div>
    </form>
  )
}

function nothing(plan: Plan): string {
  if (plan.good.length > 0) return 'The rules have nothing to tell a step. Pick a run that went well, or ask a model what went wrong.'
  return 'The rules have nothing to tell a step, and no other run on these inputs came to its end. Ask a model what went wrong, or run the workflow again on them.'
}

function GoalPicker({ plan, goal, onGoal }: { plan: Plan; goal: Goal; onGoal: (goal: Goal) => void }) {
  const options: [string, string][] = [
    ...(plan.ends ? [] : [['done', 'comes to its end'] as [string, string]]),
    ...plan.good.map((each): [string, string] => [`good ${each.number}`, `gives out what ${each.label || each.number} gave`]),
    ['condition', 'meets a condition'],
  ]
  const pick = (value: string) => onGoal(value.startsWith('good ') ? { sort: 'good', run: value.slice(5) } : value === 'done' ? { sort: 'done' } : { sort: 'condition', expect: '' })
  return (
    <div className="goal">
      <span className="t2">The outcome is turned when a fork</span>
      <Select label="The outcome is turned when a fork" testid="corrections-goal" value={goal.sort === 'good' ? `good ${goal.run}` : goal.sort} options={options} onChange={pick} />
      {goal.sort === 'condition' && (
        <input className="in mono" aria-label="Condition over outputs, in CEL" data-testid="corrections-expect" placeholder="outputs.answer.contains('86')" value={goal.expect}
          onChange={(event) => onGoal({ sort: 'condition', expect: event.target.value })} />
      )}
    </div>
  )
}

function CandidateRow({ candidate, chosen, onToggle, onSelect }: { candidate: Candidate; chosen: boolean; onToggle: () => void; onSelect: (span: string) => void }) {
  return (
    <li data-testid="candidate" data-node={candidate.node}>
      <input type="checkbox" checked={chosen} aria-label={`Try ${candidate.label}, visit ${candidate.visit}`} onChange={onToggle} />
      <span className="words">
        <span className="row"><button type="button" className="link ell" onClick={() => onSelect(candidate.span)}>{candidate.label}{candidate.visit > 1 ? `, visit ${candidate.visit}` : ''}</button><span className="xs t3 nw">by {candidate.source}</span></span>
        <span className="t2 said-what" title={candidate.what}>{candidate.what}</span>
      </span>
      <span className="num t2 nw r">{candidate.calls === 0 ? 'no call' : `${countText(candidate.calls)} ${candidate.calls === 1 ? 'call' : 'calls'}`}</span>
    </li>
  )
}

interface CameProps {
  verdict: Verdict
  run: Run
  onSelect: (span: string) => void
  onRun: (run: string) => void
  onCompare: (left: string, right: string) => void
  onCancel: () => void
}

/** How far the trials are, or what came of them. */
function Came({ verdict, run, onSelect, onRun, onCompare, onCancel }: CameProps) {
  const { decisive, now } = verdict
  return (
    <div role="status" data-testid="trials" data-state={verdict.state}>
      {decisive && (
        <p className="row decided" data-testid="decisive">
          <Icon name="flag" size={14} /><span className="grow"><button className="link" onClick={() => onSelect(decisive.span)}>{wordsOf(decisive)}</button> decided: corrected there, the run came to what it should.</span>
          <button className="btn sm" onClick={() => onCompare(run.number, decisive.number)}>Compare</button>
        </p>
      )}
      {!decisive && verdict.state === 'ended' && <p className="t2">No correction that was tried turned the outcome.</p>}
      {verdict.state === 'cancelled' && <p className="t2">Cancelled.</p>}
      {verdict.state === 'cut' && <p className="t2">Nodeloom ended while they were tried.</p>}
      {verdict.error && <p className="st-failed" role="alert">{verdict.error.what} {verdict.error.mend}</p>}
      <ol className="trials">
        {verdict.trials.map((each) => <TrialRow key={each.run_id} trial={each} onSelect={onSelect} onRun={onRun} />)}
        {now && (
          <li data-testid="trial-now"><Icon name="arc" size={12} className="spin st-running" /><button className="link ell" onClick={() => onSelect(now.span)}>{now.node}</button><button className="link mono" onClick={() => onRun(now.number)}>{now.number}</button><span className="t2">runs</span></li>
        )}
      </ol>
      {verdict.state === 'working' && (
        <div className="row foot"><span className="grow xs t3">{verdict.trials.length} of {verdict.planned.length} tried</span><button className="btn sm" data-testid="corrections-cancel" onClick={onCancel}>Cancel</button></div>
      )}
    </div>
  )
}

const CAME: Record<string, string> = { done: 'did not turn it', waiting: 'waits for a person', failed: 'failed', limit: 'reached a limit', stopped: 'was stopped', lost: 'was lost' }

function TrialRow({ trial, onSelect, onRun }: { trial: Trial; onSelect: (span: string) => void; onRun: (run: string) => void }): ReactNode {
  return (
    <li data-testid="trial" data-turned={trial.turned}>
      <Icon name={trial.turned ? 'check' : 'cross'} size={12} className={trial.turned ? 'st-done' : 'st-idle'} />
      <button className="link ell" onClick={() => onSelect(trial.span)}>{wordsOf(trial)}</button>
      <button className="link mono" title="Open the fork" onClick={() => onRun(trial.number)}>{trial.number}</button>
      <span className={trial.turned ? 'st-done' : 't2'}>{trial.turned ? 'turned the outcome' : (CAME[trial.status] ?? trial.status)}</span>
      <span className="xs t3 ell">by {trial.source}</span>
    </li>
  )
}

function wordsOf(trial: { node: string; visit: number }): string {
  return trial.visit > 1 ? `${trial.node}, visit ${trial.visit}` : trial.node
}
