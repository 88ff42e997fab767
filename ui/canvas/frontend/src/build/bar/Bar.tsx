import { useEffect, useState, type ReactElement } from 'react'
import { useStore } from 'zustand'
import { Icon } from '../../style/icons'
import { RunMenu } from '../debug/RunMenu'
import { OVER } from '../run/events'
import { useBuild, useDoc, useRun, useSession, useUi } from '../state'
import { plural } from '../words'
import { useLayout } from '../canvas/layout'
import { SaveState } from './SaveState'
import { Share } from './Share'
import { Workflows } from './Workflows'

export function Bar({ onRun, onRunChanged }: { onRun: () => void; onRunChanged: () => void }): ReactElement {
  const build = useBuild()
  const undo = useSession((state) => state.undo)
  const redo = useSession((state) => state.redo)
  const revision = useSession((state) => state.revision)
  const diagnostics = useSession((state) => state.diagnostics)
  const outline = useUi((ui) => ui.outline)
  const history = useUi((ui) => ui.history)
  const describe = useUi((ui) => ui.describe)
  const layout = useLayout()
  const errors = diagnostics.filter((each) => each.severity === 'error').length
  const warnings = diagnostics.filter((each) => each.severity === 'warning').length
  const said = [errors && plural(errors, 'error'), warnings && plural(warnings, 'warning')].filter(Boolean).join(', ')
  return (
    <div className="wbar" role="toolbar" aria-label="Workflow" data-region="bar">
      <span className="row names">
        <Workflows />
        <span className="t3">/</span>
        <Title />
      </span>
      <button className="chip line num version" aria-label={`Version ${revision}: show the history`} aria-pressed={history} title="The version, counted up by every saved edit: show the history  H" data-testid="history-open" onClick={() => build.set({ history: !history })}>v{revision}<Icon name="clock" size={12} /></button>
      <SaveState />
      <span className="sep" />
      <button className="btn ghost icon" aria-label={undo ? `Undo: ${undo}` : 'Undo'} title={`Undo${undo ? `: ${undo}` : ''}  Ctrl Z`} disabled={!undo} data-testid="undo" onClick={() => build.undo()}><Icon name="undo" /></button>
      <button className="btn ghost icon" aria-label={redo ? `Redo: ${redo}` : 'Redo'} title={`Redo${redo ? `: ${redo}` : ''}  Ctrl Shift Z`} disabled={!redo} data-testid="redo" onClick={() => build.redo()}><Icon name="redo" /></button>
      <span className="sep" />
      <button className="btn ghost" title="Tidy the layout  L" data-testid="layout" onClick={() => void layout()}><Icon name="layout" /><span className="lbl">Layout</span></button>
      <span className="grow" />
      <button className="btn ghost" aria-label="Describe it" aria-pressed={describe} title="Say what you want, and look at the changes before they are made  D" data-testid="describe-open" onClick={() => build.set({ describe: !describe })}><Icon name="wish" /><span className="lbl">Describe</span></button>
      <button className="btn ghost" aria-pressed={outline} title="Read the graph as lines  O" data-testid="outline" onClick={() => build.set({ outline: !outline })}><Icon name="outline" /><span className="lbl">Outline</span></button>
      {said && <button className={`btn ghost ${errors ? 'bad' : 'warn'}`} aria-label={`Check: ${said}`} onClick={() => build.set({ problems: true, drawer: false })}><Icon name={errors ? 'error' : 'warning'} />{said}</button>}
      <Share />
      <button className="btn ghost icon" aria-label="Keyboard shortcuts" title="Keyboard shortcuts  ?" onClick={() => build.set({ help: true })}><Icon name="help" /></button>
      <RunButton onRun={onRun} onRunChanged={onRunChanged} />
    </div>
  )
}

function Title(): ReactElement {
  const build = useBuild()
  const title = useDoc((doc) => doc.title)
  const [text, setText] = useState(title)
  useEffect(() => setText(title), [title])
  const finish = (): void => {
    const trimmed = text.trim()
    if (trimmed && trimmed !== title) build.edit([{ op: 'set_meta', key: 'title', value: trimmed }], 'Rename the workflow')
    else setText(title)
  }
  return (
    <input className="title" aria-label="Title of the workflow" data-testid="title" value={text} style={{ width: `${Math.min(36, Math.max(8, text.length + 1))}ch` }} title={text}
      onChange={(event) => setText(event.target.value)} onBlur={finish} onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()} />
  )
}

function RunButton({ onRun, onRunChanged }: { onRun: () => void; onRunChanged: () => void }): ReactElement {
  const build = useBuild()
  const live = useRun((state) => state.run !== null && !OVER.has(state.picture.status))
  const busy = useRun((state) => state.busy)
  const paused = useRun((state) => state.picture.stops.length > 0)
  const breaks = useStore(build.breakpoints.store, (state) => (state.muted ? 0 : state.list.filter((each) => each.enabled && each.node in build.doc.nodes).length))
  if (live)
    return (
      <span className="run-group">
        {!paused && <button className="btn ghost icon" data-testid="pause" disabled={busy} aria-label="Pause before the next node" title="Pause before the next node" onClick={() => void build.runner.pause()}><Icon name="pause" /></button>}
        <button className="btn danger" data-testid="stop" disabled={busy} onClick={() => void build.runner.stop()}><Icon name="stop" fill />Stop <span className="kbd">Esc</span></button>
      </span>
    )
  return (
    <span className="run-group">
      <button className="btn primary" data-testid="run" disabled={busy} title={breaks ? `Run, stopping at ${plural(breaks, 'breakpoint')}` : 'Run'} onClick={onRun}><Icon name="play" fill />Run {breaks > 0 && <span className="bp-mark on-primary" />}<span className="kbd">Ctrl ↵</span></button>
      <RunMenu onRunChanged={onRunChanged} />
    </span>
  )
}
