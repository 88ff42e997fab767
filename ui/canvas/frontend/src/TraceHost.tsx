import { lazy, Suspense, type ReactElement } from 'react'
import type { Api } from './api'
import type { MountData } from './index'

/** The trace is its own chunk, with its own style: loaded when a run is opened. */
const Trace = lazy(async () => {
  const [view, css] = await Promise.all([import('./trace/TraceView'), import('./trace/trace.css?inline')])
  return { default: (props: Parameters<typeof view.TraceView>[0]) => <><style>{css.default}</style><view.TraceView {...props} /></> }
})

export function TraceHost({ api, data, theme, navigate }: { api: Api; data: MountData; theme: string; navigate: (place: object) => void }): ReactElement {
  if (!data.run) return <p className="centre t3">No run is open. Choose one from the list.</p>
  return <Suspense fallback={<p className="centre t3">Opening the trace…</p>}><Trace api={api} run={data.run} span={data.span ?? null} theme={theme} onWish={navigate} /></Suspense>
}
