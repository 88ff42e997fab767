import { useState, type ReactElement } from 'react'
import { Icon } from '../../style/icons'
import { fetchBuiltin, setDefaultModel, useModels } from '../models'
import { useBuild, useDoc } from '../state'
import { bytes, plural } from '../words'
import { readInputs, type Inputs } from './InputsForm'

/** Nothing set up yet: the three ways to run this workflow. */
export function ThreeWays({ onRun, inputs }: { onRun: () => void; inputs: Inputs }): ReactElement {
  const build = useBuild()
  const specs = useDoc((doc) => doc.inputs)
  const [busy, setBusy] = useState(false)
  const recorded = async (): Promise<void> => {
    setBusy(true)
    await build.launch(readInputs(specs, inputs).values, { recorded: true })
    setBusy(false)
  }
  return (
    <div className="ways" data-testid="three-ways" role="group" aria-label="Three ways to run it">
      <div className="row"><b>Three ways to run it</b><button className="btn ghost sm icon" aria-label="Dismiss" onClick={() => build.set({ welcome: false })}><Icon name="cross" size={12} /></button></div>
      <div className="three">
        <div className="way"><b><Icon name="clock" size={14} />The recorded example</b><p>At once, from a real run kept with the workflow. Costs nothing.</p><button className="btn sm" disabled={busy} data-testid="run-recorded" onClick={() => void recorded()}>Play it</button></div>
        <Builtin onRun={onRun} />
        <div className="way"><b><Icon name="key" size={14} />A key or Ollama of your own</b><p>Anthropic, OpenAI, Ollama or any compatible address. Better answers.</p><button className="btn sm" onClick={() => build.navigate({ view: 'settings' })}>Open Settings</button></div>
      </div>
    </div>
  )
}

function Builtin({ onRun }: { onRun: () => void }): ReactElement {
  const build = useBuild()
  const builtin = useModels((state) => state.builtin)
  const suggestions = useModels((state) => state.suggestions)
  const error = useModels((state) => state.error)
  const reference = suggestions.find((each) => each.startsWith('builtin:'))
  const ready = builtin?.state === 'ready'
  const run = async (): Promise<void> => {
    if (reference) await setDefaultModel(build.api, reference)
    build.set({ welcome: false })
    onRun()
  }
  const problem = builtin?.error ? (typeof builtin.error === 'string' ? builtin.error : `${builtin.error.what} ${builtin.error.mend}`) : error
  return (
    <div className="way">
      <b><Icon name="chip" size={14} />The built-in model</b>
      {builtin?.state === 'fetching' ? <Progress /> : <p>{ready ? 'Ready on this machine.' : `One download of ${bytes(builtin?.total || 1.1e9)}, checked, then offline.`} Good for trying out; it makes mistakes in reasoning.</p>}
      {problem && builtin?.state !== 'fetching' && <p className="st-failed">{problem}</p>}
      {ready ? <button className="btn sm" onClick={() => void run()}>Run with it</button>
        : builtin?.state !== 'fetching' && <button className="btn sm" data-testid="fetch-builtin" onClick={() => void fetchBuiltin(build.api)}><Icon name="download" size={12} />{builtin?.bytes ? 'Go on downloading' : 'Download it'}</button>}
    </div>
  )
}

function Progress(): ReactElement {
  const builtin = useModels((state) => state.builtin)!
  const share = builtin.total ? (builtin.bytes / builtin.total) * 100 : 0
  const left = builtin.seconds_left
  return (
    <>
      <div className="meter" role="progressbar" aria-label="Download of the built-in model" aria-valuenow={Math.round(share)} aria-valuemin={0} aria-valuemax={100}><i style={{ width: `${share}%` }} /></div>
      <p className="num">{bytes(builtin.bytes)} of {bytes(builtin.total)}{left ? `, ${left > 90 ? plural(Math.round(left / 60), 'minute') : plural(Math.round(left), 'second')} left` : ''}</p>
    </>
  )
}
