import type { ReactElement, ReactNode } from 'react'
import { Popover } from '../build/bar/Popover'
import { Icon } from '../style/icons'
import type { Run } from '../trace/types'
import { countText, RUN_MARKS, secondsText, usdText } from '../trace/words'
import { RunPicker } from './RunPicker'
import type { Summary } from './types'
import { secondsDelta, signed, tokensDelta, usdDelta } from './words'
import type { Api } from '../api'

export type Choose = (left: string, right: string) => void

interface Props {
  api: Api
  summary: Summary
  onChoose: Choose
  onAgain: () => void
}

const GOING_ON = new Set(['queued', 'running', 'waiting'])

/** The two runs in figures, and by how much they differ. */
export function Header({ api, summary, onChoose, onAgain }: Props): ReactElement {
  const { left, right } = summary
  const [one, other] = [tokens(left), tokens(right)]
  const goesOn = [left, right].filter((run) => GOING_ON.has(run.status))
  return (
    <header className="ch" data-region="head">
      <h1>Compare</h1>
      <RunCard api={api} side="a" run={left} other={right} onPick={(run) => onChoose(run, right.number)} />
      <button className="btn ghost icon swap" aria-label="Swap A and B" title="Swap A and B (S)" data-testid="swap" onClick={() => onChoose(right.number, left.number)}><Icon name="swap" /></button>
      <RunCard api={api} side="b" run={right} other={left} onPick={(run) => onChoose(left.number, run)} />
      <dl className="deltas">
        <Delta name="Time">{secondsDelta(left.seconds ?? 0, right.seconds ?? 0)}</Delta>
        <Delta name="Tokens">{tokensDelta(one, other)}</Delta>
        <Delta name="Cost">{usdDelta(left.usd, right.usd)}</Delta>
        <Delta name="Steps">{signed((right.steps ?? 0) - (left.steps ?? 0), countText)}</Delta>
      </dl>
      <span className="grow ell sm t3 ch-title" title={titleWords(summary)}>{titleWords(summary)}</span>
      {goesOn.length > 0 && <span className="chip running nw">{goesOn.map((run) => run.number).join(' and ')} {goesOn.length > 1 ? 'have' : 'has'} not ended</span>}
      {goesOn.length > 0 && <button className="btn" onClick={onAgain}><Icon name="redo" />Compare again</button>}
    </header>
  )
}

function Delta({ name, children }: { name: string; children: ReactNode }): ReactElement {
  return <div><dt>{name}</dt><dd>{children}</dd></div>
}

function RunCard({ api, side, run, other, onPick }: { api: Api; side: 'a' | 'b'; run: Run; other: Run; onPick: (run: string) => void }): ReactElement {
  const mark = RUN_MARKS[run.status]
  const figures = [secondsText(run.seconds ?? 0), `${countText(tokens(run))} tok`, run.usd === null ? 'cost unknown' : usdText(run.usd)]
  const answer = answerWords(run)
  return (
    <div className={`run-card run-${side}`} data-testid={`run-${side}`}>
      <span className="run-letter" aria-hidden="true">{side.toUpperCase()}</span>
      <div className="row run-name">
        <b className="mono">{run.number}</b>
        <span className={`st-${mark.tone} run-state`} title={mark.word}><Icon name={mark.icon} size={12} className={mark.icon === 'arc' ? 'spin' : ''} /><span className="vh">{mark.word}</span></span>
        <span className="ell sm" title={answer}>{answer || mark.word}</span>
      </div>
      <span className="xs t2 num ell" title={run.title}>{figures.join(' · ')}</span>
      <Popover label={`Choose another run for ${side.toUpperCase()}`} className="btn ghost sm icon run-pick" align={side === 'a' ? 'left' : 'right'} testid={`pick-${side}`} button={<Icon name="down" size={14} />}>
        {(close) => <RunPicker api={api} workflow={other.workflow_id} chosen={run.number} onPick={(number) => { close(); onPick(number) }} />}
      </Popover>
    </div>
  )
}

function isFork(run: Run, parent: Run): boolean {
  return 'parent_id' in run && run.parent_id === parent.id
}

/** Of which workflows the runs are. */
function titleWords({ left, right, document }: Summary): string {
  const fork = isFork(right, left) ? `${right.number} is a fork of ${left.number}` : isFork(left, right) ? `${left.number} is a fork of ${right.number}` : ''
  if (fork) return `${right.title}: ${fork}${document.length === 0 ? '' : ', workflow edited'}`
  if (left.workflow_id !== right.workflow_id || left.title !== right.title) return left.title === right.title ? left.title : `${left.title} and ${right.title}`
  return `${left.title}, ${document.length === 0 ? 'the same version' : 'edited in between'}`
}

export function tokens(run: Run): number {
  return (run.input_tokens ?? 0) + (run.output_tokens ?? 0)
}

/** The answer in few words, or what went wrong. */
export function answerWords(run: Run): string {
  if (run.error && run.status !== 'done') return run.error.what
  const values = Object.values(run.outputs ?? {}).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
  return values.join('; ').replaceAll(/\s+/g, ' ').slice(0, 200)
}
