import type { ReactElement } from 'react'
import { showOver } from '../../merge/overlay'
import { Icon } from '../../style/icons'
import { OVER } from '../run/events'
import { useBuild, useRun, useSession } from '../state'
import { plural } from '../words'

/** Saved, saving, running - or, in words, what keeps an edit from being saved. */
export function SaveState(): ReactElement {
  const sync = useSession((state) => state.sync)
  const run = useRun((state) => state.run)
  const live = useRun((state) => state.run !== null && !OVER.has(state.picture.status))
  const waits = useRun((state) => state.picture.status === 'waiting')
  const stopped = useRun((state) => state.picture.stops.length > 0 && state.picture.asks.length === 0)
  if (live && run && (sync === 'saved' || sync === 'saving'))
    return (
      <span className="row sm nw" data-testid="save-state" data-sync={sync} style={{ gap: 6 }}>
        <span className={`row b ${waits ? 'st-waiting' : 'st-running'}`} style={{ gap: 4 }}>
          <Icon name={stopped ? 'pause' : waits ? 'hand' : 'arc'} size={14} className={waits ? '' : 'spin'} />{stopped ? 'Stopped' : waits ? 'Waits for you' : 'Running'} {run.number}
        </span>
        <span className="xs t3 lbl">on v{run.revision}; edits count from the next run</span>
      </span>
    )
  const words: Record<string, string> = { saved: 'Saved', saving: 'Saving', loading: 'Loading', conflict: 'Changed in another tab', offline: 'Not saved', refused: 'Not saved', gone: 'Gone' }
  const tone = sync === 'saved' ? 'st-done' : sync === 'saving' || sync === 'loading' ? 't3' : 'st-failed'
  return (
    <span className={`row sm nw ${tone}`} style={{ gap: 4 }} data-testid="save-state" data-sync={sync}>
      <Icon name={sync === 'saved' ? 'check' : tone === 't3' ? 'arc' : 'warning'} size={14} />{words[sync]}
    </span>
  )
}

/** A line under the bar while edits cannot be saved. */
export function SaveNotice(): ReactElement | null {
  const build = useBuild()
  const sync = useSession((state) => state.sync)
  const waiting = useSession((state) => state.waiting)
  const problem = useSession((state) => state.problem)
  const conflict = useSession((state) => state.conflict)
  if (conflict) return <ConflictNotice />
  if (sync === 'offline')
    return (
      <div className="notice failed" role="status" data-testid="notice">
        <Icon name="warning" size={14} />
        <span>Not saved: the server does not answer. {waiting ? `Your ${plural(waiting, 'edit')} ${waiting === 1 ? 'waits' : 'wait'} here.` : ''}</span>
        <button className="btn sm" onClick={() => build.session.retry()}>Try again</button>
      </div>
    )
  if (sync === 'refused')
    return (
      <div className="notice failed" role="alert" data-testid="notice">
        <Icon name="error" size={14} /><span>Not saved: {problem?.what} {problem?.mend}</span>
        <button className="btn sm" onClick={() => build.session.retry()}>Try again</button>
        <button className="btn sm" onClick={() => build.session.settle(false)}>Go back to what is saved</button>
      </div>
    )
  if (problem && sync !== 'gone') return <div className="notice warn" role="status"><Icon name="warning" size={14} /><span>{problem.what} {problem.mend}</span></div>
  return null
}

function ConflictNotice(): ReactElement {
  const build = useBuild()
  const conflict = useSession((state) => state.conflict)!
  const all = conflict.fit.length + conflict.lost.length
  const words = conflict.lost.length === 0
    ? `Your ${plural(all, 'edit')} ${all === 1 ? 'fits' : 'fit'} on top; look at ${all === 1 ? 'it' : 'them'} first?`
    : `${conflict.fit.length} of your ${plural(all, 'edit')} ${conflict.fit.length === 1 ? 'fits' : 'fit'} on top.`
  return (
    <div className="notice warn" role="alert" data-testid="notice">
      <Icon name="warning" size={14} />
      <span>This workflow was changed in another tab. {words}</span>
      <details>
        <summary>{plural(all, 'edit')}</summary>
        <ul>
          {conflict.fit.map((label, index) => <li key={`f${index}`}>{label}</li>)}
          {conflict.lost.map((label, index) => <li key={`l${index}`} className="st-failed">{label}: no longer fits</li>)}
        </ul>
      </details>
      <button className="btn sm" data-testid="notice-merge" onClick={() => {
        const { base, mine, saved } = build.session.forked()
        showOver(build, { show: 'merge', title: 'the edits of this tab into what the other saved', ours: 'the other tab', theirs: 'this tab', settle: true, body: { base, ours: saved, theirs: mine } })
      }}>Merge…</button>
      <button className="btn sm" onClick={() => build.session.settle(true)}>{conflict.lost.length ? 'Keep those that fit' : 'Keep my edits'}</button>
      <button className="btn sm ghost" onClick={() => build.session.settle(false)}>Drop them</button>
    </div>
  )
}
