import { type ReactNode } from 'react'
import { Icon } from '../style/icons'
import { CompareWith } from './CompareWith'
import { KeepAsTest } from './KeepAsTest'
import { Lineage } from './Lineage'
import type { TraceReader } from './reader'
import { StateChip } from './StateChip'
import type { Relative, Run, Wish } from './types'
import { countText, momentText, RUN_MARKS, secondsText, usdText } from './words'

interface Props {
  reader: TraceReader
  run: Run
  relatives: Relative[]
  seconds: number
  onWish: (wish: Wish) => void
}

/** What the run came to, in figures, where it comes from, and the ways out of the page. */
export function RunHeader({ reader, run, relatives, seconds, onWish }: Props) {
  const limits = run.limits ?? {}
  const tokens = { input: run.input_tokens ?? 0, output: run.output_tokens ?? 0 }
  return (
    <header className="rh">
      <div className="rh-name">
        <button className="btn ghost icon" aria-label="All runs" title="All runs" onClick={() => onWish({ view: 'runs' })}>
          <Icon name="left" />
        </button>
        <h1 className="ell" title={run.title}>{run.label || run.title}</h1>
        <span className="mono t2 rh-number">{run.number}</span>
        <StateChip mark={RUN_MARKS[run.status]} />
      </div>
      <dl className="kv">
        <Figure name="Answer">
          <span className="answer ell" title={answerText(run)}>{answerText(run)}</span>
        </Figure>
        <Figure name="Time" of={of(limits.seconds, secondsText)}>{secondsText(seconds)}</Figure>
        <Figure name="Tokens" of={`${countText(tokens.input)} in, ${countText(tokens.output)} out`}>
          {countText(tokens.input + tokens.output)}
        </Figure>
        <Figure name="Cost" of={of(limits.usd, (value) => `$${value}`)}>
          {run.usd === null ? <span title="No list price is known for this model">unknown</span> : usdText(run.usd)}
        </Figure>
        <Figure name="Steps" of={run.kept ? `${countText(run.kept)} kept` : of(limits.steps, countText)}>{countText(run.steps ?? 0)}</Figure>
      </dl>
      <div className="rh-ways">
        {run.workflow_id && (
          <button className="btn" onClick={() => onWish({ view: 'build', workflow: run.workflow_id ?? undefined, run: run.number })}>Open the workflow</button>
        )}
        <KeepAsTest reader={reader} run={run} />
        <CompareWith reader={reader} run={run} relatives={relatives} onCompare={(left, right) => onWish({ view: 'compare', left, right })} />
      </div>
      {run.error && (
        <p className="rh-error" role="alert">
          <Icon name="error" size={14} /> <b>{run.error.what}</b> {run.error.mend}
        </p>
      )}
      <div className="rh-foot">
        {relatives.length > 1 && <Lineage run={run} relatives={relatives} onOpen={(other) => onWish({ view: 'trace', run: other })} />}
        <span className="grow" />
        <span className="xs t3 ell">
          {run.model && <span className="mono">{run.model}</span>}
          {run.started_at !== null && `${run.model ? ' · ' : ''}started ${momentText(run.started_at)}`}
        </span>
      </div>
    </header>
  )
}

function Figure({ name, of: limit, children }: { name: string; of?: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {children} {limit && <span>{limit}</span>}
      </dd>
    </div>
  )
}

function of(limit: number | null | undefined, say: (value: number) => string): string | undefined {
  return limit === null || limit === undefined ? undefined : `of ${say(limit)}`
}

/** The outputs in one line: the value alone where there is one output. */
export function answerText(run: Run): string {
  const outputs = Object.entries(run.outputs ?? {})
  if (outputs.length === 0) return run.status === 'done' ? 'nothing' : 'none yet'
  const say = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
  return outputs.length === 1 ? say(outputs[0]![1]) : outputs.map(([name, value]) => `${name}: ${say(value)}`).join('; ')
}
