import { useMemo } from 'react'
import { familyOf } from './lineage'
import type { Relative, Run } from './types'
import { changesText } from './words'

const MOST_CHILDREN = 3

interface Props {
  run: Run
  relatives: Relative[]
  onOpen: (run: string) => void
}

/** The line of forks that leads to the run, and the runs forked from it. */
export function Lineage({ run, relatives, onOpen }: Props) {
  const family = useMemo(() => familyOf(run.id, relatives), [run.id, relatives])
  const own = family.line.at(-1)
  return (
    <nav className="lin" aria-label="Forks">
      <span className="cap">Forks</span>
      {family.line.slice(0, -1).map((each) => <span key={each.id} className="lin-part"><RunLink run={each} onOpen={onOpen} /><Joint point={each === family.line.at(-2)} /></span>)}
      <b className="mono">{run.number}</b>
      {own?.parent_id && <span className="t3 ell">{forkText(own)}</span>}
      {family.children.length > 0 && (
        <span className="lin-part">
          <Joint />
          {family.children.slice(0, MOST_CHILDREN).map((each) => <RunLink key={each.id} run={each} onOpen={onOpen} />)}
          {family.children.length > MOST_CHILDREN && <span className="t3">and {family.children.length - MOST_CHILDREN} more</span>}
        </span>
      )}
      {family.others.length > 0 && <span className="t3 nw">· {family.others.length} beside {family.others.length === 1 ? 'it' : 'them'}</span>}
    </nav>
  )
}

function RunLink({ run, onOpen }: { run: Relative; onOpen: (run: string) => void }) {
  return <button className="link mono" title={[run.label, run.parent_id ? forkText(run) : 'the first run'].filter(Boolean).join(': ')} onClick={() => onOpen(run.number)}>{run.label || run.number}</button>
}

/** The line between two runs; a dot where this run went off. */
function Joint({ point = false }: { point?: boolean }) {
  return (
    <svg className={point ? 'joint point' : 'joint'} width={point ? 60 : 28} height="16" aria-hidden="true">
      <path d={`M3 8H${point ? 57 : 25}`} />
      {point && <circle cx="30" cy="8" r="3.5" />}
    </svg>
  )
}

function forkText(run: Relative): string {
  const where = run.node ? `at ${run.node}${(run.visit ?? 1) > 1 ? `, visit ${run.visit}` : ''}` : 'where it stood'
  return `${where}, ${changesText(run.changes)}`
}
