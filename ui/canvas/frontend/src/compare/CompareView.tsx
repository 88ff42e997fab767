import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactElement } from 'react'
import type { Api } from '../api'
import { Graph } from './Graph'
import { type Choose, Header } from './Header'
import { useKeys } from './keys'
import { NodeTable } from './NodeTable'
import { RunPicker } from './RunPicker'
import { StepList } from './StepList'
import { CompareStore, type CompareState } from './store'
import type { Mode } from './TextDiff'
import type { NodePair, Summary } from './types'
import { VisitPanel } from './VisitPanel'
import { WorkflowChanges } from './WorkflowChanges'
import { counted, tableSentence } from './words'

const ForkDialog = lazy(() => import('../fork/ForkDialog'))

type Navigate = (place: object) => void

interface Props {
  api: Api
  left: string | null
  right: string | null
  navigate: Navigate
}

/** Two runs side by side: where they part, on the graph, step by step and word by word. */
export function CompareView({ api, left, right, navigate }: Props): ReactElement {
  const choose: Choose = useCallback((one, other) => navigate({ view: 'compare', left: one, right: other }), [navigate])
  if (!left || !right) return <Choosing api={api} left={left} right={right} choose={choose} />
  return <Opened key={`${left} ${right}`} api={api} left={left} right={right} choose={choose} navigate={navigate} />
}

function Choosing({ api, left, right, choose }: { api: Api; left: string | null; right: string | null; choose: Choose }): ReactElement {
  const [picked, pick] = useState<{ left: string | null; right: string | null }>({ left, right })
  const latest = useRef(picked) // a recording may still be on its way when the other side is picked
  const set = (side: 'left' | 'right', run: string): void => {
    const next = { ...latest.current, [side]: run }
    latest.current = next
    pick(next)
    if (next.left && next.right) choose(next.left, next.right)
  }
  return (
    <div className="compare choosing">
      <h1>Compare two runs</h1>
      <p className="t2">Choose a run for A and one for B: of one workflow, of two versions of it, or a fork and the run it came from.</p>
      <div className="choosing-two">
        {(['left', 'right'] as const).map((side) => (
          <section key={side} aria-label={side === 'left' ? 'Run A' : 'Run B'} data-testid={`choose-${side}`}>
            <h2><span className={`run-letter ${side === 'left' ? 'a' : 'b'}`}>{side === 'left' ? 'A' : 'B'}</span>{picked[side] ?? 'no run yet'}</h2>
            <RunPicker api={api} workflow={null} chosen={picked[side]} onPick={(run) => set(side, run)} />
          </section>
        ))}
      </div>
    </div>
  )
}

function Opened({ api, left, right, choose, navigate }: { api: Api; left: string; right: string; choose: Choose; navigate: Navigate }): ReactElement {
  const store = useMemo(() => new CompareStore(api, left, right), [api, left, right])
  useEffect(() => {
    void store.open()
    return () => store.close()
  }, [store])
  const state = useSyncExternalStore(store.subscribe, store.snapshot)
  if (!state.summary) return <div className="compare opening">{state.error ? <Fault error={state.error} again={() => void store.open()} /> : <p className="t3">Comparing {left} with {right}…</p>}</div>
  return <Page api={api} store={store} state={state} summary={state.summary} choose={choose} navigate={navigate} />
}

function Fault({ error, again }: { error: { what: string; mend: string }; again: () => void }): ReactElement {
  return <p role="alert" className="fault"><b>{error.what}</b> {error.mend} <button className="btn sm" onClick={again}>Try again</button></p>
}

interface PageProps {
  api: Api
  store: CompareStore
  state: CompareState
  summary: Summary
  choose: Choose
  navigate: Navigate
}

