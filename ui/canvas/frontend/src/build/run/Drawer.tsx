import { useState, type ReactElement } from 'react'
import type { Limits } from '../../model/document'
import { Lines } from '../canvas/Lines'
import { Icon } from '../../style/icons'
import { useBuild, useRun, useUi } from '../state'
import { nameAt, placeWords, type StopAt } from '../debug/stop'
import { count, dollars, plural, seconds, shown } from '../words'
import { Ask } from './Ask'
import { OVER } from './events'
import { InputsForm, type Inputs } from './InputsForm'
import { ThreeWays } from './ThreeWays'

export function Drawer({ inputs, setInputs, onRun, onRunChanged }: { inputs: Inputs; setInputs: (inputs: Inputs) => void; onRun: () => void; onRunChanged: () => void }): ReactElement {
  return (
    <section className="drawer" aria-label="Run" data-region="drawer" data-testid="drawer">
      <InputsForm inputs={inputs} setInputs={setInputs} onRun={onRun} onRunChanged={onRunChanged} />
      <Answer onRun={onRun} inputs={inputs} />
      <SpentSoFar />
    </section>
  )
}

function Answer({ onRun, inputs }: { onRun: () => void; inputs: Inputs }): ReactElement {
  const build = useBuild()
  const run = useRun((state) => state.run)
  const picture = useRun((state) => state.picture)
  const refused = useRun((state) => state.refused)
  const welcome = useUi((ui) => ui.welcome)
  const live = run !== null && !OVER.has(picture.status)
  const visit = picture.speaker ? picture.nodes[picture.speaker]?.visits.at(-1) : undefined
  const text = picture.outputs ? '' : (visit?.text ?? '')
  return (
    <section className="answer">
      <h3>
        Answer {live && picture.status === 'running' && <span className="row st-running xs" style={{ gap: 4 }}><Icon name="arc" size={14} className="spin" />live</span>}
        {run && !live && <StatusWord status={picture.status} />}
        <span className="t3">{live && picture.speaker ? `from ${build.nameOf(picture.speaker)}, visit ${visit?.visit ?? 1}` : run ? `${run.number}${run.model ? ` · ${run.model}` : ''}` : ''}</span>
        <button className="btn ghost sm icon" aria-label="Close the run drawer" onClick={() => build.set({ drawer: false })}><Icon name="down" size={14} /></button>
      </h3>
      <div className="answers">
        {refused && <Refused />}
        {!refused && (!run || welcome) && !live && (welcome ? <ThreeWays onRun={onRun} inputs={inputs} /> : <p className="t3">Fill in the inputs and run. The answer grows here while nodes light up.</p>)}
        {text && <p className="ans pre" aria-live="off">{text}{live && picture.status === 'running' && <span className="caret" />}</p>}
        {picture.stops.map((stop) => <StoppedLine key={stop.interrupt} at={stop} />)}
        {run && live && !text && picture.asks.length + picture.stops.length === 0 && <p className="t3">{working(build, picture.nodes) || 'Starting…'}</p>}
        {picture.outputs && <Outputs outputs={picture.outputs} />}
        {picture.error && <Failure error={picture.error} />}
        {picture.asks.map((ask) => <Ask key={ask.interrupt} ask={ask} />)}
        {run && <Descent />}
        {run && !live && <After status={picture.status} />}
      </div>
    </section>
  )
}

/** A stop, said where the answer grows; its form is in the panel. */
function StoppedLine({ at }: { at: StopAt }): ReactElement {
  const build = useBuild()
  const here = at.node in build.doc.nodes
  const show = (): void => {
    build.debugger.choose(at.interrupt)
    if (here) build.select([at.node])
    build.set({ tab: 'stop' })
  }
  return <p className="stopped-line"><span className="st-waiting"><Icon name="pause" size={14} /></span>Stopped {placeWords(at.stop, nameAt(at, build))}. <button className="link" onClick={show}>Look and change</button></p>
}

/** Where a run comes from, and how much of it was taken over. */
function Descent(): ReactElement | null {
  const run = useRun((state) => state.run)!
  const nodes = useRun((state) => state.picture.nodes)
  const live = Object.values(nodes).reduce((sum, node) => sum + node.visits.filter((visit) => visit.kept).length, 0)
  const kept = Math.max(run.kept ?? 0, live)
  if (!kept) return null
  return <p className="xs t3" data-testid="kept">{plural(kept, 'step')} kept from before, which cost nothing now.</p>
}

function working(build: ReturnType<typeof useBuild>, nodes: Record<string, { state: string; visits: { progress: string }[] }>): string {
  return Object.entries(nodes).filter(([, node]) => node.state === 'running').map(([id, node]) => `${build.nameOf(id)}${node.visits.at(-1)?.progress ? `: ${node.visits.at(-1)!.progress}` : ' is at work'}`).join('. ')
}

function StatusWord({ status }: { status: string }): ReactElement {
  const words: Record<string, [string, string]> = { done: ['st-done', 'done'], failed: ['st-failed', 'failed'], stopped: ['t3', 'stopped'], limit: ['st-waiting', 'limit reached'], lost: ['st-failed', 'interrupted'] }
  const [tone, word] = words[status] ?? ['t3', status]
  return <span className={`row xs b ${tone}`} style={{ gap: 4 }}><Icon name={status === 'done' ? 'check' : status === 'failed' || status === 'lost' ? 'cross' : 'stop'} size={14} />{word}</span>
}

function Outputs({ outputs }: { outputs: Record<string, unknown> }): ReactElement {
  const entries = Object.entries(outputs)
  if (entries.length === 1) return <div className="ans pre" data-testid="answer"><Lines text={shown(entries[0]![1])} /></div>
  return <dl className="outs" data-testid="answer">{entries.map(([name, value]) => <div key={name}><dt className="mono t3">{name}</dt><dd className="pre"><Lines text={shown(value)} /></dd></div>)}</dl>
}

