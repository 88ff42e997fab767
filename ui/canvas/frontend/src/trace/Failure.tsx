import { useEffect, useState } from 'react'
import { type Api, ApiError } from '../api'
import { Icon } from '../style/icons'
import { Corrections } from './Corrections'
import { about, type Diagnosis, type Failures, type Finding, type Fork, SEVERITY_MARKS, wordsOf } from './failures'
import type { FailureProps as Props } from './FailureSlot'
import type { Run } from './types'

type Asked<T> = { state: 'asking' } | { state: 'there'; value: T } | { state: 'refused'; what: string; mend: string }

/** What rules found wrong with the run, or with one span of it, and what a model says where it is asked. */
export default function Failure({ api, run, span, trials, onSelect, onFork, onRun, onCompare }: Props) {
  const asked = useFailures(api, run)
  const [said, setSaid] = useState<Diagnosis | null>(diagnoses.get(key(run)) ?? null)
  const say = (diagnosis: Diagnosis) => { diagnoses.set(key(run), diagnosis); setSaid(diagnosis) }
  if (asked.state === 'asking') return <p className="t3 sm">Looking for what went wrong…</p>
  if (asked.state === 'refused') return <p className="sm st-failed" role="alert">{asked.what} {asked.mend}</p>
  const findings = about(asked.value.findings, span)
  const titles = Object.fromEntries(asked.value.detectors.map((each) => [each.name, each.title]))
  return (
    <div className="tries" data-testid="failures">
      {findings.map((each, at) => <FindingCard key={at} finding={each} title={titles[each.detector] ?? each.detector} here={span} onSelect={onSelect} onFork={onFork} />)}
      {findings.length === 0 && <p className="t3 sm">{span ? 'The rules found nothing wrong with this step.' : 'The rules found nothing wrong with this run.'}</p>}
      {!span && asked.value.complete && (said ? <Said diagnosis={said} onSelect={onSelect} onFork={onFork} /> : <Ask api={api} run={run} onSaid={say} />)}
      {!span && asked.value.complete && <Corrections trials={trials} run={run} diagnosis={said?.run_id ?? null} onSelect={onSelect} onRun={onRun} onCompare={onCompare} />}
    </div>
  )
}

function useFailures(api: Api, run: Run): Asked<Failures> {
  const [asked, setAsked] = useState<Asked<Failures>>({ state: 'asking' })
  useEffect(() => {
    let stale = false
    setAsked({ state: 'asking' })
    failuresOf(api, run).then(
      (value) => stale || setAsked({ state: 'there', value }),
      (error: unknown) => stale || setAsked(refused(error)),
    )
    return () => void (stale = true)
  }, [api, run.id, run.status])
  return asked
}

const known = new Map<string, Promise<Failures>>()
/** What a model said stays said while the page is open. */
const diagnoses = new Map<string, Diagnosis>()

function key(run: Run): string {
  return `${run.id} ${run.ended_at}`
}

/** What is wrong with a run; once it has ended it is asked for once, though every span that is looked at needs it. */
function failuresOf(api: Api, run: Run): Promise<Failures> {
  if (run.ended_at === null) return api.get<Failures>(`/runs/${run.id}/failures`)
  const asked = known.get(key(run)) ?? api.get<Failures>(`/runs/${run.id}/failures`)
  known.set(key(run), asked)
  if (known.size > 8) known.delete(known.keys().next().value!)
  asked.catch(() => known.delete(key(run)))
  return asked
}

interface CardProps {
  finding: Finding
  title: string
  /** The span that is shown already. */
  here: string | null
  onSelect: (span: string) => void
  onFork: (span: string, changes: object) => void
}

function FindingCard({ finding, title, here, onSelect, onFork }: CardProps) {
  const mark = SEVERITY_MARKS[finding.severity]
  return (
    <div className="well" data-finding={finding.detector}>
      <p className="row">
        <span className={`row ${mark.tone}`} title={mark.word}><Icon name={mark.icon} size={14} /><b>{title}</b></span>
        <span className="chip line">{finding.module}</span>
      </p>
      <p style={{ overflowWrap: 'anywhere' }}>{finding.what}</p>
      <p className="t2">{finding.mend}</p>
      <Ways span={finding.span} evidence={finding.evidence} where={wordsOf(finding)} here={here} fork={finding.fork} told={finding.tell} onSelect={onSelect} onFork={onFork} />
    </div>
  )
}

interface WaysProps {
  span: string | null
  evidence: string[]
  where: string
  here: string | null
  fork: Fork | null
  /** What the fork tells the step. */
  told: string
  onSelect: (span: string) => void
  onFork: (span: string, changes: object) => void
}

/** The spans that show it, and the way on from there. */
function Ways({ span, evidence, where, here, fork, told, onSelect, onFork }: WaysProps) {
  return (
    <p className="row" style={{ flexWrap: 'wrap', paddingTop: 4 }}>
      {span && span !== here && <button className="link" data-testid="finding-span" onClick={() => onSelect(span)}>{where}</button>}
      {evidence.slice(0, 5).map((each, at) => <button key={each} className="link" title="A span that shows it" onClick={() => onSelect(each)}>evidence {at + 1}</button>)}
      {fork && (
        <button className="btn sm" data-testid="fork-with-feedback" title={told && `Tells it: ${told}`} onClick={() => onFork(fork.span, fork.changes)}>
          <Icon name="fork" size={14} />{Object.keys(fork.changes).length > 0 ? 'Fork from here with this feedback' : 'Fork from here'}
        </button>
      )}
    </p>
  )
}

function Ask({ api, run, onSaid }: Pick<Props, 'api' | 'run'> & { onSaid: (diagnosis: Diagnosis) => void }) {
  const [asked, setAsked] = useState<Asked<Diagnosis> | null>(null)
  const ask = () => {
    setAsked({ state: 'asking' })
    api.post<Diagnosis>(`/runs/${run.id}/diagnosis`).then(onSaid, (error: unknown) => setAsked(refused(error)))
  }
  return (
    <div className="row" role="status">
      <button className="btn sm" data-testid="ask-model" disabled={asked?.state === 'asking'} onClick={ask}>Ask a model what went wrong</button>
      <span className={asked?.state === 'refused' ? 'xs st-failed' : 'xs t3'}>{sayAsked(asked)}</span>
    </div>
  )
}

function sayAsked(asked: Asked<Diagnosis> | null): string {
  if (asked?.state === 'refused') return `${asked.what} ${asked.mend}`
  return asked ? 'It reads the run…' : 'It reads the run in short; three calls of the default model.'
}

function Said({ diagnosis, onSelect, onFork }: { diagnosis: Diagnosis; onSelect: (span: string) => void; onFork: (span: string, changes: object) => void }) {
  return (
    <div className="well" data-testid="diagnosis">
      <p className="row"><b>A model says</b><span className="chip line">{diagnosis.module}</span></p>
      <p>{diagnosis.reason}</p>
      <p className="t2">Tell it: {diagnosis.feedback}</p>
      <Ways span={diagnosis.span} evidence={[]} where={wordsOf(diagnosis)} here={null} fork={diagnosis.fork} told={diagnosis.feedback} onSelect={onSelect} onFork={onFork} />
    </div>
  )
}

function refused(error: unknown): { state: 'refused'; what: string; mend: string } {
  if (error instanceof ApiError) return { state: 'refused', what: error.problem.what, mend: error.problem.mend ?? '' }
  return { state: 'refused', what: error instanceof Error ? error.message : String(error), mend: '' }
}
