import { lazy, Suspense, useEffect, useRef, useState, type ReactElement } from 'react'
import { Icon } from '../style/icons'
import { asView, VIEW_TITLES, type View } from './types'

const ViewBody = lazy(() => import('./ViewBody'))

/** A node's view in a panel, and in a large sheet on demand; nothing for a value that is no view. */
export function Shown({ value, heading = true }: { value: unknown; heading?: boolean }): ReactElement | null {
  const [large, setLarge] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const view = asView(value)
  if (!view) return null
  const close = (): void => {
    setLarge(false)
    requestAnimationFrame(() => opener.current?.focus())
  }
  return (
    <section className="shown" aria-label={VIEW_TITLES[view.type]} data-testid={`view-${view.type}`}>
      <div className="row shown-head">{heading && <b className="sm">{VIEW_TITLES[view.type]}</b>}<span className="grow" />
        <button ref={opener} className="btn ghost sm icon" aria-label={`${VIEW_TITLES[view.type]}, large`} title="Show large" onClick={() => setLarge(true)}><Icon name="fit" size={12} /></button></div>
      <Suspense fallback={<p className="t3 xs">Drawing…</p>}><ViewBody view={view} /></Suspense>
      {large && <Large view={view} onClose={close} />}
    </section>
  )
}

function Large({ view, onClose }: { view: View; onClose: () => void }): ReactElement {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => button.current?.focus(), [])
  return (
    <div className="scrim fixed" onClick={onClose}>
      <div className="sheet large" role="dialog" aria-modal="true" aria-label={VIEW_TITLES[view.type]} onClick={(event) => event.stopPropagation()} onKeyDown={(event) => { if (event.key === 'Escape') { event.stopPropagation(); onClose() } }}>
        <div className="row"><b className="h18 grow">{VIEW_TITLES[view.type]}</b><button ref={button} className="btn ghost icon" aria-label="Close" onClick={onClose}><Icon name="cross" /></button></div>
        <Suspense fallback={null}><ViewBody view={view} /></Suspense>
      </div>
    </div>
  )
}
