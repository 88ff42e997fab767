import { lazy, Suspense, type ReactElement } from 'react'
import type { Api } from './api'
import type { MountData } from './index'

/** The comparison is its own chunk, with its own style: loaded when two runs are compared. */
const Compare = lazy(async () => {
  const [view, css] = await Promise.all([import('./compare/CompareView'), import('./compare/compare.css?inline')])
  return { default: (props: Parameters<typeof view.CompareView>[0]) => <><style>{css.default}</style><view.CompareView {...props} /></> }
})

export function CompareHost({ api, data, navigate }: { api: Api; data: MountData; navigate: (place: object) => void }): ReactElement {
  return <Suspense fallback={<p className="centre t3">Opening the comparison…</p>}><Compare api={api} left={data.left ?? null} right={data.right ?? null} navigate={navigate} /></Suspense>
}
