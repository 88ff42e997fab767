import type { ReactElement } from 'react'
import { attachedTo } from '../../model/connection'
import type { DocNode } from '../../model/document'
import { resolve, type Kind, type Schema, tileFamily } from '../../model/kinds'
import { configValue } from '../../model/ports'
import { staleWires } from '../../model/stale'
import { Tile } from '../../style/icons'
import { useBuild, useDoc, useSession } from '../state'
import { Field } from './Field'
import type { FieldContext } from './context'

export function NodeSettings({ id, node, kind }: { id: string; node: DocNode; kind: Kind | undefined }): ReactElement {
  const build = useBuild()
  const diagnostics = useSession((state) => state.diagnostics)
  if (!kind) return <p className="form sm st-failed">This workspace does not know the kind “{node.kind}”. Install what brings it, or delete the node.</p>
  const schema = kind.config_schema
  const fields = Object.entries(schema.properties ?? {}).map(([key, raw]): [string, ReturnType<typeof resolve>] => [key, resolve(raw, schema)])
  const shown = fields.filter(([, field]) => !field.advanced)
  const folded = fields.filter(([, field]) => field.advanced)
  const context = (key: string): FieldContext => ({
    id, kind, root: schema,
    error: diagnostics.find((each) => each.place.node === id && each.place.config?.split('.')[0] === key && each.severity !== 'info')?.message ?? null,
  })
  const change = (key: string, title: string) => (value: unknown): void => {
    const op = value === undefined ? { op: 'set_config' as const, id, key } : { op: 'set_config' as const, id, key, value }
    build.edit([op], `Set ${title.toLowerCase()} of ${build.nameOf(id)}`, `config:${id}:${key}`)
  }
  const draw = ([key, field]: [string, ReturnType<typeof resolve>]): ReactElement => (
    <Field key={key} name={key} schema={field} value={configValue(node, kind, key)} onChange={change(key, field.title ?? key)} context={context(key)} />
  )
  // Not while typing: between two keystrokes a variable may have no name.
  const tidy = (): void => {
    const ops = staleWires(build.doc, build.kinds, id)
    if (ops.length) build.edit(ops, `Unwire what ${build.nameOf(id)} asks for no more`)
  }
  return (
    <div className="form" onBlur={tidy}>
      <label data-field="label">
        <span className="lab">Name</span>
        <input className="in" value={node.label} placeholder={kind.title} data-testid="field-label" onChange={(event) => build.edit([{ op: 'set_node', id, key: 'label', value: event.target.value }], `Rename ${build.nameOf(id)}`, `label:${id}`)} />
      </label>
      {shown.map(draw)}
      <Attached id={id} kind={kind} />
      {folded.length > 0 && (
        <details className="fold">
          <summary>Advanced <span className="t3 ell">{folded.map(([key, field]) => brief(field, key, configValue(node, kind, key))).join(', ')}</span></summary>
          <div className="form inner">{folded.map(draw)}</div>
        </details>
      )}
    </div>
  )
}

function brief(field: Schema, key: string, value: unknown): string {
  const title = (field.title ?? key).toLowerCase()
  if (typeof value === 'boolean') return value ? title : `no ${title}`
  return value === null || value === undefined || value === '' || typeof value === 'object' ? title : `${title} ${String(value).slice(0, 16)}`
}

/** What is attached to each socket, with the way to it. */
function Attached({ id, kind }: { id: string; kind: Kind }): ReactElement | null {
  const build = useBuild()
  useDoc((doc) => doc.edges.attach)
  if (!kind.attaches.length) return null
  return (
    <>
      {kind.attaches.map((socket) => {
        const wires = attachedTo(build.doc, build.kinds, id, socket.name)
        return (
          <div key={socket.name}>
            <div className="lab">{socket.name.replace(/^./, (letter) => letter.toUpperCase())} <span className="hint">{wires.length ? `${wires.length} attached` : socket.sort === 'model' ? 'the workspace’s default' : socket.required ? 'needed: attach one below' : 'none attached'}</span></div>
            {wires.map((wire) => (
              <div className="tl" key={wire.text}>
                <Tile family={tileFamily(build.kindOf(wire.source))} kind={build.doc.nodes[wire.source]!.kind} size={16} />
                <button className="link grow ell" onClick={() => build.select([wire.source])}>{build.nameOf(wire.source)}</button>
                <button className="btn ghost sm" aria-label={`Detach ${build.nameOf(wire.source)}`} onClick={() => build.edit([{ op: 'disconnect', sort: 'attach', edge: wire.text }], `Detach ${build.nameOf(wire.source)}`)}>Detach</button>
              </div>
            ))}
          </div>
        )
      })}
    </>
  )
}
