import { useReactFlow, useStore } from '@xyflow/react'
import type { ReactElement } from 'react'
import { Icon } from '../../style/icons'

/** Room at the left and top for edges that run around the cards. */
export const FIT = { padding: { top: '32px', right: '28px', bottom: '28px', left: '48px' }, maxZoom: 1.3, duration: 200 } as const

export function ZoomBar(): ReactElement {
  const flow = useReactFlow()
  const zoom = useStore((state) => Math.round(state.transform[2] * 100))
  return (
    <div className="zoom" role="toolbar" aria-label="Zoom">
      <button className="btn icon" aria-label="Zoom out" onClick={() => void flow.zoomOut({ duration: 120 })}><Icon name="minus" /></button>
      <button className="pc num" aria-label={`Zoom ${zoom} %. Back to 100 %`} onClick={() => void flow.zoomTo(1, { duration: 120 })}>{zoom} %</button>
      <button className="btn icon" aria-label="Zoom in" onClick={() => void flow.zoomIn({ duration: 120 })}><Icon name="plus" /></button>
      <span className="sep" />
      <button className="btn icon" aria-label="Fit to view" onClick={() => void flow.fitView(FIT)}><Icon name="fit" /></button>
    </div>
  )
}

export function Legend(): ReactElement {
  return (
    <div className="legend" aria-hidden="true">
      <span><svg viewBox="0 0 26 8"><path className="e-flow" d="M0 4h25" markerEnd="url(#nl-arrow)" /></svg>flow</span>
      <span><svg viewBox="0 0 26 8"><path className="e-data" style={{ stroke: 'var(--t-text)' }} d="M0 4h26" /></svg>data</span>
      <span><svg viewBox="0 0 26 8"><path className="e-attach on" d="M1 4h25" /></svg>attached</span>
    </div>
  )
}
