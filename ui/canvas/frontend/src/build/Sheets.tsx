/** What lies over the page: help, outline, toast, and the live region. */

import { useReactFlow } from '@xyflow/react'
import { Fragment, useEffect, useRef, useState, type ReactElement } from 'react'
import { outline } from '../model/outline'
import { Icon } from '../style/icons'
import { reveal } from './palette/place'
import { isKept } from './canvas/parts'
import { totals } from './run/events'
import { useBuild, useDoc, useRun, useUi } from './state'
import { seconds } from './words'

const KEYS: [string, [string, string][]][] = [
  ['Find and add', [['/', 'Find a node'], ['Enter', 'In the palette: add after the selected node'], ['E', 'Join the selected node: lists what fits'], ['Ctrl D', 'Duplicate'], ['Ctrl C  X  V', 'Copy, cut, paste'], ['Delete', 'Delete'], ['F2', 'Rename'], ['Enter', 'On the canvas: settings of the selected node']]],
  ['Move about', [['← → ↑ ↓', 'From node to node, along flow'], ['Alt ← →', 'Along data'], ['Shift + arrows', 'Move the node by 20'], ['Ctrl A', 'Select all'], ['F6', 'Next part of the page'], ['0   1   +   −', 'Fit, 100 %, zoom'], ['L', 'Tidy the layout'], ['O', 'Outline'], ['H', 'History of versions'], ['D', 'Describe what you want']]],
  ['Check and run', [['Ctrl Enter', 'Run'], ['Esc', 'Stop the run (asks once)'], ['F8, Shift F8', 'Next, previous problem'], ['Ctrl Z', 'Undo'], ['Ctrl Shift Z', 'Redo'], ['?', 'This list']]],
  ['Debug', [['F9 or B', 'Stop before the node'], ['Shift B', 'Stop after it'], ['Shift F9', 'Stop only if…'], ['Shift F10', 'Menu of the node'], ['F5 or F8', 'At a stop: continue'], ['F10', 'Step over'], ['F11, Shift F11', 'Step into, out'], ['Shift F5', 'End the stopped run'], ['Ctrl Shift ↵', 'Run what changed']]],
]

const COLUMNS = [['Find and add'], ['Move about'], ['Check and run', 'Debug']]

export function Help(): ReactElement | null {
  const build = useBuild()
  const open = useUi((ui) => ui.help)
  const close = useRef<HTMLButtonElement>(null)
  useEffect(() => { if (open) close.current?.focus() }, [open])
  if (!open) return null
  const shut = (): void => {
    build.set({ help: false })
    build.root?.querySelector<HTMLElement>('[data-region="canvas"]')?.focus()
  }
  return (
    <div className="scrim" onClick={shut}>
      <div className="sheet" role="dialog" aria-modal="true" aria-label="Keyboard shortcuts" data-testid="help" onClick={(event) => event.stopPropagation()} onKeyDown={(event) => { if (event.key === 'Escape' || event.key === '?') { event.stopPropagation(); shut() } }}>
        <div className="row"><b className="h18 grow">Keyboard</b><button ref={close} className="btn ghost icon" aria-label="Close" onClick={shut}><Icon name="cross" /></button></div>
        <p className="sm t2">Single letters count while the canvas has the focus.</p>
        <div className="three">{COLUMNS.map((groups) => <div key={groups[0]}>{KEYS.filter(([title]) => groups.includes(title)).map(([title, keys]) => <Fragment key={title}><div className="cap">{title}</div><dl className="keys">{keys.map(([key, words]) => <div key={key + words}><dt><span className="kbd">{key}</span></dt><dd>{words}</dd></div>)}</dl></Fragment>)}</div>)}</div>
      </div>
    </div>
  )
}