function Page({ api, store, state, summary, choose, navigate }: PageProps): ReactElement {
  const [mode, setMode] = useState<Mode>('words')
  const visit = useCallback((index: number) => void store.select(index), [store])
  const { detail } = state
  useKeys({
    j: () => detail?.place.next_changed !== null && detail && visit(detail.place.next_changed),
    k: () => detail?.place.previous_changed !== null && detail && visit(detail.place.previous_changed),
    f: () => summary.first && visit(summary.first.index),
    s: () => choose(summary.right.number, summary.left.number),
    w: () => setMode(mode === 'words' ? 'sides' : 'words'),
  })
  const [forking, fork] = useState<{ run: string; span: string } | null>(null)
  const node = detail?.visit.node ?? null
  const onNode = (pair: NodePair): void => {
    const at = detail?.visit.node === pair.node ? detail.place.next_of_node : null
    const index = at ?? pair.first_changed ?? pair.first
    if (index !== null) visit(index)
  }
  return (
    <div className="compare">
      <Header api={api} summary={summary} onChoose={choose} onAgain={() => void store.open()} />
      {state.error && <Fault error={state.error} again={() => void store.open()} />}
      <main className="cmp-main">
        <div className="cmp-left">
          <section className="cmp-canvas" aria-label="The two runs on the graph">
            <div className="cmp-top">
              <Legend />
              <span className="grow" />
              <span className="seg" role="radiogroup" aria-label="Show">
                <button role="radio" aria-checked={!state.onlyChanged} aria-pressed={!state.onlyChanged} onClick={() => store.showOnly(false)}>All nodes</button>
                <button role="radio" aria-checked={state.onlyChanged} aria-pressed={state.onlyChanged} data-testid="only-changed" onClick={() => store.showOnly(true)}>Only what changed</button>
              </span>
            </div>
            <Graph summary={summary} kinds={state.kinds} node={node} onlyChanged={state.onlyChanged} onNode={onNode} onFirst={() => visit(summary.first!.index)} />
          </section>
          <Lists store={store} state={state} summary={summary} mode={mode} node={node} onNode={onNode} onVisit={visit} />
        </div>
        {detail ? (
          <VisitPanel store={store} summary={summary} kinds={state.kinds} detail={detail} mode={mode} onMode={setMode} onVisit={visit}
            onTrace={(run, span) => navigate({ view: 'trace', run, span })} onFork={(run, span) => fork({ run, span })} />
        ) : <aside className="cmp-panel"><p className="empty t3">{summary.visits === 0 ? 'Neither run has written a step yet.' : 'Reading the step…'}</p></aside>}
      </main>
      {forking && (
        <Suspense fallback={null}>
          <ForkDialog api={api} run={forking.run} span={forking.span} onClose={() => fork(null)} onForked={(run) => { const parent = forking.run; fork(null); choose(parent, run.number) }} />
        </Suspense>
      )}
    </div>
  )
}

function Legend(): ReactElement {
  return (
    <span className="row cmp-legend xs t2">
      <svg viewBox="0 0 30 8" aria-hidden="true"><path className="p-a" d="M0 4h30" /></svg>path of A
      <svg viewBox="0 0 30 8" aria-hidden="true"><path className="p-b" d="M0 4h30" /></svg>path of B
    </span>
  )
}

type Tab = 'nodes' | 'steps' | 'workflow'

interface ListsProps {
  store: CompareStore
  state: CompareState
  summary: Summary
  mode: Mode
  node: string | null
  onNode: (node: NodePair) => void
  onVisit: (index: number) => void
}

function Lists({ store, state, summary, mode, node, onNode, onVisit }: ListsProps): ReactElement {
  const [tab, setTab] = useState<Tab>('nodes')
  const need = useCallback((first: number, last: number) => store.need(first, last), [store])
  const tabs: [Tab, string, string][] = [['nodes', 'By node', ''], ['steps', 'By step', counted(summary.changed, 'difference')], ['workflow', 'Workflow', counted(summary.document.length, 'change')]]
  return (
    <section className="cmp-lists" aria-label="Differences" data-region="lists">
      <div className="tabs" role="tablist" aria-label="Differences">
        {tabs.map(([name, title, note]) => <button key={name} role="tab" aria-selected={tab === name} data-testid={`tab-${name}`} onClick={() => setTab(name)}>{title}{note && <span className="t3">{note}</span>}</button>)}
        <span className="grow" />
        <span className="sm t3 tab-words">{summary.same ? 'Both runs did the same. ' : ''}{tableSentence(summary)}</span>
      </div>
      <div className="cmp-scroll">
        {tab === 'nodes' && <NodeTable summary={summary} kinds={state.kinds} node={node} onlyChanged={state.onlyChanged} onNode={onNode} />}
        {tab === 'steps' && <StepList visits={state.visits} kinds={state.kinds} selected={state.selected} first={summary.first?.index ?? null} onNeed={need} onVisit={onVisit} />}
        {tab === 'workflow' && <WorkflowChanges changes={summary.document} mode={mode} onNode={(id) => { const pair = summary.nodes.find((each) => each.node === id); if (pair) onNode(pair) }} />}
      </div>
    </section>
  )
}
