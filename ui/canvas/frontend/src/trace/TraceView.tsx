import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import type { Api } from '../api'
import { Everywhere } from './Everywhere'
import { failurePlace, FailureSlot } from './FailureSlot'
import { FindBar, type Mode } from './FindBar'
import { GraphStrip } from './GraphStrip'
import { onPageKey } from './keys'
import { graphAt, graphOf } from './replay'
import { RunHeader } from './RunHeader'
import { Scrubber } from './Scrubber'
import { type PanelActs, SpanPanel } from './SpanPanel'
import { Steps } from './Steps'
import { GOING_ON, TraceStore } from './store'
import { Talks } from './Talks'
import { ThemeMark } from './theme'
import { marksOf, nodeMarksOf } from './trials'
import type { Run, Wish } from './types'

const ForkDialog = lazy(() => import('../fork/ForkDialog'))

interface Props {
  api: Api
  run: string
  /** The span of a permanent link; null opens a run that failed, waits or runs where it stands, else as a whole. */
  span: string | null
  /** Any text that changes with Streamlit's theme. */
  theme: string
  onWish: (wish: Wish) => void
}

/** A run, from the whole down to one call: figures, graph and its replay, steps with their waterfall, one span. */
export function TraceView({ api, run, span, theme, onWish }: Props) {
  const store = useMemo(() => new TraceStore(api, run), [api, run])
  const state = useSyncExternalStore(store.subscribe, store.snapshot)
  const replay = useSyncExternalStore(store.replay.subscribe, store.replay.snapshot)
  const { verdict } = useSyncExternalStore(store.trials.subscribe, store.trials.snapshot)
  const marks = useMemo(() => marksOf(verdict), [verdict])
  const nodeMarks = useMemo(() => nodeMarksOf(verdict), [verdict])
  const [mode, setMode] = useState<Mode>('steps')
  const [query, setQuery] = useState('')
  const [forking, setForking] = useState<{ span: string; changes?: object } | null>(null)
  const page = useRef<HTMLDivElement>(null)
  useEffect(() => {
    void store.open(span)
    return () => store.close()
  }, [store]) // a link to another span of the run is followed below
  useEffect(() => { if (span && store.snapshot().run && span !== store.snapshot().selected) void store.select(span) }, [store, span])
  const live = state.run !== null && GOING_ON.has(state.run.status)
  const now = useNow(live)
  useAddress(run, state.selected)
  const select = useCallback((id: string) => void store.select(id), [store])
  const fork = forkOf(state, live, (id, changes) => setForking({ span: id, changes }))
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => onPageKey(event, { page: page.current, store, fork: forking ? null : fork })
    window.addEventListener('keydown', onKey, true)
    return () => window.removeEventListener('keydown', onKey, true)
  }, [store, fork, forking])
  if (!state.run || !state.overview) return <Opening error={state.error} onWish={onWish} />
  const { overview, around, document } = state
  const [start, end] = [overview.start ?? 0, Math.max(live ? now : 0, overview.end ?? 1, (overview.start ?? 0) + 0.001)]
  const step = replay.step === null ? null : (replay.window?.steps[replay.step - replay.window.offset] ?? null)
  const graph = step && replay.window ? graphAt(replay.window, step.index, now) : graphOf(overview)
  const search = (text: string) => { setQuery(text); if (mode === 'all') return; setMode('steps'); store.tree.search(text) }
  const acts: PanelActs = {
    select,
    copyLink: () => state.selected && copyLink(run, state.selected),
    fork: fork && ((changes) => fork(changes)),
    pin: pinOf(store, state),
    add: (text, author) => store.comment(around!.row.id, text, author),
    edit: (comment, text) => store.editComment(comment, text),
    remove: (comment) => store.removeComment(comment),
  }
  const error = state.error ?? replay.error
  return (
    <ThemeMark value={theme}>
      <div className="trace" ref={page}>
        <RunHeader reader={store.reader} run={state.run} relatives={state.relatives} seconds={runSeconds(state.run, now)} onWish={onWish} />
        {error && <p className="trace-error" role="alert"><b>{error.what}</b> {error.mend}</p>}
        <main className="main">
          <div className="left">
            {!document && <section className="strip" aria-label="The run on the graph" />}
            {document && <GraphStrip document={document} kinds={state.kinds} overview={overview} graph={graph} step={step} live={live} marks={nodeMarks} onNode={(node) => visitNode(store, node, graph.nodes[node]?.last)} />}
            <Scrubber replay={store.replay} state={replay} overview={overview} document={document} kinds={state.kinds} start={start} end={end} at={graph.at} step={step} />
            <section className="wf" aria-label="Steps">
              <FindBar tree={store.tree} mode={mode} query={query} spans={overview.spans} onQuery={search} onSelect={select}
                onMode={(next) => { setMode(next); if (next === 'steps') store.tree.search(query) }} />
              {mode === 'steps' && <Steps tree={store.tree} kinds={state.kinds} start={start} end={end} now={now} selected={state.selected} marks={marks} onSelect={select} onToggle={(row, open) => void store.toggle(row, open)} />}
              {mode === 'talk' && <Talks reader={store.reader} onSelect={select} />}
              {mode === 'all' && <Everywhere reader={store.reader} query={query} kinds={state.kinds} onOpen={(other, id) => (other === state.run!.number ? select(id) : onWish({ view: 'trace', run: other, span: id }))} />}
            </section>
          </div>
          {around ? (
            <SpanPanel reader={store.reader} around={around} kinds={state.kinds} hasState={Object.keys(document?.state ?? {}).length > 0} start={start} now={now} acts={acts}
              failurePlace={failurePlace(state.run, around.row)}
              failure={<FailureSlot key={around.row.id} api={api} run={state.run} row={around.row} spans={overview.spans} onSelect={select} onFork={(id, changes) => setForking({ span: id, changes })}
                trials={store.trials} onRun={(other) => onWish({ view: 'trace', run: other })} onCompare={(left, right) => onWish({ view: 'compare', left, right })} />} />
          ) : (
            <aside className="det"><p className="empty t3">{overview.spans === 0 ? 'The run has written no step yet.' : 'Reading the step…'}</p></aside>
          )}
        </main>
        {forking && (
          <Suspense fallback={null}>
            <ForkDialog api={api} run={state.run.id} span={forking.span} proposed={forking.changes as never} onClose={() => setForking(null)}
              onForked={(made) => { setForking(null); onWish(made.workflow_id ? { view: 'build', workflow: made.workflow_id, run: made.number } : { view: 'trace', run: made.number }) }} />
          </Suspense>
        )}
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

type State = ReturnType<TraceStore['snapshot']>

/** How to fork at the step that the selected span belongs to; null where there is none, or the run still goes on. */
function forkOf(state: State, live: boolean, open: (span: string, changes?: object) => void): ((changes?: object) => void) | null {
  const visit = state.around?.path.findLast((row) => row.operation === 'invoke_node')
  if (!visit || (live && state.run?.status !== 'waiting')) return null
  return (changes) => open(visit.id, changes)
}

/** How to pin the output of the selected visit in the workflow; null where there is nothing to pin. */
function pinOf(store: TraceStore, state: State): (() => Promise<void>) | null {
  const row = state.around?.row
  const workflow = state.run?.workflow_id
  if (!workflow || row?.operation !== 'invoke_node' || row.status !== 'ok' || !row.node_id || row.depth !== 1) return null
  return async () => void (await store.reader.pin(workflow, row.node_id!, row.id))
}

/** The node's visit at the playhead, its next one where it is selected already, its first where it is still to come. */
function visitNode(store: TraceStore, node: string, last: string | undefined): void {
  const { around, overview } = store.snapshot()
  const visits = around?.visits ?? []
  const at = visits.findIndex((row) => row.id === around?.row.id)
  const next = around?.row.node_id === node && at >= 0 ? visits[(at + 1) % visits.length]?.id : (last ?? overview?.nodes[node]?.first)
  if (next) void store.select(next)
}

function runSeconds(run: Run, now: number): number {
  if (run.ended_at !== null && run.seconds !== null) return run.seconds
  return run.started_at === null ? 0 : run.status === 'waiting' ? (run.seconds ?? 0) : Math.max(0, now - run.started_at)
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
    if (span !== null) window.history.replaceState(window.history.state, '', linkTo(run, span))
  }, [run, span])
}

function linkTo(run: string, span: string): string {
  const address = new URL(window.location.href)
  address.searchParams.set('run', run)
  address.searchParams.set('span', span)
  return address.href
}

function copyLink(run: string, span: string): void {
  void navigator.clipboard?.writeText(linkTo(run, span))
}