export function Outline(): ReactElement | null {
  const build = useBuild()
  const flow = useReactFlow()
  const open = useUi((ui) => ui.outline)
  const selected = useUi((ui) => ui.selected)
  const doc = useDoc((document) => document)
  const kinds = useUi((ui) => ui.kinds)
  const nodes = useRun((state) => state.picture.nodes)
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => { if (open) list.current?.querySelector<HTMLElement>('button')?.focus() }, [open])
  if (!open) return null
  const state = (id: string): string => {
    const run = nodes[id]
    if (!run) return ''
    if (isKept(run)) return 'kept, for nothing changed'
    if (run.state === 'done') return `done in ${seconds(totals(run).seconds)}`
    return run.state === 'waiting' ? 'waits for you' : run.state === 'stopped' ? 'stopped here' : run.state
  }
  const lines = outline(doc, kinds, state)
  return (
    <section className="outline" id="nl-outline" aria-label="Outline" data-testid="outline-view" onKeyDown={(event) => {
      if (event.key !== 'Escape') return
      build.set({ outline: false })
      build.root?.querySelector<HTMLElement>('[data-region="canvas"]')?.focus()
    }}>
      <div className="row"><b className="grow">Outline</b><button className="btn ghost sm icon" aria-label="Close the outline" onClick={() => build.set({ outline: false })}><Icon name="cross" size={12} /></button></div>
      <ol ref={list} role="tree">
        {lines.map((line) => (
          <li key={line.id} role="treeitem" aria-level={line.depth + 1} aria-selected={selected.has(line.id)} style={{ paddingLeft: line.depth * 20 }}>
            <button className={selected.has(line.id) ? 'at' : ''} onClick={() => { build.select([line.id]); reveal(build, flow, line.id) }}>{line.text}</button>
          </li>
        ))}
      </ol>
      {lines.length === 0 && <p className="t3 sm">No nodes yet.</p>}
    </section>
  )
}

export function Toast(): ReactElement | null {
  const build = useBuild()
  const toast = useUi((ui) => ui.toast)
  useEffect(() => {
    if (!toast) return
    const timer = setTimeout(() => build.set({ toast: null }), toast.offer ? 12_000 : 5_000)
    return () => clearTimeout(timer)
  }, [toast, build])
  if (!toast) return null
  return (
    <div className={`toast ${toast.tone}`} role="status" data-testid="toast">
      <span>{toast.text}</span>
      {toast.offer && <button className="btn sm" data-testid="toast-offer" onClick={() => { build.edit(toast.offer!.ops, toast.offer!.label); build.set({ toast: null }) }}>{toast.offer.title}</button>}
      <button className="btn ghost sm icon" aria-label="Dismiss" onClick={() => build.set({ toast: null })}><Icon name="cross" size={12} /></button>
    </div>
  )
}

/** Polite announcements, at most one every two seconds while a run is live; streamed tokens are never read out. */
export function LiveRegion(): ReactElement {
  const build = useBuild()
  const said = useUi((ui) => ui.announcement)
  const nodes = useRun((state) => state.picture.nodes)
  const outputs = useRun((state) => state.picture.outputs)
  const [line, setLine] = useState('')
  const last = useRef(0)
  const key = Object.entries(nodes).map(([id, run]) => `${id} ${run.state}`).join()
  useEffect(() => setLine(said), [said])
  useEffect(() => {
    const newest = Object.entries(nodes).filter(([, run]) => run.state !== 'done').at(-1) ?? Object.entries(nodes).at(-1)
    if (!newest || Date.now() - last.current < 2000) return
    last.current = Date.now()
    const words = { running: 'started', done: 'done', failed: 'failed', waiting: 'waits for you', stopped: 'is stopped' }
    setLine(`${build.nameOf(newest[0])} ${words[newest[1].state]}.`)
  }, [key, build]) // eslint-disable-line
  useEffect(() => { if (outputs) setLine(`Answer: ${Object.values(outputs).map(String).join('. ').slice(0, 400)}`) }, [outputs])
  return <div className="vh" role="status" aria-live="polite" data-testid="announcer">{line}</div>
}
