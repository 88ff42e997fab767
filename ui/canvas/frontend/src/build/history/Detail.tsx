import { useEffect, useRef, useState, type ReactElement } from 'react'
import { Icon } from '../../style/icons'
import { showOver } from '../../merge/overlay'
import { useBuild } from '../state'
import { Changes } from './Changes'
import type { Version } from './fold'
import type { Versions } from './useVersions'
import { editsOf, faultOf, labelOf } from './words'

interface Props { version: Version; present: number; versions: Versions }

/** One version: its name and note, what can be done with it, how it looked and what changed since. */
export function Detail({ version, present, versions }: Props): ReactElement {
  const build = useBuild()
  const isPresent = version.revision === present
  const when = new Date(version.saved_at * 1000).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
  return (
    <section className="hist-detail" aria-label={`Version ${version.revision}`} data-testid="history-detail">
      <header>
        <b className="h18">v{version.revision}</b>
        <span className="sm t2 hist-label">{labelOf(version)}</span>
        <span className="xs t3">{[when, editsOf(version.edits)].filter(Boolean).join(' · ')}</span>
      </header>
      <Actions version={version} isPresent={isPresent} versions={versions} />
      <Naming key={version.revision} version={version} onMark={versions.mark} />
      <Drawing revision={version.revision} />
      <div className="row">
        <h3 className="cap grow">{isPresent ? 'What this version changed' : `What changed since, until v${present}`}</h3>
        {present > 1 && <button className="btn sm" data-testid="history-draw" onClick={() => showOver(build, { show: 'versions', since: isPresent ? present - 1 : version.revision, until: present })}><Icon name="outline" size={14} />Show on the graph</button>}
      </div>
      {version.revision === 1 && isPresent
        ? <p className="sm t2">The workflow is as it was made; nothing was changed yet.</p>
        : <Changes since={isPresent ? present - 1 : version.revision} revision={present} />}
    </section>
  )
}

function Actions({ version, isPresent, versions }: { version: Version; isPresent: boolean; versions: Versions }): ReactElement {
  const build = useBuild()
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState('')
  const sure = useRef<HTMLButtonElement>(null)
  const { revision } = version
  const published = versions.published === revision
  useEffect(() => { setAsking(false); setFault('') }, [revision])
  useEffect(() => { if (asking) sure.current?.focus() }, [asking])
  const restore = async (): Promise<void> => {
    setBusy(true)
    try {
      await build.session.restore(revision)
      build.say(`v${revision} is restored. Undo takes it back.`)
    } catch (error) {
      setFault(faultOf(error))
    }
    setBusy(false)
    setAsking(false)
    build.root?.querySelector<HTMLElement>('[data-testid="history-list"]')?.focus()
  }
  const publish = async (): Promise<void> => {
    if (await versions.publish(published ? null : revision)) build.announce(published ? 'Other workflows run the newest version.' : `Other workflows run v${revision}.`)
  }
  if (asking)
    return (
      <div className="hist-ask" role="alertdialog" aria-label={`Restore version ${revision}`} onKeyDown={(event) => { if (event.key === 'Escape') { event.stopPropagation(); setAsking(false) } }}>
        <p className="sm">Make the workflow what it was at v{revision}? That is a new version; nothing is lost, and undo takes it back.</p>
        <button ref={sure} className="btn primary sm" data-testid="history-restore-yes" disabled={busy} onClick={() => void restore()}>Restore v{revision}</button>
        <button className="btn ghost sm" disabled={busy} onClick={() => setAsking(false)}>Leave it</button>
      </div>
    )
  return (
    <div className="hist-actions">
      {isPresent
        ? <span className="sm t2 grow">The workflow is as in this version.</span>
        : <button className="btn sm" data-testid="history-restore" onClick={() => { setFault(''); setAsking(true) }}><Icon name="undo" size={14} />Restore…</button>}
      <button className="btn sm" data-testid="history-publish" title={published ? 'Let other workflows run whatever is newest' : 'Let other workflows run this version, whatever is edited later'} onClick={() => void publish()}>{published ? 'Take back from publication' : 'Publish'}</button>
      {fault && <p className="sm st-failed" role="alert" data-testid="history-fault">{fault}</p>}
    </div>
  )
}

function Naming({ version, onMark }: { version: Version; onMark: Versions['mark'] }): ReactElement {
  const [name, setName] = useState(version.name)
  const [note, setNote] = useState(version.note)
  const finish = (): void => {
    if (name.trim() !== version.name || note.trim() !== version.note) void onMark(version.revision, name, note)
  }
  return (
    <div className="hist-naming">
      <input className="in" aria-label="Name of the version" data-testid="history-name" placeholder="Name this version" maxLength={100} value={name}
        onChange={(event) => setName(event.target.value)} onBlur={finish} onKeyDown={(event) => event.key === 'Enter' && finish()} />
      <textarea className="in" aria-label="Note on the version" data-testid="history-note" placeholder="Note" rows={2} maxLength={2000} value={note}
        onChange={(event) => setNote(event.target.value)} onBlur={finish} />
    </div>
  )
}

/** The version in small. */
function Drawing({ revision }: { revision: number }): ReactElement {
  const build = useBuild()
  const [drawn, setDrawn] = useState<{ revision: number; svg: string; fault: string } | null>(null)
  useEffect(() => {
    let left = false
    build.api.get<{ miniature: string }>(`/workflows/${build.workflow}/versions/${revision}`).then(
      ({ miniature }) => !left && setDrawn({ revision, svg: miniature, fault: '' }),
      (error: unknown) => !left && setDrawn({ revision, svg: '', fault: faultOf(error) }),
    )
    return () => { left = true }
  }, [build, revision])
  if (drawn?.fault) return <p className="sm st-failed" role="alert">{drawn.fault}</p>
  return <div className="hist-drawing" aria-busy={drawn?.revision !== revision} dangerouslySetInnerHTML={{ __html: drawn?.svg ?? '' }} />
}
