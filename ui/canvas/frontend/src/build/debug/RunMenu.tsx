import type { ReactElement } from 'react'
import { useReactFlow } from '@xyflow/react'
import { useStore } from 'zustand'
import { Popover } from '../bar/Popover'
import { reveal } from '../palette/place'
import { Icon } from '../../style/icons'
import { useBuild, useDoc, useRun, useUi } from '../state'
import { plural } from '../words'
import type { Breakpoint } from './breakpoints'

/** Other ways to run, beside Run: only what changed, from a node, one node; and the breakpoints. */
export function RunMenu({ onRunChanged }: { onRunChanged: () => void }): ReactElement {
  const build = useBuild()
  const chosen = useUi((ui) => (ui.selected.size === 1 ? [...ui.selected][0]! : null))
  const nodes = useDoc((doc) => doc.nodes)
  useRun((state) => state.picture)
  const past = build.debugger.past
  const node = chosen && nodes[chosen] ? chosen : null
  const visited = node !== null && build.debugger.visited(node)
  return (
    <Popover label="Other ways to run" className="btn primary icon run-more" button={<Icon name="down" size={14} />} align="right" testid="run-menu">
      {(close) => {
        const act = (action: () => unknown) => () => { close(); void action() }
        return (
          <>
            <button disabled={!past} data-testid="run-changed" onClick={act(onRunChanged)}><Icon name="kept" size={14} /><span className="words">Run what changed<span className="t3 xs">{past ? `keeps what is the same as in ${past.number}` : 'after a run'}</span></span><span className="kbd">Ctrl ⇧ ↵</span></button>
            <button disabled={!visited} data-testid="run-from" onClick={act(() => build.launchFrom(node!))}><Icon name="resume" size={14} /><span className="words">Run from {node ? build.nameOf(node) : 'a node'}<span className="t3 xs">{visited ? 'what came before is kept' : node ? 'after a run that reached it' : 'select one'}</span></span></button>
            <button disabled={!visited} data-testid="run-alone" onClick={act(() => build.launchAlone(node!))}><Icon name="play" size={14} /><span className="words">Run {node ? `${build.nameOf(node)} alone` : 'one node alone'}<span className="t3 xs">{visited ? 'with what it was given last' : node ? 'after a run that reached it' : 'select one'}</span></span></button>
            <hr />
            <Points close={close} />
          </>
        )
      }}
    </Popover>
  )
}

function Points({ close }: { close: () => void }): ReactElement {
  const build = useBuild()
  const flow = useReactFlow()
  const { list, muted } = useStore(build.breakpoints.store)
  const there = list.filter((each) => each.node in build.doc.nodes)
  if (!there.length) return <p className="hint xs t3">No breakpoints. Click the dot at the corner of a card, or press F9.</p>
  const show = (point: Breakpoint): void => {
    build.select([point.node])
    reveal(build, flow, point.node)
  }
  return (
    <>
      <div className="scroll">{there.map((point) => (
        <button key={point.node + point.when} onClick={() => { close(); show(point) }}><span className={`bp-mark ${point.enabled && !muted ? '' : 'off'}`} /><span className="words">{`${point.when} ${build.nameOf(point.node)}`}{point.condition && <span className="t3 xs mono ell">{point.condition}</span>}</span></button>
      ))}</div>
      <button role="menuitemcheckbox" aria-checked={muted} data-testid="mute-breaks" onClick={() => build.breakpoints.mute(!muted)}><Icon name={muted ? 'check' : 'skip'} size={14} />{muted ? 'Stop at them again' : 'Pass over them all'}</button>
      <button data-testid="clear-breaks" onClick={() => { close(); build.breakpoints.clear() }}><Icon name="trash" size={14} />Remove {plural(there.length, 'breakpoint')}</button>
    </>
  )
}
