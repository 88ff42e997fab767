import { useEffect, useRef, useState, type ReactElement } from 'react'
import { useBuild } from '../build/state'
import { Icon } from '../style/icons'
import { blocked, toggled } from './decisions'
import { Asked } from './PermissionSheet'
import { why } from './taking'
import type { Permission } from './types'

interface Decided {
  permissions: (Permission & { refused: boolean })[]
  /** Keys of all that was refused, also of what it does not ask for now. */
  refused: string[]
  cost: { words: string }
}

/** What the open workflow may do, each allowed or refused, whenever its owner likes. */
export function Granted({ onClose }: { onClose: () => void }): ReactElement {
  const build = useBuild()
  const [decided, setDecided] = useState<Decided | null>(null)
  const [refused, setRefused] = useState<ReadonlySet<string>>(new Set())
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const first = useRef<HTMLButtonElement>(null)
  const path = `/workflows/${build.workflow}/permissions`
  useEffect(() => {
    void build.session.flush().then(() => build.api.get<Decided>(path)).then((found) => {
      setDecided(found)
      setRefused(new Set(found.refused))
    }, (error: unknown) => setProblem(why(error)))
  }, [build, path])
  useEffect(() => first.current?.focus(), [])
  const before = new Set(decided?.refused)
  const changed = decided?.permissions.filter((each) => refused.has(each.key) !== before.has(each.key)) ?? []
  const save = async (): Promise<void> => {
    setBusy(true)
    try {
      await build.api.json('PUT', path, { refused: [...refused] })
      await build.session.look()
      build.say(refused.size ? 'Your refusals are kept.' : 'Everything is allowed.')
      onClose()
    } catch (error) {
      setProblem(why(error))
      setBusy(false)
    }
  }
  const title = build.doc.title
  return (
    <div className="scrim fixed" onClick={onClose}>
      <div className="sheet permissions" role="dialog" aria-modal="true" aria-label={`What ${title} may do`} data-testid="granted"
        onClick={(event) => event.stopPropagation()} onKeyDown={(event) => { event.stopPropagation(); if (event.key === 'Escape') onClose() }}>
        <div className="row top">
          <span className="shield"><Icon name="shield" /></span>
          <div className="grow">
            <b className="h18">What “{title}” may do</b>
            <p className="sm t2 origin">Read from its nodes and settings. You can change your mind at any time; a run that goes on already is not stopped.</p>
          </div>
          <button ref={first} className="btn ghost icon" aria-label="Close" onClick={onClose}><Icon name="cross" /></button>
        </div>
        {problem && <p className="sm refusal" role="alert" data-testid="granted-problem"><Icon name="error" size={14} /> {problem}</p>}
        {!decided && !problem && <p className="sm t2">Looking at it…</p>}
        {decided && <>
          <div className="asked">
            {decided.permissions.length === 0 && <b className="sm">It reaches nothing: no model, no file, no network.</b>}
            <ul>{decided.permissions.map((each) => <Asked key={each.key} permission={each} refused={refused.has(each.key)} onChange={(refuse) => setRefused(toggled(refused, each.key, refuse))} />)}</ul>
            <Earlier decided={decided} refused={refused} onGrant={(key) => setRefused(toggled(refused, key, false))} />
          </div>
          <Consequence decided={decided} refused={refused} />
        </>}
        <div className="row foot">
          <span className="grow sm t3">{changed.length > 0 ? 'Not kept yet.' : ''}</span>
          <button className="btn" onClick={onClose}>{changed.length > 0 ? 'Leave it' : 'Close'}</button>
          {decided && <button className="btn primary" disabled={busy || same(refused, before)} data-testid="granted-save" onClick={() => void save()}>Keep these choices</button>}
        </div>
      </div>
    </div>
  )
}

/** What was refused and is not asked for now: it stays refused for later edits and for what the workflow drafts. */
function Earlier({ decided, refused, onGrant }: { decided: Decided; refused: ReadonlySet<string>; onGrant: (key: string) => void }): ReactElement | null {
  const asked = new Set(decided.permissions.map((each) => each.key))
  const rest = [...refused].filter((key) => !asked.has(key))
  if (!rest.length) return null
  return (
    <>
      <b className="sm">Refused earlier, and not asked for now</b>
      <ul>{rest.map((key) => <li key={key}><Icon name="cross" /><p className="sm t2 grow">{key.replace(/:$/, '')}</p><button className="btn sm" onClick={() => onGrant(key)}>Allow again</button></li>)}</ul>
    </>
  )
}

function Consequence({ decided, refused }: { decided: Decided; refused: ReadonlySet<string> }): ReactElement {
  const nodes = blocked(decided.permissions, refused)
  return (
    <div className="note sm">
      <Icon name="shield" size={14} />
      <p>
        {decided.cost.words}
        {nodes.length > 0
          ? <> It does not run as long as <b>{nodes.join(', ')}</b> would do what you refuse. Workflows that it drafts or runs are held to it too.</>
          : refused.size > 0 && <> What you refused holds for workflows that it drafts or runs, too.</>}
      </p>
    </div>
  )
}

function same(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((each) => other.has(each))
}
