import type { ReactElement } from 'react'
import { portsOf } from '../../model/ports'
import { runs, tileFamily } from '../../model/kinds'
import { Icon, Tile } from '../../style/icons'
import { Popover } from '../bar/Popover'
import { copySelection, duplicateSelection, removeSelection } from '../actions'
import { useBuild, useDoc, useRun, useUi, type UiState } from '../state'
import { Elapsed } from '../canvas/parts'
import { currentStop } from '../debug/debugger'
import { NodeActions } from '../debug/NodeActions'
import type { StopAt } from '../debug/stop'
import { StopTab } from '../debug/StopTab'
import { useDebugger } from '../debug/useDebugger'
import { LiveTab } from './LiveTab'
import { NodeSettings } from './NodeSettings'
import { PortsTab } from './PortsTab'
import { WorkflowSettings } from './WorkflowSettings'

/** The stop that is looked at: on the card of its node, and on any card where its node is not on this canvas. */
function useStopAt(id: string | null): StopAt | null {
  const nodes = useDoc((doc) => doc.nodes)
  const stops = useRun((state) => state.picture.stops)
  const chosen = useDebugger((state) => state.chosen)
  const here = stops.find((stop) => stop.node === id && stop.interrupt === chosen) ?? stops.find((stop) => stop.node === id)
  const current = currentStop(stops, chosen)
  return here ?? (current && !(current.node in nodes) ? current : null)
}

export function Panel(): ReactElement {
  const selected = useUi((ui) => ui.selected)
  const nodes = useDoc((doc) => doc.nodes)
  const ids = [...selected].filter((id) => nodes[id])
  return (
    <aside className="panel side" aria-label="Settings" data-region="settings" data-testid="panel">
      {ids.length === 1 ? <NodePanel key={ids[0]} id={ids[0]!} /> : ids.length > 1 ? <ManyPanel ids={ids} /> : <Whole />}
    </aside>
  )
}

/** Nothing selected: a stop in a workflow that is not on this canvas, else the workflow's settings. */
function Whole(): ReactElement {
  const stop = useStopAt(null)
  const tab = useUi((ui) => ui.tab)
  return stop && tab === 'stop' ? <StopTab at={stop} /> : <WorkflowSettings />
}

function NodePanel({ id }: { id: string }): ReactElement {
  const build = useBuild()
  const node = useDoc((doc) => doc.nodes[id])!
  const kind = useUi((ui) => ui.kinds)[node.kind]
  const wanted = useUi((ui) => ui.tab)
  const run = useRun((state) => state.picture.nodes[id])
  const live = run?.state === 'running' || run?.state === 'waiting'
  const stop = useStopAt(id)
  const tabs = tabsOf(runs(kind), live, stop !== null)
  const tab = tabs.some(([name]) => name === wanted) ? wanted : 'settings'
  const visit = run?.visits.at(-1)
  return (
    <>
      <div className="head">
        <Tile family={tileFamily(kind)} kind={node.kind} />
        <div className="grow">
          <div className="nm ell">{build.nameOf(id)}</div>
          <div className="xs t3 ell">{live && visit ? `Visit ${visit.visit}${visit.step ? ` · step ${visit.step}` : ''}${run.cause ? ` · after ${build.nameOf(run.cause)}` : ''}` : `${kind?.title ?? node.kind}${kind ? ` · ${kind.summary.replace(/\.$/, '')}` : ''}`}</div>
        </div>
        {kind && <button className="btn ghost sm icon" aria-label={`Reference of ${kind.title}`} title="Reference" data-testid="reference-open" onClick={() => build.set({ reference: kind.kind })}><Icon name="help" /></button>}
        {live && visit ? <span className="row st-running xs b" style={{ gap: 4 }}><Icon name="arc" size={14} className="spin" /><Elapsed since={visit.startedAt} /></span> : <More id={id} />}
      </div>
      <div className="tabs" role="tablist">
        {tabs.map(([name, title]) => <button key={name} role="tab" aria-selected={tab === name} data-testid={`tab-${name}`} onClick={() => build.set({ tab: name })}>{title}</button>)}
      </div>
      {tab === 'stop' && stop ? <StopTab at={stop} /> : <div className="scroll-y" role="tabpanel" aria-label={tabs.find(([name]) => name === tab)?.[1]}>
        {tab === 'settings' && <NodeSettings id={id} node={node} kind={kind} />}
        {tab === 'run' && <LiveTab id={id} />}
        {tab === 'ports' && <PortsTab id={id} ports={portsOf(build.doc, node, kind)} />}
        {tab === 'note' && <NoteTab id={id} note={node.note} />}
      </div>}
    </>
  )
}

function tabsOf(runs: boolean, live: boolean, stopped: boolean): [UiState['tab'], string][] {
  const all: [UiState['tab'], string][] = [...(stopped ? [['stop', 'Stopped'] as [UiState['tab'], string]] : []), ['settings', 'Settings'], ['run', live || stopped ? 'Live' : 'Last run'], ['ports', stopped ? 'Ports' : 'Inputs and outputs'], ['note', 'Note']]
  return runs ? all : all.filter(([name]) => name === 'settings' || name === 'note')
}

function More({ id }: { id: string }): ReactElement {
  return (
    <Popover label="More" className="btn ghost sm icon" button={<Icon name="more" />} align="right">
      {(close) => <NodeActions id={id} close={close} />}
    </Popover>
  )
}

function ManyPanel({ ids }: { ids: string[] }): ReactElement {
  const build = useBuild()
  return (
    <div className="form">
      <div className="nm">{ids.length} nodes selected</div>
      <ul className="plain">{ids.map((id) => <li key={id} className="tl"><Tile family={tileFamily(build.kindOf(id))} kind={build.doc.nodes[id]!.kind} size={16} /><button className="link grow ell" onClick={() => build.select([id])}>{build.nameOf(id)}</button></li>)}</ul>
      <div className="row">
        <button className="btn sm" onClick={() => duplicateSelection(build)}>Duplicate</button>
        <button className="btn sm" onClick={() => void copySelection(build)}>Copy</button>
        <button className="btn sm danger" onClick={() => removeSelection(build)}>Delete</button>
      </div>
    </div>
  )
}

function NoteTab({ id, note }: { id: string; note: string }): ReactElement {
  const build = useBuild()
  return (
    <div className="form">
      <label>
        <span className="lab">Note <span className="hint">for whoever reads this workflow</span></span>
        <textarea className="in area" rows={10} value={note} placeholder="Why this node is here, what to mind."
          onChange={(event) => build.edit([{ op: 'set_node', id, key: 'note', value: event.target.value }], `Note of ${build.nameOf(id)}`, `note:${id}`)} />
      </label>
    </div>
  )
}
