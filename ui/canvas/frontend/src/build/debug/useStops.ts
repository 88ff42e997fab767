import { useReactFlow } from '@xyflow/react'
import { useEffect, useRef } from 'react'
import { canvasBox, reveal } from '../palette/place'
import { useBuild, useRun, type Build } from '../state'
import { currentStop } from './debugger'
import { nameAt, placeWords } from './stop'
import { useDebugger } from './useDebugger'

/** Height of the bar of a stop, with room below it. */
const BAR = 62

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
    build.announce(`Stopped ${placeWords(at.stop, nameAt(at, build))}.`)
    build.set({ tab: 'stop' })
    if (!(at.node in build.doc.nodes) || isWriting(build.root)) return
    build.select([at.node])
    reveal(build, flow, at.node)
    clear(build, flow, at.node)
  }, [at, build, flow])
}

/** Out from under the bar. */
function clear(build: Build, flow: ReturnType<typeof useReactFlow>, node: string): void {
  const pane = canvasBox(build)
  const card = build.root?.querySelector(`#nl-node-${node}`)?.getBoundingClientRect()
  if (!pane || !card || card.top < pane.top || card.top >= pane.top + BAR) return
  const { x, y, zoom } = flow.getViewport()
  void flow.setViewport({ x, y: y + pane.top + BAR - card.top, zoom }, { duration: 200 })
}

function isWriting(root: HTMLElement | null): boolean {
  const active = (root?.getRootNode() as ShadowRoot | undefined)?.activeElement
  return active instanceof HTMLElement && ['INPUT', 'TEXTAREA', 'SELECT'].includes(active.tagName) && active.closest('.stop-tab') === null
}
