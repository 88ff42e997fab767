import { type KeyboardEvent, type PointerEvent, useMemo } from 'react'
import type { Kind } from '../model/kinds'
import { Icon } from '../style/icons'
import { stretches } from './model'
import { type Replay, type ReplayState, SPEEDS } from './replay'
import { Sign } from './signs'
import type { Overview, Step, TraceDocument } from './types'
import { countText, secondsText } from './words'

interface Props {
  replay: Replay
  state: ReplayState
  overview: Overview
  document: TraceDocument | null
  kinds: Record<string, Kind>
  start: number
  end: number
  /** Seconds since the epoch at the playhead; null: at the end. */
  at: number | null
  step: Step | null
}

/** The run on one line of time, replayed on the graph above: play, pause, step, speed, and a handle to drag. */
export function Scrubber({ replay, state, overview, document, kinds, start, end, at, step }: Props) {
  const place = state.step
  const atEnd = place === null || place >= overview.steps - 1
  return (
    <div className="scrub" role="toolbar" aria-label="Replay">
      <button className="btn ghost icon" aria-label="One step back" title="One step back (K)" disabled={overview.steps === 0 || place === 0} onClick={() => void replay.by(-1)}><Sign name="back" size={16} /></button>
      <button className="btn icon" aria-label={state.playing ? 'Pause' : 'Play'} title={state.playing ? 'Pause (Space)' : 'Play (Space)'} disabled={overview.steps === 0} data-testid="replay-play" onClick={() => replay.toggle()}>
        <Icon name={state.playing ? 'pause' : 'play'} fill={!state.playing} />
      </button>
      <button className="btn ghost icon" aria-label="One step on" title="One step on (J)" disabled={overview.steps === 0 || (atEnd && place !== null)} onClick={() => void replay.by(1)}><Sign name="on" size={16} /></button>
      <span className="seg" role="radiogroup" aria-label="Speed of the replay">
        {SPEEDS.map((speed) => <button key={speed} role="radio" aria-checked={state.speed === speed} aria-pressed={state.speed === speed} onClick={() => replay.setSpeed(speed)}>{speed}×</button>)}
      </span>
      <Track {...{ replay, overview, document, kinds, start, end, at, step }} />
      <span className="mono t2 num nw">{secondsText((at ?? end) - start)} / {secondsText(end - start)}</span>
    </div>
  )
}

function Track({ replay, overview, document, kinds, start, end, at, step }: Omit<Props, 'state'>) {
  const parts = useMemo(() => stretches(overview.bands), [overview.bands])
  const wide = 100 / Math.max(1, overview.bands.length)
  const family = (node: string) => kinds[document?.nodes[node]?.kind ?? '']?.family ?? 'control'
  const goTo = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))
    void replay.goTo(start + share * (end - start))
  }
  const share = end > start ? (100 * Math.min(end - start, Math.max(0, (at ?? end) - start))) / (end - start) : 100
  return (
    <div className="track" role="slider" tabIndex={0} aria-label="Step" aria-valuemin={1} aria-valuemax={Math.max(1, overview.steps)} aria-valuenow={step ? step.index + 1 : overview.steps}
      aria-valuetext={step ? `step ${countText(step.index + 1)} of ${countText(overview.steps)}, ${step.name}` : 'the whole run'} data-testid="scrubber"
      onKeyDown={(event) => onTrackKey(event, replay, overview.steps)}
      onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); replay.pause(); goTo(event) }}
      onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && goTo(event)}>
      {parts.map((part) => <i key={part.from} className="b" style={{ left: `${part.from * wide}%`, width: `calc(${(part.to - part.from) * wide}% - 1px)`, background: `var(--f-${family(part.node)})` }} />)}
      <span className="past" style={{ left: `${share}%` }} />
      <span className="h" style={{ left: `${share}%` }} />
    </div>
  )
}

function onTrackKey(event: KeyboardEvent, replay: Replay, steps: number): void {
  const acts: Record<string, () => Promise<void>> = {
    ArrowLeft: () => replay.by(-1), ArrowDown: () => replay.by(-1), ArrowRight: () => replay.by(1), ArrowUp: () => replay.by(1),
    PageUp: () => replay.by(10), PageDown: () => replay.by(-10), Home: () => replay.go(0), End: () => replay.go(steps - 1),
  }
  const act = acts[event.key]
  if (!act) return
  event.preventDefault()
  event.stopPropagation()
  void act()
}
