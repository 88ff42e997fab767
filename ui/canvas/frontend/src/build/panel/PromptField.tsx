import { useRef, type ReactElement } from 'react'
import { offers } from '../../model/connection'
import { templateVariables } from '../../model/ports'
import { shortType } from '../../model/types'
import { wiresOf } from '../../model/wires'
import { useBuild, useDoc } from '../state'
import type { FieldProps } from './Field'

/** A Mustache template: its variables as chips, and what may be inserted. */
export function PromptField({ name, input, value, onChange, context, rows }: FieldProps & { input: string; rows?: number }): ReactElement {
  const build = useBuild()
  useDoc((doc) => doc.edges)
  const area = useRef<HTMLTextAreaElement>(null)
  const text = typeof value === 'string' ? value : ''
  const { id } = context
  const used = templateVariables(text)
  const fed = new Map(id ? (wiresOf(build.doc).to.get(id) ?? []).filter((wire) => wire.sort === 'data').map((wire) => [wire.targetHandle, wire.source]) : [])
  const known = new Set(used.map((variable) => variable.name))
  const options = id ? offers(build.doc, build.kinds, id, 'any').filter(({ port }, index, all) => !known.has(port.name) && all.findIndex((other) => other.port.name === port.name) === index) : []
  const insert = (node: string, port: string): void => {
    const at = area.current?.selectionStart ?? text.length
    const tag = `{{${port}}}`
    const next = text.slice(0, at) + tag + text.slice(area.current?.selectionEnd ?? at)
    onChange(next)
    const edge = `${node}.${port} -> ${id}.${port}`
    if (id && !fed.has(port) && !build.doc.edges.data.includes(edge)) build.edit([{ op: 'connect', sort: 'data', edge }], `Insert ${port}`)
    requestAnimationFrame(() => {
      area.current?.focus()
      area.current?.setSelectionRange(at + tag.length, at + tag.length)
    })
  }
  return (
    <>
      <textarea ref={area} id={input} className={`in area ${context.error ? 'bad' : ''}`} data-testid={`field-${name}`} rows={rows ?? Math.min(14, Math.max(5, lines(text)))} value={text} onChange={(event) => onChange(event.target.value)} />
      {used.length > 0 && (
        <div className="chips" aria-label="Variables">
          {used.map((variable) => {
            const source = fed.get(variable.name)
            return <span key={variable.name} className={`chip var ${source || !variable.required ? '' : 'waiting'}`} title={source ? `from ${build.nameOf(source)}` : variable.required ? 'nothing feeds it yet' : 'optional, nothing feeds it'}>{`{{${variable.name}}}`}<span className="from">{source ? `← ${build.nameOf(source)}` : variable.required ? 'not fed' : ''}</span></span>
          })}
        </div>
      )}
      {options.length > 0 && (
        <div className="chips insert"><span className="xs t3">Insert</span>
          {options.slice(0, 8).map(({ node, port }) => (
            <button key={port.name} className="chip line mono" data-testid={`insert-${port.name}`} title={`${port.name} of ${build.nameOf(node)}`} onClick={() => insert(node, port.name)}>{port.name} <span className="t3">{shortType(port.type)}</span></button>
          ))}
        </div>
      )}
    </>
  )
}

function lines(text: string): number {
  return text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 46)), 0) + 1
}
