import { useEffect, useState, type ReactElement } from 'react'
import { Tile, Icon } from '../../style/icons'
import { shortModel } from '../canvas/useCard'
import type { ModelCall, Visit } from '../run/events'
import { Shown } from '../../views/Shown'
import { useDebugger } from '../debug/useDebugger'
import { useBuild, useRun } from '../state'
import { count, dollars, seconds, shown, tokens } from '../words'

/** What the node did, visit by visit; the last one in full, growing while it runs. */
export function LiveTab({ id }: { id: string }): ReactElement {
  const build = useBuild()
  const run = useRun((state) => state.picture.nodes[id])
  const whole = useRun((state) => state.run)
  if (!run?.visits.length) return <p className="form sm t3">{whole ? `Not reached in ${whole.number}.` : 'Not run yet. Run the workflow and this shows what the node did.'}</p>
  const earlier = run.visits.slice(0, -1)
  return (
    <div className="live-tab" data-testid="live-tab">
      {earlier.map((visit) => <Old key={visit.visit} visit={visit} />)}
      <Latest visit={run.visits.at(-1)!} id={id} live={run.state === 'running'} />
      {run.state === 'waiting' && <div className="ev wait"><div className="h"><Icon name="hand" size={14} />Waits for you</div>The answer box below holds the question.</div>}
      {run.state === 'stopped' && <div className="ev wait"><div className="h"><Icon name="pause" size={14} />Stopped here</div>The tab Stopped shows what is there.</div>}
      <VisitActions id={id} />
      {whole && <button className="btn ghost sm trace-link" onClick={() => build.navigate({ view: 'trace', run: whole.id })}>Open the trace of {whole.number}</button>}
    </div>
  )
}

/** What can be done with the node's last visit. */
function VisitActions({ id }: { id: string }): ReactElement | null {
  const build = useBuild()
  useRun((state) => state.picture)
  const visit = build.debugger.lastVisit(id)
  const pinned = useDebugger((state) => state.pins[id])
  if (!visit || !build.debugger.visited(id)) return null
  return (
    <div className="row wrap visit-actions">
      <button className="btn sm" data-testid="live-fork" disabled={!visit.span} onClick={() => build.set({ fork: { run: build.debugger.past!.id, span: visit.span! } })}><Icon name="fork" size={12} />Fork…</button>
      <button className="btn sm ghost" data-testid="live-run-from" title="What came before is kept" onClick={() => void build.launchFrom(id)}>Run from here</button>
      <button className="btn sm ghost" data-testid="live-run-alone" title="With what it was given last" onClick={() => void build.launchAlone(id)}>Run alone</button>
      {pinned ? <button className="btn sm ghost" data-testid="live-unpin" onClick={() => void build.debugger.unpin(id)}><Icon name="pin" size={12} />Unpin</button>
        : visit.outcome && visit.span && <button className="btn sm ghost" data-testid="live-pin" title="Runs from this page take this output instead of running the node" onClick={() => void build.debugger.pin(id, visit.span!)}><Icon name="pin" size={12} />Pin</button>}
    </div>
  )
}

function Old({ visit }: { visit: Visit }): ReactElement {
  return (
    <details className="ev old">
      <summary className="h"><Icon name="right" size={14} />Visit {visit.visit} <span className="t3">{seconds(visit.seconds)} · {tokens(visit.tokens)}</span></summary>
      <Shown value={visit.view} />
      <Outputs visit={visit} />
    </details>
  )
}

function Latest({ visit, id, live }: { visit: Visit; id: string; live: boolean }): ReactElement {
  const build = useBuild()
  return (
    <>
      {visit.progress && <div className="ev"><div className="h">Now</div>{visit.progress}</div>}
      {visit.view !== null && <div className="ev"><Shown value={visit.view} /></div>}
      {visit.models.length <= FEW ? visit.models.map((call, index) => <Call key={index} call={call} />) : (
        <details className="ev old">
          <summary className="h"><Icon name="right" size={14} />{count(visit.models.length)} model calls <span className="t3">{count(sum(visit.models.map((call) => call.input_tokens)))} in · {count(sum(visit.models.map((call) => call.output_tokens)))} out</span></summary>
          {visit.models.map((call, index) => <Call key={index} call={call} />)}
        </details>
      )}
      {visit.tools.map((call, index) => (
        <div className="ev" key={index}>
          <div className="h"><Tile family="tools" kind="tools.call" size={16} />{call.tool} {call.policy ? <span className="st-failed">refused by {call.policy}</span> : call.failed && <span className="st-failed">failed</span>}</div>
          <pre>{argumentWords(call.arguments)}{call.result !== undefined && `\n→ ${shown(call.result)}`}</pre>
        </div>
      ))}
      {visit.text && live && <div className="ev"><div className="h">{build.nameOf(id)} writes</div><span className="pre">{visit.text}</span><span className="caret" /></div>}
      {visit.error && <div className="ev failed"><div className="h"><Icon name="cross" size={14} />Failed</div>{visit.error.what} <span className="t2">{visit.error.mend}</span></div>}
      {!live && <div className="ev">{visit.kept && <p className="t2 kept-line"><Icon name="kept" size={14} />Nothing changed: kept from an earlier run.</p>}<div className="h">{visit.outcome ? `Ended with ${visit.outcome}` : 'Ended'} <span className="t3">{seconds(visit.seconds)} · {tokens(visit.tokens)}{visit.usd ? ` · ${dollars(visit.usd)}` : ''}</span></div><Outputs visit={visit} /></div>}
    </>
  )
}

/** More model calls than these are folded. */
const FEW = 4

function Call({ call }: { call: ModelCall }): ReactElement {
  return <div className="ev slim"><div className="h"><Tile family="resources" kind="resource.model" size={16} />{shortModel(call.model)} <span className="t3">{count(call.input_tokens)} in · {count(call.output_tokens)} out · {seconds(call.seconds)}</span></div></div>
}

function sum(values: number[]): number {
  return values.reduce((all, value) => all + value, 0)
}

/** One argument is shown as its value, several as JSON. */
function argumentWords(given: unknown): string {
  const values = given !== null && typeof given === 'object' ? Object.values(given) : []
  return shown(values.length === 1 ? values[0] : given)
}

function Outputs({ visit }: { visit: Visit }): ReactElement {
  const entries = Object.entries(useOutputs(visit) ?? {})
  if (!entries.length) return <span className="t3">Gave nothing.</span>
  return <dl className="outs">{entries.map(([name, value]) => <div key={name}><dt className="mono t3">{name}</dt><dd className="pre">{shown(value)}</dd></div>)}</dl>
}

/** What a visit gave; of one whose events are gone, from its span. */
function useOutputs(visit: Visit): Record<string, unknown> | null {
  const build = useBuild()
  const run = useRun((state) => state.run?.id)
  const [read, setRead] = useState<Record<string, unknown> | null>(null)
  const wanted = visit.outputs === null && visit.outcome !== null ? visit.span : null
  useEffect(() => {
    if (!wanted || !run) return
    build.api.get<{ output: unknown }>(`/runs/${run}/spans/${wanted}`).then(
      ({ output }) => setRead(output !== null && typeof output === 'object' && !Array.isArray(output) ? (output as Record<string, unknown>) : null),
      () => setRead(null), // Only for looking: the trace has it.
    )
  }, [build, run, wanted])
  return visit.outputs ?? read
}
