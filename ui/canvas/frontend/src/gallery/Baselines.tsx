import { useEffect, useRef, useState, type ReactElement } from 'react'
import type { Api } from '../api'
import { why } from '../sharing/taking'
import { Icon } from '../style/icons'
import { besides, budgetWords, cost, ended, hasRun, SAID, solvedOf, STATUS, type Comparison, type Known, type Plan, type Side, type Trial } from './baselines'
import { sayInputs } from './Details'
import type { Card } from './types'

/** A template beside a single prompt and a lean agent: same model, same limits, same examples. */
export function Baselines({ api, card, onClose, onRun }: { api: Api; card: Card; onClose: () => void; onRun: (run: string) => void }): ReactElement {
  const [known, setKnown] = useState<Known | null>(null)
  const [shown, setShown] = useState<Comparison | null>(null)
  const [problem, setProblem] = useState('')
  const close = useRef<HTMLButtonElement>(null)
  const running = shown?.status === 'running' ? shown.id : null
  useEffect(() => {
    close.current?.focus()
    api.get<Known>(`/baselines?template=${card.slug}`).then((found) => { setKnown(found); setShown(found.comparisons[0] ?? null) }, (error: unknown) => setProblem(why(error)))
  }, [api, card.slug])
  useEffect(() => {
    if (!running) return
    const stream = api.events(`/baselines/${running}/events`, (event) => {
      const now = event.data as Comparison
      setShown(now)
      return now.status === 'running'
    }, (error) => setProblem(why(error)))
    return () => stream.close()
  }, [api, running])
  const start = (model: string, count: number): void => {
    setProblem('')
    api.post<{ id: string }>('/baselines', { template: card.slug, model, count }).then(
      () => api.get<Known>(`/baselines?template=${card.slug}`).then((found) => { setKnown(found); setShown(found.comparisons[0] ?? null) }),
    ).catch((error: unknown) => setProblem(why(error)))
  }
  const cancel = (): void => { if (running) api.json('DELETE', `/baselines/${running}`).catch((error: unknown) => setProblem(why(error))) }
  const earlier = known?.comparisons.filter((each) => each.id !== shown?.id) ?? []
  return (
    <div className="scrim fixed" onClick={onClose}>
      <div className="sheet large gbase" role="dialog" aria-modal="true" aria-label={`${card.title} beside its baselines`} data-testid="baselines"
        onClick={(event) => event.stopPropagation()} onKeyDown={(event) => { event.stopPropagation(); if (event.key === 'Escape') onClose() }}>
        <div className="row"><b className="h18 grow">{card.title} beside its baselines</b><button ref={close} className="btn ghost icon" aria-label="Close" onClick={onClose}><Icon name="cross" /></button></div>
        <p className="sm t2">Does the structure pay? The examples go through the workflow, through <b>one prompt</b>, and through a <b>lean agent</b>: one model in a loop with the workflow’s tools. All have the same model and the same limits.</p>
        {known && <Setup api={api} plan={known.plan} running={running !== null} onStart={start} onCancel={cancel} />}
        {problem && <p className="sm st-failed" role="alert">{problem}</p>}
        {shown && <Result comparison={shown} onRun={onRun} />}
        {known && !shown && <p className="sm t3">It was not compared here yet.</p>}
        {earlier.length > 0 && <div className="row sm gearlier"><span className="t3">Earlier:</span>{earlier.map((each) => <button key={each.id} className="plainlink" disabled={running !== null} onClick={() => setShown(each)}>{when(each.started_at)} on {each.model}</button>)}</div>}
      </div>
    </div>
  )
}

/** On which model, by how many examples; what it may cost is said before it starts. */
function Setup({ api, plan, running, onStart, onCancel }: { api: Api; plan: Plan; running: boolean; onStart: (model: string, count: number) => void; onCancel: () => void }): ReactElement {
  const [model, setModel] = useState(plan.model)
  const [count, setCount] = useState(plan.examples)
  const [known, setKnown] = useState<string[]>([])
  useEffect(() => { api.get<{ suggestions: string[] }>('/models').then((found) => setKnown(found.suggestions), () => undefined) }, [api])
  return (
    <div className="row gsetup">
      <label className="sm">Model <input className="in" list="baseline-models" aria-label="Model" data-testid="baselines-model" value={model} disabled={running} onChange={(event) => setModel(event.target.value)} /></label>
      <datalist id="baseline-models">{known.map((each) => <option key={each} value={each} />)}</datalist>
      <label className="sm">Examples <select className="in" aria-label="Examples" value={count} disabled={running} onChange={(event) => setCount(Number(event.target.value))}>{Array.from({ length: plan.examples }, (_, at) => <option key={at} value={at + 1}>{at + 1}</option>)}</select></label>
      <span className="sm t3 grow">{count * plan.sides.length} runs, {budgetWords(plan.budget)}</span>
      {running
        ? <button className="btn danger" data-testid="baselines-cancel" onClick={onCancel}>Cancel</button>
        : <button className="btn primary" data-testid="baselines-start" disabled={!model.trim()} onClick={() => onStart(model.trim(), count)}>Compare</button>}
    </div>
  )
}

