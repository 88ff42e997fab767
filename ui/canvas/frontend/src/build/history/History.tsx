import { useState, type ReactElement } from 'react'
import { Icon } from '../../style/icons'
import { useBuild, useSession, useUi } from '../state'
import { Detail } from './Detail'
import { useVersions } from './useVersions'
import { VersionList } from './VersionList'

/** Every save is a version: looked at, named, restored, published. */
export function History(): ReactElement | null {
  return useUi((ui) => ui.history) ? <Open /> : null
}

function Open(): ReactElement {
  const build = useBuild()
  const present = useSession((state) => state.revision)
  const versions = useVersions()
  /** Null: the present one, whichever that is. */
  const [chosen, setChosen] = useState<number | null>(null)
  const shut = (): void => {
    build.set({ history: false })
    build.focusCanvas()
  }
  const version = versions.list?.find((each) => each.revision === (chosen ?? present)) ?? versions.list?.[0]
  return (
    <aside className="hist" aria-label="History of versions" data-region="history" data-testid="history" onKeyDown={(event) => { if (event.key === 'Escape') { event.stopPropagation(); shut() } }}>
      <div className="row hist-head"><b className="grow">History</b><button className="btn ghost sm icon" aria-label="Close the history" onClick={shut}><Icon name="cross" size={12} /></button></div>
      {versions.fault && <p className="sm st-failed hist-fault" role="alert">{versions.fault}</p>}
      {!versions.list && !versions.fault && <p className="sm t3 hist-fault">Reading the versions…</p>}
      {versions.list?.length === 1 && <p className="sm t2 hist-fault">One version so far: every edit makes another, and each can be brought back.</p>}
      {version && (
        <div className="hist-body">
          <VersionList versions={versions} present={present} chosen={version.revision} onChoose={(revision) => setChosen(revision === present ? null : revision)} />
          <Detail version={version} present={present} versions={versions} />
        </div>
      )}
    </aside>
  )
}
