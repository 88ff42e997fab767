import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { Api } from '../api'
import { GraphStrip, nodeSpans } from './GraphStrip'
import { extent, seconds, type Trace } from './model'
import { RunHeader } from './RunHeader'
import { Scrubber } from './Scrubber'
import { SpanPanel } from './SpanPanel'
import { Steps } from './Steps'
import { TraceStore } from './store'
import { ThemeMark } from './theme'
import type { Run, Span, Wish } from './types'

interface Props {
  api: Api
  run: string
  /** The span of a permanent link; null opens the run on its first failure, else its last step. */
  span: string | null
  /** Any text that changes with Streamlit's theme. */
  theme: string
  onWish: (wish: Wish) => void
}

/** A run, from the whole down to one call: figures, graph, steps with their waterfall, one span. */
export function TraceView({ api, run, span, theme, onWish }: Props) {
  const store = useMemo(() => new TraceStore(api, run), [api, run])
  useEffect(() => {
    void store.open()
    return () => store.close()
  }, [store])
  const state = useSyncExternalStore(store.subscribe, store.snapshot)
  const [chosen, choose] = useState<string | null>(span)
  useEffect(() => choose(span), [run, span])
  const live = state.run !== null && ['queued', 'running', 'waiting'].includes(state.run.status)
  const now = useNow(live)
  const selected = state.trace.byId.get(chosen ?? '') ?? firstToShow(state.trace, state.run)
  const select = useCallback((id: string) => choose(id), [])
  useAddress(run, chosen)
  useStepKeys(state.trace, selected, select)
  if (!state.run) return <Opening error={state.error} onWish={onWish} />
  const { start } = extent(state.trace, now)
  return (
    <ThemeMark value={theme}>
      <div className="trace">
        <RunHeader run={state.run} seconds={runSeconds(state.run, now)} tokens={runTokens(state.run, state.trace)} onWish={onWish} />
        {state.error && <p className="trace-error" role="alert"><b>{state.error.what}</b> {state.error.mend}</p>}
        <main className="main">
          <div className="left">
            {state.document && <GraphStrip document={state.document} kinds={state.kinds} trace={state.trace} now={now} live={live} selected={selected} onSelect={select} />}
            <Scrubber trace={state.trace} kinds={state.kinds} now={now} selected={selected} onSelect={select} />
            <Steps trace={state.trace} kinds={state.kinds} now={now} complete={state.complete} selected={selected?.id ?? null} onSelect={select} />
          </div>
          {selected ? (
            <SpanPanel store={store} trace={state.trace} kinds={state.kinds} runStart={start} now={now} span={selected} onSelect={select} onCopyLink={() => copyLink(run, selected.id)} />
          ) : (
            <aside className="det"><p className="empty t3">{state.complete ? 'The run has written no step yet.' : 'Reading the steps…'}</p></aside>
          )}
        </main>
      </div>
    </ThemeMark>
  )
}

function Opening({ error, onWish }: { error: { what: string; mend: string } | null; onWish: (wish: Wish) => void }) {
  return (
    <div className="trace opening">
      {error ? <p role="alert"><b>{error.what}</b> {error.mend}</p> : <p className="t3">Opening the run…</p>}
      {error && <button className="btn" onClick={() => onWish({ view: 'runs' })}>All runs</button>}
    </div>
  )
}

/** What to look at when nothing was chosen: the last failure, what waits or runs, else the step that took longest. */
function firstToShow(trace: Trace, run: Run | null): Span | null {
  const steps = nodeSpans(trace)
  const wanted = run?.status === 'failed' ? 'error' : run?.status === 'waiting' ? 'waiting' : run?.status === 'running' ? 'running' : null
  const longest = steps.reduce<Span | null>((most, span) => (most && seconds(most, 0) >= seconds(span, 0) ? most : span), null)
  return steps.findLast((span) => span.status === wanted) ?? longest ?? trace.roots[0] ?? null
}

function runSeconds(run: Run, now: number): number {
  if (run.ended_at !== null && run.seconds !== null) return run.seconds
  return run.started_at === null ? 0 : run.status === 'waiting' ? (run.seconds ?? 0) : Math.max(0, now - run.started_at)
}

/** The run's own count lags behind while it goes on: then the calls read so far say more. */
function runTokens(run: Run, trace: Trace): { input: number; output: number } {
  const figures = trace.roots.map((root) => trace.figures(root))
  const read = { input: sum(figures.map((each) => each.input)), output: sum(figures.map((each) => each.output)) }
  const told = { input: run.input_tokens ?? 0, output: run.output_tokens ?? 0 }
  return run.ended_at === null && read.input > told.input ? read : told
}

function sum(values: number[]): number {
  return values.reduce((all, value) => all + value, 0)
}

/** Seconds since the epoch; ticks four times a second while `live`. */
function useNow(live: boolean): number {
  const [now, setNow] = useState(() => Date.now() / 1000)
  useEffect(() => {
    if (!live) return
    const timer = setInterval(() => setNow(Date.now() / 1000), 250)
    return () => clearInterval(timer)
  }, [live])
  return now
}

/** Keeps the permanent link in the address bar without asking the server for a rerun. */
function useAddress(run: string, span: string | null): void {
  useEffect(() => {
    if (span === null) return
    const address = new URL(window.location.href)
    address.searchParams.set('run', run)
    address.searchParams.set('span', span)
    window.history.replaceState(window.history.state, '', address)
  }, [run, span])
}

function copyLink(run: string, span: string): void {
  const address = new URL(window.location.href)
  address.searchParams.set('run', run)
  address.searchParams.set('span', span)
  void navigator.clipboard?.writeText(address.href)
}

/** J and K step through the nodes wherever the focus is, unless a text is being typed. */
function useStepKeys(trace: Trace, selected: Span | null, select: (id: string) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.composedPath()[0]
      const typing = target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return
      const by = { j: 1, k: -1 }[event.key.toLowerCase()]
      if (event.key === 'r' || event.key === 'c') event.stopPropagation()
      if (by === undefined) return
      event.stopPropagation()
      const steps = nodeSpans(trace)
      const owner = selected && trace.path(selected.id).reverse().find((span) => span.operation === 'invoke_node')
      const next = steps[Math.min(steps.length - 1, Math.max(0, (owner ? steps.indexOf(owner) : -1) + by))]
      if (next) select(next.id)
    }
    window.addEventListener('keydown', onKey, true)
    return () => window.removeEventListener('keydown', onKey, true)
  }, [trace, selected, select])
}
