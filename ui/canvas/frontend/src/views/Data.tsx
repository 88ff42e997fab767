/** Tables and graphs. */

import { useMemo, useState, type CSSProperties, type ReactElement } from 'react'
import { Drawing } from './Drawing'
import { Fold } from './Fold'
import type { View } from './types'

const FIRST_ROWS = 100

export function Table({ view }: { view: Extract<View, { type: 'table' }> }): ReactElement {
  const [all, setAll] = useState(false)
  const rows = all ? view.rows : view.rows.slice(0, FIRST_ROWS)
  const numeric = view.columns.map((_, at) => view.rows.length > 0 && view.rows.every((row) => row[at] === null || row[at] === undefined || typeof row[at] === 'number'))
  return (
    <div className="v-table">
      {view.title && <p className="b sm">{view.title}</p>}
      <div className="v-wide" tabIndex={0} role="group" aria-label={view.title || 'Table'}>
        <table>
          <thead><tr>{view.columns.map((column, at) => <th key={at} scope="col" className={numeric[at] ? 'r' : ''}>{column}</th>)}</tr></thead>
          <tbody>{rows.map((row, index) => <tr key={index}>{view.columns.map((_, at) => <td key={at} className={numeric[at] ? 'r num' : ''}><Cell value={row[at]} /></td>)}</tr>)}</tbody>
        </table>
      </div>
      {view.rows.length === 0 && <p className="t3 sm">No rows yet.</p>}
      {rows.length < view.rows.length && <button className="btn sm" onClick={() => setAll(true)}>Show all {view.rows.length.toLocaleString('en-US')} rows</button>}
    </div>
  )
}

function Cell({ value }: { value: unknown }): ReactElement {
  if (value === null || value === undefined) return <span className="t3">–</span>
  if (typeof value === 'boolean') return <>{value ? 'yes' : 'no'}</>
  if (typeof value === 'number') return <>{Number.isInteger(value) ? value.toLocaleString('en-US') : Number(value.toFixed(4))}</>
  return <Fold text={typeof value === 'string' ? value : JSON.stringify(value)} most={160} lines={4} />
}

const HUES = ['--t-text', '--t-documents', '--t-number', '--t-boolean', '--t-record', '--t-plan', '--t-messages', '--t-any']

/** Things and relations; a thing's outline says its group, the list below says it in words. */
export function Graph({ view }: { view: Extract<View, { type: 'graph' }> }): ReactElement {
  const [picked, pick] = useState<string | null>(null)
  const groups = useMemo(() => [...new Set(view.nodes.map((node) => node.group).filter(Boolean))], [view])
  const hue = (group: string): string | undefined => (group ? `var(${HUES[groups.indexOf(group) % HUES.length]})` : undefined)
  if (!view.nodes.length) return <p className="t3 sm">{view.title && <b>{view.title}. </b>}Nothing in it yet.</p>
  const chosen = view.nodes.find((node) => node.id === picked)
  const name = (id: string): string => view.nodes.find((node) => node.id === id)?.label ?? id
  const about = view.edges.filter((edge) => edge.source === picked || edge.target === picked)
  return (
    <div className="v-graph">
      <p className="xs t2">{view.title && <b>{view.title} · </b>}{view.nodes.length} {view.nodes.length === 1 ? 'thing' : 'things'}, {view.edges.length} {view.edges.length === 1 ? 'relation' : 'relations'}</p>
      {groups.length > 0 && <div className="row wrap xs">{groups.map((group) => <span key={group} className="key" style={{ '--c': hue(group) } as CSSProperties}><i />{group}</span>)}</div>}
      <Drawing direction="TB" label={view.title || 'Things and relations'} nodes={view.nodes.map((node) => ({ id: node.id, label: node.label, tone: '', words: node.group, colour: hue(node.group) }))} edges={view.edges} picked={picked} onPick={pick} />
      {chosen && (
        <div className="v-detail" aria-live="polite">
          <b>{chosen.label}</b>{chosen.group && <span className="t3"> {chosen.group}</span>}
          <ul>{about.map((edge, index) => <li key={index}>{name(edge.source)} <span className="t3">{edge.label || '→'}</span> {name(edge.target)}</li>)}</ul>
        </div>
      )}
    </div>
  )
}
