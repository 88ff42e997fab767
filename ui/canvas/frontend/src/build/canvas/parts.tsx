/** Parts of a node card: header, figures, badges, live text. */

import { useEffect, useState, type ReactElement } from 'react'
import { callWords } from '../../model/calls'
import { tileFamily } from '../../model/kinds'
import { wiresOf } from '../../model/wires'
import { Icon, Tile, type IconName } from '../../style/icons'
import { dollars, seconds, tokens } from '../words'
import { totals, type NodeRun } from '../run/events'
import { useBuild, useRun, useUi } from '../state'
import type { CardView } from './useCard'

const STATES: Record<string, { icon: IconName; word: string }> = {
  running: { icon: 'arc', word: 'running' }, done: { icon: 'check', word: 'done' },
  waiting: { icon: 'hand', word: 'waits for you' }, stopped: { icon: 'pause', word: 'stopped here' }, kept: { icon: 'kept', word: 'nothing changed: kept' }, failed: { icon: 'cross', word: 'failed' }, idle: { icon: 'ring', word: 'not yet' },
}

export function stateWord(view: CardView): string {
  if (view.idle) return 'not run yet'
  const last = view.run?.visits.at(-1)
  if (!view.run) return ''
  if (isKept(view.run)) return STATES['kept']!.word
  return view.run.state === 'done' ? `done in ${seconds(totals(view.run).seconds)}` : view.run.state === 'failed' ? `failed: ${last?.error?.what ?? ''}` : STATES[view.run.state]!.word
}

export function Header({ id, view, small }: { id: string; view: CardView; small?: boolean }): ReactElement {
  const renaming = useUi((ui) => ui.renaming === id)
  const visit = view.run?.state === 'running' && view.run.visits.length > 1 ? `${view.kind?.title.toLowerCase()} · visit ${view.run.visits.length}` : null
  const held = view.run?.state === 'waiting' || view.run?.state === 'stopped' ? STATES[view.run.state]!.word : null
  const line = held ?? visit ?? view.line
  return (
    <div className="hd">
      <Tile family={tileFamily(view.kind)} kind={view.node.kind} {...(small ? { size: 20 as const } : {})} />
      <div style={{ minWidth: 0, flex: 1 }}>
        {renaming ? <Rename id={id} value={view.name} /> : <div className="nm ell" title={view.name}>{view.name}</div>}
        <div className="kd ell" title={line}>{line}</div>
      </div>
    </div>
  )
}

function Rename({ id, value }: { id: string; value: string }): ReactElement {
  const build = useBuild()
  const [text, setText] = useState(value)
  const finish = (keep: boolean): void => {
    build.set({ renaming: null })
    build.root?.querySelector<HTMLElement>('[data-region="canvas"]')?.focus()
    if (keep && text.trim() && text !== value) build.edit([{ op: 'set_node', id, key: 'label', value: text.trim() }], `Rename ${value}`)
  }
  return (
    <input className="rename nodrag nokey" autoFocus value={text} aria-label={`Name of ${value}`} data-testid={`rename-${id}`}
      onFocus={(event) => event.target.select()} onChange={(event) => setText(event.target.value)} onBlur={() => finish(true)}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Enter') finish(true)
        if (event.key === 'Escape') finish(false)
      }} />
  )
}

export function StatusBadge({ id, view }: { id: string; view: CardView }): ReactElement | null {
  const next = useIsNext(id, view.idle)
  const name = view.idle ? 'idle' : isKept(view.run) ? 'kept' : view.run?.state
  if (!name) return null
  const { icon, word } = STATES[name]!
  const timed = name === 'running'
  return (
    <span className={`sb row st-${name} ${timed || next ? 'tx' : ''}`} title={word}>
      <Icon name={icon} size={14} className={timed ? 'spin' : ''} />
      {timed && <Elapsed since={view.run!.visits.at(-1)?.startedAt ?? 0} />}
      {next && 'next'}
    </span>
  )
}

/** Whether its last visit was taken over from an earlier run, or from a pin. */
export function isKept(run: NodeRun | undefined): boolean {
  return run?.state === 'done' && run.visits.at(-1)?.kept === true
}

/** Whether a plain arrow leads here from the node that runs now. */
function useIsNext(id: string, idle: boolean): boolean {
  const build = useBuild()
  return useRun((state) => idle && state.picture.status === 'running' && (wiresOf(build.doc).to.get(id) ?? []).some((wire) => wire.sort === 'flow' && state.picture.nodes[wire.source]?.state === 'running'))
}

/** Seconds since a moment (seconds since the epoch), counting up. */
export function Elapsed({ since }: { since: number }): ReactElement {
  const [now, setNow] = useState(() => Date.now() / 1000)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() / 1000), 200)
    return () => clearInterval(timer)
  }, [])
  return <span className="num">{Math.max(0, now - since).toFixed(1)} s</span>
}

export function TroubleFlag({ id, view }: { id: string; view: CardView }): ReactElement | null {
  const build = useBuild()
  if (!view.trouble || view.run?.state === 'running') return null
  const error = view.trouble.severity === 'error'
  return (
    <button className={`flag nodrag ${error ? 'failed' : ''}`} title={`${view.trouble.code} ${view.trouble.message} ${view.trouble.remedy}`} tabIndex={-1}
      onClick={() => build.set({ problems: true, selected: new Set([id]) })}>
      <Icon name={error ? 'error' : 'warning'} size={12} />
      {view.trouble.short || view.trouble.name.replaceAll('-', ' ')}
      {view.troubles > 1 && ` +${view.troubles - 1}`}
    </button>
  )
}

export function Figures({ view, pinned }: { view: CardView; pinned: boolean }): ReactElement {
  const { run, kind } = view
  const sum = totals(run)
  if (pinned && run?.state !== 'running' && run?.state !== 'stopped') return <div className="ft"><span className="pinned">pinned</span></div>
  if (!run && !view.idle) {
    const words = kind ? callWords(kind, view.node) : ''
    return <div className="ft t3"><span className="ell" title={`Model calls a visit: ${kind?.model_calls}`}>{words}</span></div>
  }
  if (!run) return <div className="ft num"><span>–</span><span>–</span></div>
  const last = run.visits.at(-1)
  if (run.state === 'running' || run.state === 'waiting' || run.state === 'stopped')
    return <div className="ft num"><span>{last?.step ? `step ${last.step}` : ''}</span><span className="ell">{last?.progress || (sum.tokens ? tokens(sum.tokens) : '')}</span></div>
  const failure = run.state === 'failed' ? last?.error?.what : null
  if (isKept(run) && run.visits.every((visit) => visit.kept)) return <div className="ft"><span className="ell">kept</span><span>{run.visits.length > 1 && `×${run.visits.length}`}</span></div>
  if (failure) return <div className="ft st-failed" title={failure}><span className="ell">{failure}</span></div>
  return (
    <div className="ft num">
      <span>{seconds(sum.seconds)}{sum.visits > 1 && ` ×${sum.visits}`}</span>
      <span>{tokens(sum.tokens)}</span>
      {sum.usd > 0 && <span>{dollars(sum.usd)}</span>}
    </div>
  )
}

/** What the node writes just now; it takes the place of the port names, so the card keeps its size. */
export function LiveText({ text, rows }: { text: string; rows: number }): ReactElement {
  const lines = Math.max(1, rows)
  return <div className="live" style={{ height: rows * 20 }} aria-hidden="true"><div>{text.slice(-lines * 60)}<span className="caret" /></div></div>
}
