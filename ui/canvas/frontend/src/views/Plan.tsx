import { useState, type ReactElement } from 'react'
import { Icon, type IconName } from '../style/icons'
import { Drawing } from './Drawing'
import { depthOf, doneOf } from './figures'
import { Fold } from './Fold'
import type { PlanStep, StepStatus, View } from './types'

const MARKS: Record<StepStatus, { icon: IconName; word: string; tone: string }> = {
  open: { icon: 'ring', word: 'open', tone: 'idle' }, running: { icon: 'arc', word: 'running', tone: 'running' }, done: { icon: 'check', word: 'done', tone: 'done' },
  failed: { icon: 'cross', word: 'failed', tone: 'failed' }, skipped: { icon: 'skip', word: 'skipped', tone: 'skipped' },
}

/** A plan that fills in as it runs: a checklist, above it a graph where steps wait for others. */
export function Plan({ view }: { view: Extract<View, { type: 'plan' }> }): ReactElement {
  const [picked, pick] = useState<string | null>(null)
  const { done, failed, all } = doneOf(view.steps)
  if (!all) return <p className="t3 sm">No steps yet.</p>
  const known = new Set(view.steps.map((step) => step.id))
  const edges = view.steps.flatMap((step) => step.needs.filter((need) => known.has(need)).map((need) => ({ source: need, target: step.id, label: '' })))
  return (
    <div className="v-plan">
      {view.goal && <p className="v-goal"><Fold text={view.goal} most={180} lines={3} /></p>}
      <div className="row xs t2"><span className="meter grow" role="meter" aria-valuemin={0} aria-valuemax={all} aria-valuenow={done} aria-label="Steps done"><i style={{ width: `${(100 * done) / all}%` }} /></span>{done} of {all} done{failed > 0 && `, ${failed} failed`}</div>
      {edges.length > 0 && <Drawing label="Which step waits for which" nodes={view.steps.filter((step) => edges.some((edge) => edge.source === step.id || edge.target === step.id)).map((step) => ({ id: step.id, label: step.title, tone: `step ${step.status}`, words: MARKS[step.status].word }))} edges={edges} picked={picked} onPick={pick} />}
      <ol className="v-steps">
        {view.steps.map((step, index) => <Step key={step.id} step={step} number={index + 1} depth={depthOf(view.steps, step)} numbers={view.steps} picked={picked === step.id} />)}
      </ol>
    </div>
  )
}

function Step({ step, number, depth, numbers, picked }: { step: PlanStep; number: number; depth: number; numbers: PlanStep[]; picked: boolean }): ReactElement {
  const { icon, word, tone } = MARKS[step.status]
  const after = step.needs.map((need) => numbers.findIndex((each) => each.id === need) + 1).filter(Boolean)
  return (
    <li className={`v-step ${step.status} ${picked ? 'picked' : ''}`} data-status={step.status} style={{ marginLeft: depth * 18 }} aria-current={step.status === 'running' ? 'step' : undefined}>
      <span className={`st-${tone}`} title={word}><Icon name={icon} size={14} className={step.status === 'running' ? 'spin' : ''} /><span className="vh">{word}</span></span>
      <div className="grow">
        <div className="v-title"><span className="t3 num">{number}</span> {step.title || 'Unnamed step'}{after.length > 0 && <span className="xs t3"> after {after.join(', ')}</span>}</div>
        {step.result && <div className="v-result"><Fold text={step.result} most={200} lines={4} /></div>}
      </div>
    </li>
  )
}
