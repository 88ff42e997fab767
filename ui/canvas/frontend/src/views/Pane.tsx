import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactElement, type ReactNode } from 'react'
import { Icon } from '../style/icons'

interface Props {
  /** Size of what is drawn, px at 100 %. */
  width: number
  height: number
  /** Whom the first look is at, px: kept in view as the drawing grows. */
  focus?: { x: number; y: number } | undefined
  label: string
  children: ReactNode
}

const LEAST = 0.2
const MOST = 2
/** Smaller than this nothing could be read: then the drawing is scrolled instead. */
const READABLE = 0.9

/** A drawing larger than its place: scrolled by wheel, drag or arrow keys, zoomed by buttons, + and −. */
export function Pane({ width, height, focus, label, children }: Props): ReactElement {
  const box = useRef<HTMLDivElement>(null)
  const room = useWidth(box)
  const [chosen, setChosen] = useState<number | null>(null)
  const fit = Math.min(1, Math.max(READABLE, room / (width + 16)))
  const zoom = chosen ?? fit
  const step = (by: number): void => setChosen(Math.min(MOST, Math.max(LEAST, zoom * by)))
  useEffect(() => {
    const pane = box.current
    if (!pane || !focus || pane.contains((pane.getRootNode() as ShadowRoot | globalThis.Document).activeElement)) return
    pane.scrollTo({ left: focus.x * zoom - pane.clientWidth / 2, top: focus.y * zoom - pane.clientHeight / 2 })
  }, [focus?.x, focus?.y, zoom]) // eslint-disable-line
  const onKey = (event: KeyboardEvent): void => {
    const by = ({ '+': 1.25, '=': 1.25, '-': 0.8 } as Record<string, number>)[event.key]
    if (by) step(by)
    else if (event.key === '0') setChosen(null)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div className="v-pane">
      <div className="v-scroll" ref={box} role="group" aria-label={label} tabIndex={0} onKeyDown={onKey} onPointerDown={drag}>
        <svg width={(width + 16) * zoom} height={(height + 16) * zoom} viewBox={`-8 -8 ${width + 16} ${height + 16}`}>{children}</svg>
      </div>
      <div className="v-zoom" role="toolbar" aria-label="Zoom">
        <button className="btn sm icon" aria-label="Zoom out" onClick={() => step(0.8)}><Icon name="minus" size={12} /></button>
        <button className="btn sm num" aria-label={`Zoom ${Math.round(zoom * 100)} %. Fit`} onClick={() => setChosen(null)}>{Math.round(zoom * 100)} %</button>
        <button className="btn sm icon" aria-label="Zoom in" onClick={() => step(1.25)}><Icon name="plus" size={12} /></button>
      </div>
    </div>
  )
}

function useWidth(box: React.RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(480)
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width))
    if (box.current) observer.observe(box.current)
    return () => observer.disconnect()
  }, [box])
  return width
}

/** Drag the ground to scroll; touch scrolls by itself. */
function drag(event: PointerEvent<HTMLDivElement>): void {
  const pane = event.currentTarget
  if (event.button !== 0 || event.pointerType === 'touch' || (event.target as Element).closest('[role=treeitem], [role=listitem]')) return
  const from = { x: event.clientX + pane.scrollLeft, y: event.clientY + pane.scrollTop }
  pane.setPointerCapture(event.pointerId)
  const move = (now: globalThis.PointerEvent): void => pane.scrollTo(from.x - now.clientX, from.y - now.clientY)
  const end = (): void => {
    pane.removeEventListener('pointermove', move)
    pane.removeEventListener('pointerup', end)
    pane.removeEventListener('pointercancel', end)
  }
  pane.addEventListener('pointermove', move)
  pane.addEventListener('pointerup', end)
  pane.addEventListener('pointercancel', end)
}
