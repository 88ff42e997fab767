import { useEffect, useMemo, useState, type ReactElement } from 'react'
import { ChangeLines } from '../build/history/Changes'
import { faultOf } from '../build/history/words'
import { useVersions } from '../build/history/useVersions'
import { useBuild, useUi } from '../build/state'
import { plural } from '../build/words'
import type { DocumentChange } from '../compare/types'
import { complete, nodeName, type Document } from '../model/document'
import { DiffGraph, Legend } from './DiffGraph'
import { marked } from './marks'
import { Frame } from './Over'
import { showOver } from './overlay'

interface Read { before: Document; after: Document; changes: DocumentChange[] }

/** Two versions on one graph: what is new, gone or changed, and for a node what was done to it word by word. */
export function VersionDiff({ since, until, onClose }: { since: number; until: number; onClose: () => void }): ReactElement {
  const build = useBuild()
  const kinds = useUi((ui) => ui.kinds)
  const [read, setRead] = useState<Read | null>(null)
  const [fault, setFault] = useState('')
  const [node, setNode] = useState<string | null>(null)
  useEffect(() => {
    let left = false
    const path = `/workflows/${build.workflow}/versions`
    const version = (revision: number): Promise<Document> => build.api.get<{ document: unknown }>(`${path}/${revision}`).then(({ document }) => complete(document))
    Promise.all([version(since), version(until), build.api.get<DocumentChange[]>(`${path}/${until}/changes?since=${since}`)])
      .then(([before, after, changes]) => !left && setRead({ before, after, changes }), (error: unknown) => !left && setFault(faultOf(error)))
    return () => { left = true }
  }, [build, since, until])
  const found = useMemo(() => read && marked(read.before, read.after, read.changes), [read])
  const told = found && node ? (found.changes.get(node) ?? []) : (read?.changes ?? [])
  const title = found && node ? nodeName(node, found.document.nodes[node], kinds[found.document.nodes[node]?.kind ?? '']?.title) : ''
  return (
    <Frame label={`Version ${since} and version ${until} compared`} testid="version-diff" onClose={onClose} head={<>
      <b className="h18">What changed</b>
      <Between since={since} until={until} />
      <span className="grow" />
      <Legend />
    </>}>
      <div className="over-graph">
        {fault && <p className="sm st-failed hist-fault" role="alert">{fault}</p>}
        {!found && !fault && <p className="sm t3 hist-fault">Comparing…</p>}
        {found && <DiffGraph marked={found} kinds={kinds} selected={node} onSelect={setNode} />}
      </div>
      <aside className="over-side" aria-label="Changes" data-testid="diff-side">
        {read && <>
          <div className="row"><b className="grow ell">{node ? title : plural(read.changes.length, 'change')}</b>{node && <button className="btn ghost sm" onClick={() => setNode(null)}>All changes</button>}</div>
          {told.length > 0 ? <ChangeLines changes={told} /> : <p className="sm t2">{node ? 'Nothing was changed here.' : 'Nothing but the layout, if anything.'}</p>}
        </>}
      </aside>
    </Frame>
  )
}

/** The two versions, each to be chosen. */
function Between({ since, until }: { since: number; until: number }): ReactElement {
  const build = useBuild()
  const versions = useVersions()
  const all = versions.list ?? []
  const pick = (side: 'since' | 'until') => (event: React.ChangeEvent<HTMLSelectElement>): void => {
    const chosen = { show: 'versions' as const, since, until, [side]: Number(event.target.value) }
    if (chosen.since !== chosen.until) showOver(build, chosen)
  }
  const options = (chosen: number): ReactElement[] => [...new Set([chosen, ...all.map((each) => each.revision)])].sort((a, b) => b - a)
    .map((revision) => <option key={revision} value={revision}>v{revision}{all.find((each) => each.revision === revision)?.name ? ` ${all.find((each) => each.revision === revision)!.name}` : ''}</option>)
  return (
    <span className="row between sm">
      from <select className="in" aria-label="Earlier version" data-testid="diff-since" value={since} onChange={pick('since')}>{options(since)}</select>
      to <select className="in" aria-label="Later version" data-testid="diff-until" value={until} onChange={pick('until')}>{options(until)}</select>
    </span>
  )
}
