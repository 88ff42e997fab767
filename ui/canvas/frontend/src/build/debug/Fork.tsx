import { lazy, Suspense, type ReactElement } from 'react'
import { useBuild, useUi } from '../state'

/** Loaded when first asked for. */
const ForkDialog = lazy(() => import('../../fork/ForkDialog'))

/** The fork dialog over the canvas; the new run is then shown on it. */
export function Fork(): ReactElement | null {
  const build = useBuild()
  const at = useUi((ui) => ui.fork)
  if (!at) return null
  const close = (): void => {
    build.set({ fork: null })
    build.focusCanvas()
  }
  return (
    <Suspense>
      <ForkDialog api={build.api} run={at.run} span={at.span} here={build.doc} save={() => build.session.flush()} breakpoints={build.debugger.points()} onClose={close}
        onForked={({ id }) => {
          close()
          build.set({ drawer: true, tab: 'run' })
          void build.runner.show(id)
        }} />
    </Suspense>
  )
}