function Result({ comparison, onRun }: { comparison: Comparison; onRun: (run: string) => void }): ReactElement {
  const runs = comparison.sides.length * comparison.examples.length
  const at = ended(comparison)
  return <>
    <p className="sm t2 row" role="status" data-testid="baselines-status">
      <span>{when(comparison.started_at)}, {comparison.model}, {budgetWords(comparison.budget)}: {comparison.status === 'running' ? `${at} of ${runs} runs ended` : STATUS[comparison.status]}</span>
      {comparison.status === 'running' && <progress className="grow" aria-label="Runs ended" max={runs} value={at} />}
    </p>
    {comparison.error && <p className="sm st-failed" role="alert">{comparison.error}</p>}
    <table className="gtotals">
      <thead><tr><th scope="col">Which</th><th scope="col">Solved</th><th scope="col" className="r">Tokens in</th><th scope="col" className="r">out</th><th scope="col" className="r">Cost</th><th scope="col" className="r">Seconds</th><th scope="col" className="r">Model calls</th><th scope="col" className="r">Tool calls</th></tr></thead>
      <tbody>{comparison.sides.map((side) => <Line key={side.name} side={side} />)}</tbody>
    </table>
    <div className="cap">Example by example; each opens its trace</div>
    <table className="gtrials">
      <thead><tr><th scope="col">Example</th>{comparison.sides.map((side) => <th scope="col" key={side.name}>{side.name}</th>)}</tr></thead>
      <tbody>{comparison.examples.map((inputs, row) => (
        <tr key={row}>
          <th scope="row"><span className="gask">{sayInputs(inputs)}</span></th>
          {comparison.sides.map((side) => <td key={side.name} data-testid={`trial-${side.name.replace(' ', '-')}-${row}`}><Cell trial={side.runs[row]!} onRun={onRun} /></td>)}
        </tr>
      ))}</tbody>
    </table>
  </>
}

function Line({ side }: { side: Side }): ReactElement {
  const { totals } = side
  const more = besides(totals)
  const figures = hasRun(side) ? [totals.input_tokens.toLocaleString('en'), totals.output_tokens.toLocaleString('en'), cost(totals.usd), totals.seconds.toFixed(1), totals.calls, totals.tools] : ['', '', '', '', '', '']
  return (
    <tr data-testid={`side-${side.name.replace(' ', '-')}`}>
      <th scope="row"><b>{side.name}</b>{side.name === 'lean agent' && <span className="t3"> with {side.tools.join(', ')}</span>}</th>
      <td><b className="num">{solvedOf(totals)}</b> <span className="t3">{more}</span></td>
      {figures.map((each, at) => <td key={at} className="r">{each}</td>)}
    </tr>
  )
}

function Cell({ trial, onRun }: { trial: Trial; onRun: (run: string) => void }): ReactElement {
  const said = SAID[trial.status]
  return (
    <div className="gtrial" title={[said.what, ...trial.missed].join('\n')}>
      <span className="row"><span className={`chip ${said.chip}`}>{said.words}</span>
        {trial.run_id && <button className="plainlink num" onClick={() => onRun(trial.run_id!)} aria-label={`Trace of ${trial.number ?? 'the run at work'}`}>{trial.number ?? 'watch'}</button>}
        {trial.seconds !== null && <span className="xs t3 num nw">{(trial.input_tokens! + trial.output_tokens!).toLocaleString('en')} tok, {trial.seconds.toFixed(1)} s</span>}</span>
      {trial.missed[0] && <span className="xs t3 gwhy">{trial.missed[0]}</span>}
    </div>
  )
}

function when(seconds: number): string {
  return new Date(seconds * 1000).toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
}
