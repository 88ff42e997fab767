import { useMemo } from 'react'
import { Icon } from '../style/icons'
import { nodeSpans } from './GraphStrip'
import { extent, seconds, type Trace } from './model'
import type { Kind } from '../model/kinds'
import type { Span } from './types'
import { secondsText } from './words'

interface Props {
  trace: Trace
  kinds: Record<string, Kind>
  now: number
  selected: Span | null
  onSelect: (id: string) => void
}

/** The run on one line of time; arrows and buttons step from node to node. */
export function Scrubber({ trace, kinds, now, selected, onSelect }: Props) {
  const steps = useMemo(() => nodeSpans(trace), [trace])
  const { start, end } = extent(trace, now)
  const at = currentStep(trace, steps, selected)
  const go = (by: number) => {
    const next = steps[Math.min(steps.length - 1, Math.max(0, at + by))]
    if (next) onSelect(next.id)
  }
  const current = steps[at]
  const reached = current ? current.started_at + seconds(current, now) - start : 0
  const percent = (value: number) => `${(100 * value) / (end - start)}%`
  return (
    <div className="scrub" role="toolbar" aria-label="Step through the run">
      <button className="btn ghost icon" aria-label="One step back" title="One step back (K)" disabled={at <= 0} onClick={() => go(-1)}><Icon name="left" /></button>
      <button className="btn ghost icon" aria-label="One step on" title="One step on (J)" disabled={at >= steps.length - 1} onClick={() => go(1)}><Icon name="right" /></button>
      <div className="track" role="slider" tabIndex={0} aria-label="Step" aria-valuemin={1} aria-valuemax={Math.max(1, steps.length)} aria-valuenow={at + 1}
        aria-valuetext={current ? `step ${at + 1} of ${steps.length}, ${current.name}` : 'before the first step'}
        onKeyDown={(event) => {
          const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, Home: -steps.length, End: steps.length }[event.key]
          if (by !== undefined) { event.preventDefault(); event.stopPropagation(); go(by) }
        }}
        onPointerDown={(event) => {
          const box = event.currentTarget.getBoundingClientRect()
          const when = start + ((event.clientX - box.left) / box.width) * (end - start)
          const under = [...steps].reverse().find((span) => span.started_at <= when)
          if (under) onSelect(under.id)
        }}>
        {steps.length <= 400 && steps.map((span) => (
          <i key={span.id} className="b" style={{ left: percent(span.started_at - start), width: `max(1px, ${percent(seconds(span, now))} - 1px)`,
            background: `var(--f-${kinds[span.kind ?? '']?.family ?? 'control'})` }} />
        ))}
        {steps.length > 400 && <i className="b" style={{ left: 0, right: 0, background: 'var(--surface-3)' }} />}
        {current && <span className="h" style={{ left: percent(reached) }} />}
      </div>
      <span className="mono t2 num">{reached.toFixed(1)} / {secondsText(end - start)}</span>
    </div>
  )
}

/** The index of the node span that is, or is around, the selected one; -1 for none. */
function currentStep(trace: Trace, steps: Span[], selected: Span | null): number {
  if (!selected) return -1
  const owner = trace.path(selected.id).reverse().find((span) => span.operation === 'invoke_node')
  return owner ? steps.indexOf(owner) : -1
}
