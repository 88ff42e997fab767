import type { ReactElement } from 'react'
import { useReactFlow } from '@xyflow/react'
import { reveal } from '../palette/place'
import { Icon, type IconName } from '../../style/icons'
import { useBuild, useRun } from '../state'
import { currentStop } from './debugger'
import { useDebugger } from './useDebugger'
import { nameAt, placeWords, type Command } from './stop'

export const COMMANDS: { command: Command; words: string; icon: IconName; keys: string; title: string }[] = [
  { command: 'continue', words: 'Continue', icon: 'resume', keys: 'F5', title: 'On to the next breakpoint' },
  { command: 'over', words: 'Over', icon: 'over', keys: 'F10', title: 'Step over: to the next node here' },
  { command: 'into', words: 'Into', icon: 'into', keys: 'F11', title: 'Step into: to the next node, also inside a frame or sub-workflow' },
  { command: 'out', words: 'Out', icon: 'out', keys: '⇧F11', title: 'Step out: to the next node around this frame or sub-workflow' },
]

/** Where the run stands, and the ways on: over the canvas while it is stopped. */
export function StopBar(): ReactElement | null {
  const build = useBuild()
  const flow = useReactFlow()
  const stops = useRun((state) => state.picture.stops)
  const busy = useRun((state) => state.busy)
  const chosen = useDebugger((state) => state.chosen)
  const at = currentStop(stops, chosen)
  if (!at) return null
  const here = at.node in build.doc.nodes
  const show = (): void => {
    if (here) {
      build.select([at.node])
      reveal(build, flow, at.node)
    }
    build.set({ tab: 'stop' })
  }
  const next = (): void => {
    build.debugger.choose(stops[(stops.indexOf(at) + 1) % stops.length]!.interrupt)
    build.set({ tab: 'stop' })
  }
  return (
    <div className="stopbar" role="toolbar" aria-label="Stopped" data-testid="stop-bar">
      <button className="what" title="Show the stop" onClick={show}><span className="st-waiting"><Icon name="pause" /></span><span className="ell">Stopped <b>{placeWords(at.stop, nameAt(at, build))}</b></span></button>
      {stops.length > 1 && <button className="btn ghost sm" data-testid="stop-next" title="Look at the next stop" onClick={next}>{stops.indexOf(at) + 1} of {stops.length}</button>}
      {COMMANDS.map(({ command, words, icon, keys, title }) => (
        <button key={command} className={`btn ${command === 'continue' ? 'primary' : 'ghost'}`} disabled={busy} title={`${title}  ${keys}`} data-testid={`debug-${command}`} onClick={() => void build.debugger.command(command)}>
          <Icon name={icon} /><span className={command === 'continue' ? '' : 'opt'}>{words}</span><span className="kbd">{keys}</span>
        </button>
      ))}
      <span className="sep" />
      <button className="btn ghost bad icon" disabled={busy} title="Stop the run  Shift F5" aria-label="Stop the run" data-testid="debug-stop" onClick={() => void build.runner.stop()}><Icon name="stop" fill /></button>
    </div>
  )
}
