import { useEffect, useRef, type ReactElement, type ReactNode } from 'react'
import { Granted } from '../sharing/Granted'
import { useBuild } from '../build/state'
import { Icon } from '../style/icons'
import { MergeView } from './MergeView'
import { showOver, useOverlay, waiting } from './overlay'
import { VersionDiff } from './VersionDiff'

/** What lies over the canvas: two versions on one graph, a merge, or what the workflow may do. */
export function Over(): ReactElement | null {
  const build = useBuild()
  const open = useOverlay(build)
  useEffect(() => {
    const take = (): void => {
      const asked = waiting.getState()
      if (asked?.workflow !== build.workflow) return
      waiting.setState(null, true)
      showOver(build, asked.merging)
    }
    take()
    return waiting.subscribe(take)
  }, [build])
  const shut = (): void => {
    showOver(build, null)
    build.focusCanvas()
  }
  if (!open) return null
  if (open.show === 'permissions') return <Granted onClose={shut} />
  if (open.show === 'versions') return <VersionDiff key={`${open.since} ${open.until}`} since={open.since} until={open.until} onClose={shut} />
  return <MergeView merging={open} onClose={shut} />
}

/** The frame of a view over the whole page: its head, a graph, and beside it what is said of it. */
export function Frame({ label, testid, head, onClose, children }: { label: string; testid: string; head: ReactNode; onClose: () => void; children: ReactNode }): ReactElement {
  const close = useRef<HTMLButtonElement>(null)
  useEffect(() => close.current?.focus(), [])
  return (
    <div className="over" role="dialog" aria-modal="true" aria-label={label} data-testid={testid} onKeyDown={(event) => {
      event.stopPropagation()
      if (event.key === 'Escape') onClose()
    }}>
      <div className="row over-head">{head}<button ref={close} className="btn ghost icon" aria-label="Close" onClick={onClose}><Icon name="cross" /></button></div>
      <div className="over-body">{children}</div>
    </div>
  )
}