function Failure({ error }: { error: { what: string; mend?: string; node?: string; where?: string } }): ReactElement {
  return <div className="fail" role="alert" data-testid="run-error"><Icon name="error" size={14} /><span><b>{error.what}</b> {error.mend}</span></div>
}

function Refused(): ReactElement {
  const build = useBuild()
  const refused = useRun((state) => state.refused)!
  const problems = refused.diagnostics.filter((each) => each.severity === 'error')
  return (
    <div className="fail" role="alert" data-testid="run-refused">
      <Icon name="error" size={14} />
      <span><b>{refused.what}</b> {refused.mend}{problems.map((each, index) => <span key={index} className="line">{each.message} {each.remedy}</span>)}
        <span className="row" style={{ marginTop: 6 }}>
          <button className="btn sm" onClick={() => build.navigate({ view: 'settings' })}>Open Settings</button>
          <button className="btn sm ghost" onClick={() => { build.runner.forgive(); build.set({ welcome: true }) }}>Other ways to run it</button>
        </span>
      </span>
    </div>
  )
}

/** What can be done after a run: go on from where it stopped, or read its trace. */
function After({ status }: { status: string }): ReactElement {
  const build = useBuild()
  const run = useRun((state) => state.run)!
  const words: Record<string, string> = {
    limit: `Stopped at ${limitWords(run.limits, run)} after ${count(run.steps)} steps. Everything so far is kept. Raise the limit and run on.`,
    stopped: 'Stopped by you. Finished steps are kept; you can run on from here.',
    failed: 'Finished steps are kept. Mend the cause and run on from the step that failed.',
    lost: 'The server ended in the middle of this run. Everything saved is kept; run on from there.',
  }
  return (
    <div className="row after">
      {words[status] && <span className="sm t2 grow">{words[status]}</span>}
      {status === 'limit' ? <RaiseLimits /> : words[status] && <button className="btn sm" data-testid="resume" onClick={() => void build.runner.resume()}><Icon name="resume" size={12} />Run on</button>}
      <button className="btn sm ghost" data-testid="open-trace" onClick={() => build.navigate({ view: 'trace', run: run.id })}>Open the trace</button>
    </div>
  )
}

function limitWords(limits: Limits, run: { steps: number; seconds: number; input_tokens: number; output_tokens: number; usd: number }): string {
  if (limits.usd !== null && run.usd >= limits.usd) return dollars(limits.usd)
  if (limits.tokens !== null && run.input_tokens + run.output_tokens >= limits.tokens) return `${count(limits.tokens)} tokens`
  if (limits.seconds !== null && run.seconds >= limits.seconds) return seconds(limits.seconds)
  return limits.steps !== null ? `${count(limits.steps)} steps` : 'its limit'
}

function RaiseLimits(): ReactElement {
  const build = useBuild()
  const run = useRun((state) => state.run)!
  const raised = Object.fromEntries(Object.entries(run.limits ?? {}).filter(([, value]) => typeof value === 'number').map(([key, value]) => [key, (value as number) * 2]))
  return <button className="btn sm primary" data-testid="raise" onClick={() => void build.runner.resume(raised)}><Icon name="resume" size={12} />Double the limits and run on</button>
}

function SpentSoFar(): ReactElement {
  const build = useBuild()
  const run = useRun((state) => state.run)
  const spent = useRun((state) => state.picture.spent)
  const live = useRun((state) => state.run !== null && !OVER.has(state.picture.status))
  const [stopping, setStopping] = useState<string | null>(null)
  const limits = run?.limits ?? build.doc.limits
  const rows: [string, string, number, number | null, (value: number) => string][] = [
    ['Steps', count(spent.steps), spent.steps, limits.steps, count], ['Time', seconds(spent.seconds), spent.seconds, limits.seconds, (value) => `${count(value)} s`],
    ['Tokens', count(spent.tokens), spent.tokens, limits.tokens, count], ['Cost', dollars(spent.usd), spent.usd, limits.usd, dollars],
  ]
  return (
    <section className="spent">
      <h3>{live ? 'Spent so far' : 'Spent'} <span className="t3">stops at the limit</span></h3>
      <div className="bud">{rows.map(([name, now, value, limit, format]) => <Meter key={name} name={name} now={now} value={value} limit={limit} format={format} />)}</div>
      {live && (
        <div className="row" style={{ marginTop: 'auto' }}>
          <button className="btn sm danger" disabled={stopping === run?.id} onClick={() => { setStopping(run!.id); void build.runner.stop() }}><Icon name="stop" size={12} fill />Stop</button>
          <span className="xs t3" style={{ lineHeight: 1.3 }}>Finished steps are kept.<br />You can run on from here.</span>
        </div>
      )}
    </section>
  )
}

function Meter({ name, now, value, limit, format }: { name: string; now: string; value: number; limit: number | null; format: (value: number) => string }): ReactElement {
  const share = limit ? Math.min(100, (value / limit) * 100) : 0
  return (
    <>
      <span className="t2">{name}</span>
      <span className="v">{now} {limit !== null && <span className="t3">of {format(limit)}</span>}</span>
      <div className={`meter ${share >= 90 ? 'warn' : ''}`} role="meter" aria-label={name} aria-valuenow={Math.round(share)} aria-valuemin={0} aria-valuemax={100} aria-valuetext={limit === null ? now : `${now} of ${format(limit)}`}><i style={{ width: `${share}%` }} /></div>
    </>
  )
}
