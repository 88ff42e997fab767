import { useReactFlow } from '@xyflow/react'
import { useEffect, useRef } from 'react'
import { reveal } from '../palette/place'
import { useBuild, useRun } from '../state'
import { currentStop } from './debugger'
import { useDebugger } from './useDebugger'
import { nameAt, placeWords } from './stop'

/** When the run stops, show where: select the card, open its tab, and say it. Nobody is torn out of a text. */
export function useStops(): void {
  const build = useBuild()
  const flow = useReactFlow()
  const stops = useRun((state) => state.picture.stops)
  const chosen = useDebugger((state) => state.chosen)
  const at = currentStop(stops, chosen)
  const seen = useRef<string | null>(null)
  useEffect(() => {
    const key = at && `${at.interrupt} ${at.stop.when} ${at.stop.visit}`
    if (key === seen.current) return
    seen.current = key
    if (!at) return void (build.ui.getState().tab === 'stop' && build.set({ tab: 'run' }))
    const here = at.node in build.doc.nodes
    build.announce(`Stopped ${placeWords(at.stop, nameAt(at, build))}.`)
    build.set({ tab: 'stop' })
    if (!here || isWriting(build.root)) return
    build.select([at.node])
    reveal(build, flow, at.node)
  }, [at, build, flow])
}

function isWriting(root: HTMLElement | null): boolean {
  const active = (root?.getRootNode() as ShadowRoot | undefined)?.activeElement
  return active instanceof HTMLElement && ['INPUT', 'TEXTAREA', 'SELECT'].includes(active.tagName) && active.closest('.stop-tab') === null
}
