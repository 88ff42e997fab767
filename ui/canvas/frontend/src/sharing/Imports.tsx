import { useCallback, useEffect, useState, type ReactElement, type ReactNode } from 'react'
import type { Api } from '../api'
import { PermissionSheet } from './PermissionSheet'
import { offeredFile, offeredLink, type Offered } from './taking'

/** Around a page: whatever file is dropped on it, or link it was opened with, is looked at and asked about. */
export function Imports({ api, navigate, children }: {
  api: Api
  navigate: (place: object) => void
  children: (choose: (offered: Offered) => void) => ReactNode
}): ReactElement {
  const [offered, setOffered] = useState<Offered | null>(null)
  const [over, setOver] = useState(false)
  const choose = useCallback((file: Offered) => setOffered(file), [])
  useEffect(() => setOffered((now) => offeredLink(sessionStorage) ?? now), [])
  const close = (): void => setOffered(null)
  const carriesFile = (event: React.DragEvent): boolean => [...event.dataTransfer.types].includes('Files')
  return (
    <div className={`imports${over ? ' over' : ''}`}
      onDragOver={(event) => { if (carriesFile(event)) { event.preventDefault(); setOver(true) } }}
      onDragLeave={(event) => { if (event.currentTarget === event.target || !event.currentTarget.contains(event.relatedTarget as Node)) setOver(false) }}
      onDropCapture={(event) => {
        const file = offeredFile(event.dataTransfer.files)
        setOver(false)
        if (!file) return
        event.preventDefault()
        event.stopPropagation()
        setOffered(file)
      }}>
      {children(choose)}
      {over && <div className="drop-hint" aria-hidden="true">Drop a workflow, a bundle, or a picture that carries one</div>}
      {offered && <PermissionSheet key={offered.name} api={api} offered={offered} onClose={close} onOpened={(id) => { close(); navigate({ view: 'build', workflow: id }) }} />}
    </div>
  )
}
