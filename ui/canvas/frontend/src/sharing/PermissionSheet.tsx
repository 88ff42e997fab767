import { useEffect, useRef, useState, type ReactElement } from 'react'
import type { Api } from '../api'
import { Icon, type IconName } from '../style/icons'
import { blocked, SORTS, signedBy, titleOf, toggled } from './decisions'
import { waiting } from '../merge/overlay'
import { look, originOf, take, tooLarge, why, type Offered } from './taking'
import type { Origin } from '../merge/types'
import type { Permission, Preview } from './types'

/** Before a stranger's workflow opens: what it may do, each to be allowed or refused. Nothing is done before. */
export function PermissionSheet({ api, offered, onClose, onOpened }: {
  api: Api
  offered: Offered
  onClose: () => void
  onOpened: (id: string) => void
}): ReactElement {
  const [preview, setPreview] = useState<Preview | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [refused, setRefused] = useState<ReadonlySet<string>>(new Set())
  const [trustAs, setTrustAs] = useState('')
  const [busy, setBusy] = useState(false)
  const [origin, setOrigin] = useState<Origin | null>(null)
  const first = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    const large = tooLarge(offered)
    if (large) return setProblem(large)
    let gone = false
    look(api, offered).then((found) => !gone && setPreview(found), (error: unknown) => !gone && setProblem(why(error)))
    // That it is a copy of one here is an offer beside the rest: where it cannot be told, there is none.
    originOf(api, offered).then((found) => !gone && setOrigin(found), () => undefined)
    return () => { gone = true }
  }, [api, offered])
  useEffect(() => first.current?.focus(), [preview, problem])
  const open = (): void => {
    setBusy(true)
    take(api, offered, refused, trustAs).then(onOpened, (error: unknown) => { setBusy(false); setProblem(why(error)) })
  }
  const mergeInto = (mine: Origin): void => {
    waiting.setState({
      workflow: mine.id,
      merging: { show: 'merge', title: `${offered.name} into yours`, ours: 'mine', theirs: 'theirs', body: { theirs: preview!.document, base_revision: mine.base }, refused: [...refused] },
    })
    onOpened(mine.id)
  }
  const title = preview?.document.title ?? offered.name
  return (
    <div className="scrim fixed" onClick={onClose}>
      <div className="sheet permissions" role="dialog" aria-modal="true" aria-label={`Before ${title} opens`} data-testid="permissions"
        onClick={(event) => event.stopPropagation()} onKeyDown={(event) => { event.stopPropagation(); if (event.key === 'Escape') onClose() }}>
        <div className="row top">
          <span className="shield"><Icon name="shield" /></span>
          <div className="grow">
            <b className="h18">{problem ? `${offered.name} was not opened` : `Before “${title}” opens`}</b>
            {preview && <From offered={offered} preview={preview} />}
          </div>
          <button ref={first} className="btn ghost icon" aria-label="Close" onClick={onClose}><Icon name="cross" /></button>
        </div>
        {problem && <p className="sm refusal" role="alert" data-testid="import-problem"><Icon name="error" size={14} /> {problem}</p>}
        {!preview && !problem && <p className="sm t2">Looking at it…</p>}
        {preview && <>
          <div className="asked">
            <div className="drawn" dangerouslySetInnerHTML={{ __html: preview.miniature }} />
            <b className="sm">{preview.permissions.length ? 'This workflow may:' : 'This workflow reaches nothing: no model, no file, no network.'}</b>
            <ul>{preview.permissions.map((each) => <Asked key={each.key} permission={each} refused={refused.has(each.key)} onChange={(refuse) => setRefused(toggled(refused, each.key, refuse))} />)}</ul>
          </div>
          <Consequences preview={preview} refused={refused} />
          {origin && <Copy origin={origin} onMerge={() => mergeInto(origin)} />}
          {preview.signature && !preview.signature.name &&
            <label className="trust sm">Trust this key from now on, as <input value={trustAs} placeholder="a name, or leave it empty" maxLength={100} onChange={(event) => setTrustAs(event.target.value)} /></label>}
        </>}
        <div className="row foot">
          <span className="grow" />
          <button className="btn" onClick={onClose}>{problem ? 'Close' : 'Cancel'}</button>
          {preview && <button className="btn primary" disabled={busy} data-testid="import-open" onClick={open}>{refused.size ? 'Open with these choices' : 'Open'}</button>}
        </div>
      </div>
    </div>
  )
}

/** It began as a workflow that is here already. */
function Copy({ origin, onMerge }: { origin: Origin; onMerge: () => void }): ReactElement {
  const same = origin.likeness === 1
  return (
    <div className="note sm" data-testid="import-origin">
      <Icon name="fork" size={14} />
      <p className="grow">
        {same ? <>This is v{origin.base} of your workflow <b>{origin.title}</b>; there is nothing in it that you do not have.</>
          : <>It looks like a changed copy of your workflow <b>{origin.title}</b>, made from v{origin.base} of {origin.revision}. You can bring its changes into yours.</>}
      </p>
      {!same && <button className="btn sm" data-testid="import-merge" onClick={onMerge}>Merge with mine…</button>}
    </div>
  )
}

function From({ offered, preview }: { offered: Offered; preview: Preview }): ReactElement {
  const signed = signedBy(preview)
  const size = offered.content.size < 100_000 ? `${Math.max(1, Math.round(offered.content.size / 1000))} kB` : `${(offered.content.size / 1e6).toFixed(1)} MB`
  const with_ = [preview.examples && `${preview.examples} examples`, preview.recording && 'a recorded run', preview.workflows.length && `${preview.workflows.length} more workflows`].filter(Boolean)
  return (
    <p className="sm t2 origin">
      From <b>{offered.name}</b>, {size}, {preview.nodes} nodes{with_.length > 0 && <>, with {with_.join(', ')}</>}. <span className={signed.tone}>{signed.words}</span>
    </p>
  )
}

export function Asked({ permission, refused, onChange }: { permission: Permission; refused: boolean; onChange: (refuse: boolean) => void }): ReactElement {
  const icon = (SORTS[permission.sort]?.icon ?? 'info') as IconName
  return (
    <li className={`${refused ? 'off' : ''} risk-${permission.risk}`} data-testid={`permission-${permission.key}`}>
      <Icon name={icon} />
      <div className="grow">
        <b className="sm">{titleOf(permission)}{permission.risk === 'high' && <span className="chip waiting">look closely</span>}</b>
        <p className="sm t2">{permission.words} <span className="t3 xs">{permission.nodes.join(', ')}</span></p>
      </div>
      <span className="seg" role="group" aria-label={permission.words}>
        <button aria-pressed={!refused} onClick={() => onChange(false)}>Allow</button>
        <button aria-pressed={refused} onClick={() => onChange(true)}>Refuse</button>
      </span>
    </li>
  )
}

function Consequences({ preview, refused }: { preview: Preview; refused: ReadonlySet<string> }): ReactElement {
  const nodes = blocked(preview.permissions, refused)
  const errors = preview.diagnostics.filter((each) => each.severity === 'error')
  return (
    <div className="note sm">
      <Icon name="shield" size={14} />
      <p>
        It contains no code and no commands. Nothing has been fetched, started or run by opening this sheet. {preview.cost.words}
        {nodes.length > 0 && <> It will not run as long as <b>{nodes.join(', ')}</b> would do what you refuse: take them out, or allow it later under Share.</>}
        {errors.length > 0 && <> It has {errors.length === 1 ? 'an error' : `${errors.length} errors`} to mend first: {errors[0]!.message}.</>}
      </p>
    </div>
  )
}
