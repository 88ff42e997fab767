import type { ReactElement } from 'react'
import { useStore } from 'zustand'
import { runs } from '../../model/kinds'
import { Icon, type IconName } from '../../style/icons'
import { copySelection, duplicateSelection, removeSelection } from '../actions'
import { useBuild, useRun } from '../state'
import { useDebugger } from './useDebugger'

/** What can be done with a node, as lines of a menu. */
export function NodeActions({ id, close }: { id: string; close: () => void }): ReactElement {
  const build = useBuild()
  const kind = build.kindOf(id)
  const act = (action: () => unknown) => () => {
    close()
    void action()
  }
  return (
    <>
      {runs(kind) && <Debugging id={id} act={act} />}
      {kind?.kind !== 'note' && <Line icon="edit" words="Rename" keys="F2" onClick={act(() => build.set({ renaming: id }))} />}
      <Line icon="copy" words="Duplicate" keys="Ctrl D" onClick={act(() => duplicateSelection(build))} />
      <Line icon="copy" words="Copy" keys="Ctrl C" onClick={act(() => copySelection(build))} />
      <Line icon="trash" words="Delete" keys="Del" onClick={act(() => removeSelection(build))} />
    </>
  )
}

type Act = (action: () => unknown) => () => void

function Debugging({ id, act }: { id: string; act: Act }): ReactElement {
  const build = useBuild()
  const points = useStore(build.breakpoints.store, (state) => state.list)
  const pinned = useDebugger((state) => id in state.pins)
  useRun((state) => state.picture)
  const visit = build.debugger.lastVisit(id)
  const visited = build.debugger.visited(id)
  const has = (when: 'before' | 'after'): boolean => points.some((each) => each.node === id && each.when === when)
  const why = visited ? '' : build.runner.live ? 'when the run has ended' : 'after a run'
  return (
    <>
      <Line icon="dot" words={has('before') ? 'Do not stop before it' : 'Stop before it'} keys="F9" testid="menu-break-before" onClick={act(() => build.breakpoints.toggle(id, 'before'))} />
      <Line icon="dot" words={has('after') ? 'Do not stop after it' : 'Stop after it'} keys="Shift B" testid="menu-break-after" onClick={act(() => build.breakpoints.toggle(id, 'after'))} />
      <Line icon="edit" words="Stop only if…" keys="Shift F9" testid="menu-break-edit" onClick={act(() => build.set({ breakEditor: { node: id, when: has('after') && !has('before') ? 'after' : 'before' } }))} />
      <hr />
      <Line icon="resume" words="Run from here" hint={why} disabled={!visited} testid="menu-run-from" onClick={act(() => build.launchFrom(id))} />
      <Line icon="play" words="Run this node alone" hint={why} disabled={!visited} testid="menu-run-alone" onClick={act(() => build.launchAlone(id))} />
      <Line icon="fork" words="Fork from its last run…" hint={why} disabled={!visited || !visit?.span} testid="menu-fork" onClick={act(() => build.set({ fork: { run: build.debugger.past!.id, span: visit!.span! } }))} />
      {pinned
        ? <Line icon="pin" words="Unpin its output" testid="menu-unpin" onClick={act(() => build.debugger.unpin(id))} />
        : <Line icon="pin" words="Pin its output" hint={visit?.outcome ? '' : 'after a run'} disabled={!visit?.outcome || !visit.span} testid="menu-pin" onClick={act(() => build.debugger.pin(id, visit!.span!))} />}
      <hr />
    </>
  )
}

function Line({ icon, words, keys, hint, disabled, testid, onClick }: { icon: IconName; words: string; keys?: string; hint?: string; disabled?: boolean; testid?: string; onClick: () => void }): ReactElement {
  return <button disabled={disabled} data-testid={testid} onClick={onClick}><Icon name={icon} size={14} />{words}{keys ? <span className="kbd">{keys}</span> : hint ? <span className="t3 xs">{hint}</span> : null}</button>
}
