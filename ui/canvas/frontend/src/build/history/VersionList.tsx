import { useEffect, useRef, useState, type KeyboardEvent, type ReactElement } from 'react'
import { Icon } from '../../style/icons'
import { plural } from '../words'
import { bursts, type Burst, type Version } from './fold'
import type { Versions } from './useVersions'
import { editsOf, labelOf, rangeOf, timeWords } from './words'

interface Row {
  version: Version
  /** Of a burst of several: the line that opens. */
  burst: Burst | null
  within: boolean
}

interface Props {
  versions: Versions
  present: number
  chosen: number
  onChoose: (revision: number) => void
}

/** Versions, newest first; what one tab did in a burst is one line that opens. Arrow keys choose, right and left open and close. */
export function VersionList({ versions, present, chosen, onChoose }: Props): ReactElement {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set())
  const tree = useRef<HTMLUListElement>(null)
  const rows = rowsOf(bursts(versions.list ?? [], versions.published), opened)
  // The head of an open burst is no place of its own: its newest version stands right below.
  const places = rows.filter((row) => row.within || !row.burst || !opened.has(row.burst.key))
  const at = Math.max(0, places.findIndex((row) => row.version.revision === chosen || (!row.within && row.burst?.versions.some((each) => each.revision === chosen))))
  const now = useNow()
  useEffect(() => void tree.current?.focus(), [])
  useEffect(() => void tree.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }), [chosen])

  const toggle = (burst: Burst, open: boolean): void => {
    const next = new Set(opened)
    if (open) next.add(burst.key)
    else next.delete(burst.key)
    setOpened(next)
    if (!open) onChoose(burst.newest.revision)
  }
  const go = (to: number): void => {
    const row = places[Math.max(0, Math.min(places.length - 1, to))]
    if (row) onChoose(row.version.revision)
  }
  const onKey = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: places.length - 1 }
    const burst = places[at]?.burst
    if (event.key in steps) go(steps[event.key]!)
    else if (event.key === 'ArrowRight' && burst) toggle(burst, true)
    else if (event.key === 'ArrowLeft' && burst) toggle(burst, false)
    else return
    event.preventDefault()
  }
  return (
    <div className="hist-list">
      <ul role="tree" aria-label="Versions, newest first" tabIndex={0} ref={tree} data-testid="history-list" aria-activedescendant={places[at] && rowId(places[at])} onKeyDown={onKey}>
        {rows.map((row) => (
          <Line key={rowId(row)} row={row} now={now} selected={row === places[at]} open={row.burst !== null && opened.has(row.burst.key)}
            present={row.version.revision === present} published={row.version.revision === versions.published}
            onChoose={() => onChoose(row.version.revision)} onToggle={(open) => row.burst && toggle(row.burst, open)} />
        ))}
      </ul>
      {versions.more && versions.list && <button className="btn sm ghost" data-testid="history-older" onClick={() => void versions.older()}>Show older ones</button>}
    </div>
  )
}

function rowsOf(found: Burst[], opened: ReadonlySet<number>): Row[] {
  return found.flatMap((burst): Row[] => {
    if (burst.versions.length === 1) return [{ version: burst.newest, burst: null, within: false }]
    const head: Row = { version: burst.newest, burst, within: false }
    return opened.has(burst.key) ? [head, ...burst.versions.map((version): Row => ({ version, burst, within: true }))] : [head]
  })
}

function rowId(row: Row): string {
  return row.burst && !row.within ? `nl-burst-${row.burst.key}` : `nl-version-${row.version.revision}`
}

function Line({ row, now, selected, open, present, published, onChoose, onToggle }: {
  row: Row
  now: number
  selected: boolean
  open: boolean
  present: boolean
  published: boolean
  onChoose: () => void
  onToggle: (open: boolean) => void
}): ReactElement {
  const { version, burst, within } = row
  const head = burst !== null && !within
  const number = head ? rangeOf(burst) : `v${version.revision}`
  const title = version.name || labelOf(version)
  const facts = [timeWords(version.saved_at, now), editsOf(head ? burst.edits : version.edits), version.name ? labelOf(version) : ''].filter(Boolean).join(' · ')
  return (
    <li role="treeitem" id={rowId(row)} aria-level={within ? 2 : 1} aria-selected={selected} aria-expanded={head ? open : undefined} className={within ? 'within' : ''}
      data-testid={head ? `burst-${burst.key}` : `version-${version.revision}`} onClick={onChoose}>
      {head
        ? <button className="btn ghost sm icon" tabIndex={-1} aria-label={open ? 'Fold these versions' : `Show ${plural(burst.versions.length, 'version')}`} onClick={(event) => { event.stopPropagation(); onToggle(!open) }}><Icon name={open ? 'down' : 'right'} size={12} /></button>
        : <span className="hist-gap" />}
      <span className="hist-text">
        <span className="row"><span className="num t3">{number}</span><b className="ell" title={title}>{title}</b></span>
        <span className="xs t3 ell">{facts}{head && ` · ${plural(burst.versions.length, 'version')}`}</span>
        {version.note && <span className="xs t2 hist-note">{version.note}</span>}
      </span>
      {present && !within && <span className="chip">Now</span>}
      {published && <span className="chip done" data-testid="published-mark">Published</span>}
    </li>
  )
}

/** The time, looked at again each half minute. */
function useNow(): number {
  const [, look] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => look((times) => times + 1), 30_000)
    return () => clearInterval(timer)
  }, [])
  return Date.now()
}
