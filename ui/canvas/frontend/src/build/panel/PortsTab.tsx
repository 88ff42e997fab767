import type { ReactElement } from 'react'
import { candidates, handleId, offers, type End } from '../../model/connection'
import { canFail, type Ports } from '../../model/ports'
import { wiresOf } from '../../model/wires'
import { Chevron, Icon, PortShape } from '../../style/icons'
import { join } from '../canvas/Canvas'
import { useBuild, useDoc } from '../state'

/** Every handle of the node: what it is joined to, how to cut it, and a list to join it by keyboard. */
export function PortsTab({ id, ports }: { id: string; ports: Ports }): ReactElement {
  const build = useBuild()
  useDoc((doc) => doc.edges)
  const { from, to } = wiresOf(build.doc)
  const inputs = ports.inputs.map((port) => ({ end: { node: id, sort: 'data', side: 'in', name: port.name } as End, type: port.type, words: port.description, optional: !port.required, wires: (to.get(id) ?? []).filter((wire) => wire.sort === 'data' && wire.targetHandle === port.name) }))
  const outputs = ports.outputs.map((port) => ({ end: { node: id, sort: 'data', side: 'out', name: port.name } as End, type: port.type, words: port.description, optional: true, wires: (from.get(id) ?? []).filter((wire) => wire.sort === 'data' && wire.sourceHandle === port.name) }))
  const names = [...ports.outcomes, ...(canFail(build.kindOf(id)) ? ['error'] : [])]
  const flow = names.map((name) => ({ end: { node: id, sort: 'flow', side: 'out', name } as End, type: 'flow', words: '', optional: true, wires: (from.get(id) ?? []).filter((wire) => wire.sort === 'flow' && wire.sourceHandle === name) }))
  return (
    <div className="form">
      <Section title="Takes" rows={inputs} empty="Takes nothing." />
      <Section title="Gives" rows={outputs} empty="Gives nothing." />
      <Section title="Then" rows={flow} empty="Ends its branch." />
    </div>
  )
}

interface Row { end: End; type: string; words: string; optional: boolean; wires: { text: string; sort: 'flow' | 'data' | 'attach'; source: string; target: string; sourceHandle: string | null; targetHandle: string | null }[] }

function Section({ title, rows, empty }: { title: string; rows: Row[]; empty: string }): ReactElement {
  return (
    <section>
      <div className="cap">{title}</div>
      {rows.length === 0 && <p className="sm t3">{empty}</p>}
      {rows.map((row) => <PortRow key={handleId(row.end)} row={row} />)}
    </section>
  )
}

function PortRow({ row }: { row: Row }): ReactElement {
  const build = useBuild()
  const { end } = row
  const other = (wire: Row['wires'][number]): string => (end.side === 'in' ? wire.source : wire.target)
  return (
    <div className="port">
      <div className="tl">
        {end.sort === 'flow' ? <Chevron joined={row.wires.length > 0} /> : <PortShape type={row.type} joined={row.wires.length > 0} />}
        <span className="mono grow ell" title={row.words}>{end.name}{!row.optional && row.wires.length === 0 && <span className="st-waiting"> needed</span>}</span>
        <span className="m11 t3">{end.sort === 'flow' ? '' : row.type}</span>
        <JoinSelect end={end} />
      </div>
      {row.wires.map((wire) => (
        <div className="tl sub" key={wire.text}>
          <span className="t3">{end.side === 'in' ? '←' : '→'}</span>
          <button className="link grow ell" onClick={() => build.select([other(wire)])}>{build.nameOf(other(wire))}{end.sort === 'data' && <span className="t3"> · {end.side === 'in' ? wire.sourceHandle : wire.targetHandle}</span>}</button>
          <button className="btn ghost sm icon" aria-label={`Cut ${wire.text}`} onClick={() => build.edit([{ op: 'disconnect', sort: wire.sort, edge: wire.text }], `Cut ${wire.text}`)}><Icon name="cross" size={12} /></button>
        </div>
      ))}
    </div>
  )
}

/** The handles this one may be joined to, as a list; what is upstream comes first. */
function JoinSelect({ end }: { end: End }): ReactElement {
  const build = useBuild()
  const near = new Set(end.sort === 'data' && end.side === 'in' ? offers(build.doc, build.kinds, end.node, 'any').map(({ node }) => node) : [])
  const all = candidates(build.doc, build.kinds, end)
  const list = [...all.filter(({ end: to }) => near.has(to.node)), ...all.filter(({ end: to }) => !near.has(to.node))]
  return (
    <select className="join" aria-label={`Join ${end.name} to`} value="" disabled={!list.length} onChange={(event) => {
      const chosen = list[Number(event.target.value)]
      if (chosen) join(build, end, chosen.end)
    }}>
      <option value="">Join…</option>
      {list.map(({ end: to }, index) => <option key={`${to.node}${handleId(to)}`} value={index}>{build.nameOf(to.node)}{to.sort === 'data' || to.side === 'out' ? ` · ${to.name}` : ''}</option>)}
    </select>
  )
}
