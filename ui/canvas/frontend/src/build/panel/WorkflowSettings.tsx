import { useEffect, useState, type ReactElement } from 'react'
import { completeInput, ID_PATTERN, type Document, type InputSpec, type Limits } from '../../model/document'
import { parseEdge } from '../../model/edges'
import type { Operation } from '../../model/operations'
import { isType, SCALARS } from '../../model/types'
import { Icon, PortShape } from '../../style/icons'
import { useBuild, useDoc, type Build } from '../state'

/** Nothing selected: the workflow's own settings. */
export function WorkflowSettings(): ReactElement {
  const build = useBuild()
  const doc = useDoc((document) => document)
  const meta = (key: 'summary' | 'tags', value: unknown): void => void build.edit([{ op: 'set_meta', key, value }], `Change the ${key}`, `meta:${key}`)
  return (
    <>
      <div className="head"><div className="grow"><div className="nm ell">{doc.title}</div><div className="xs t3">The workflow · select a node to see its settings</div></div></div>
      <div className="scroll-y">
        <div className="form">
          <label><span className="lab">Summary</span><textarea className="in area" rows={2} value={doc.summary} placeholder="What it does, in one sentence." onChange={(event) => meta('summary', event.target.value)} /></label>
          <label><span className="lab">Tags <span className="hint">with commas</span></span><TagBox value={doc.tags} onChange={(tags) => meta('tags', tags)} /></label>
          <Specs title="Inputs" hint="the form a person fills in" section="inputs" doc={doc} />
          <Specs title="Outputs" hint="what Finish collects" section="outputs" doc={doc} />
          <Specs title="State" hint="shared, read as {{state.name}}" section="state" doc={doc} />
          <LimitsEditor limits={doc.limits} />
        </div>
      </div>
    </>
  )
}

function TagBox({ value, onChange }: { value: string[]; onChange: (tags: string[]) => void }): ReactElement {
  const [text, setText] = useState(value.join(', '))
  useEffect(() => setText(value.join(', ')), [value])
  return <input className="in" value={text} onChange={(event) => setText(event.target.value)} onBlur={() => {
    const tags = text.split(',').map((tag) => tag.trim()).filter(Boolean)
    if (tags.join() !== value.join()) onChange(tags)
  }} />
}

type SectionName = 'inputs' | 'outputs' | 'state'
const OPS = { inputs: 'set_input', outputs: 'set_output', state: 'set_state' } as const
const WORD = { inputs: 'input', outputs: 'output', state: 'variable' } as const

function Specs({ title, hint, section, doc }: { title: string; hint: string; section: SectionName; doc: Document }): ReactElement {
  const build = useBuild()
  const entries = Object.entries(doc[section]) as [string, { type: string }][]
  const add = (): void => {
    let name: string = WORD[section]
    for (let at = 2; name in doc[section]; at++) name = `${WORD[section]}_${at}`
    const value = section === 'inputs' ? completeInput({}) : section === 'outputs' ? { type: 'text', title: '' } : { type: 'any', reducer: 'last', default: null }
    build.edit([{ op: OPS[section], name, value }], `Add ${WORD[section]} ${name}`)
  }
  return (
    <section>
      <div className="lab">{title} <span className="hint">{hint}</span></div>
      {entries.map(([name, spec]) => <Spec key={name} section={section} name={name} spec={spec} doc={doc} />)}
      <button className="btn sm ghost" data-testid={`add-${section}`} onClick={add}><Icon name="plus" size={12} />Add {WORD[section]}</button>
    </section>
  )
}

const TYPES = [...SCALARS, 'list[text]', 'list[number]', 'list[record]', 'list[any]']

function Spec({ section, name, spec, doc }: { section: SectionName; name: string; spec: { type: string; title?: string; reducer?: string }; doc: Document }): ReactElement {
  const build = useBuild()
  const change = (patch: object, key: string): void => void build.edit([{ op: OPS[section], name, value: { ...spec, ...patch } }], `Change ${name}`, `${section}:${name}:${key}`)
  const types = TYPES.includes(spec.type) || !isType(spec.type) ? TYPES : [...TYPES, spec.type]
  return (
    <details className="spec">
      <summary><PortShape type={spec.type} joined /><span className="mono grow ell">{name}</span><span className="m11 t3">{spec.type}</span></summary>
      <div className="object">
        <div className="two">
          <label><span className="lab">Name</span><NameBox name={name} taken={(other) => other in doc[section]} onChange={(next) => build.edit(renameSpec(build, section, name, next), `Rename ${name} to ${next}`)} /></label>
          <label><span className="lab">Type</span><select className="in" value={spec.type} onChange={(event) => change({ type: event.target.value }, 'type')}>{types.map((type) => <option key={type}>{type}</option>)}</select></label>
        </div>
        {section === 'state'
          ? <label><span className="lab">When written twice</span><select className="in" value={spec.reducer} onChange={(event) => change({ reducer: event.target.value }, 'reducer')}><option value="last">keep the last</option><option value="append">append to a list</option><option value="merge">merge records</option><option value="add">add numbers</option></select></label>
          : <label><span className="lab">Title</span><input className="in" value={spec.title ?? ''} placeholder={name} onChange={(event) => change({ title: event.target.value }, 'title')} /></label>}
        {section === 'inputs' && <InputMore name={name} spec={spec as InputSpec} change={change} />}
        <button className="btn sm ghost st-failed" onClick={() => build.edit(removeSpec(build, section, name), `Remove ${name}`)}><Icon name="trash" size={12} />Remove</button>
      </div>
    </details>
  )
}

function InputMore({ spec, change }: { name: string; spec: InputSpec; change: (patch: object, key: string) => void }): ReactElement {
  return (
    <>
      <label><span className="lab">Description</span><input className="in" value={spec.description} onChange={(event) => change({ description: event.target.value }, 'description')} /></label>
      <div className="row"><button type="button" role="switch" aria-checked={spec.required} aria-label="Required" className={`switch ${spec.required ? 'on' : ''}`} onClick={() => change({ required: !spec.required }, 'required')} /><span className="sm">Required</span></div>
      {spec.type === 'text' && <label><span className="lab">Examples <span className="hint">one a line</span></span><textarea className="in area" rows={3} value={spec.examples.map(String).join('\n')} onChange={(event) => change({ examples: event.target.value ? event.target.value.split('\n') : [] }, 'examples')} /></label>}
    </>
  )
}

function NameBox({ name, taken, onChange }: { name: string; taken: (name: string) => boolean; onChange: (name: string) => void }): ReactElement {
  const [text, setText] = useState(name)
  useEffect(() => setText(name), [name])
  const why = text === name ? null : !ID_PATTERN.test(text) ? 'Lower-case letters, digits and _.' : taken(text) ? 'This name is taken.' : null
  return (
    <>
      <input className={`in mono ${why ? 'bad' : ''}`} value={text} onChange={(event) => setText(event.target.value)} onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()} onBlur={() => (why || text === name ? setText(name) : onChange(text))} />
      {why && <p className="xs st-failed why">{why}</p>}
    </>
  )
}

/** The edges of start or finish that name the spec. */
function edgesNaming(build: Build, section: SectionName, name: string): string[] {
  const kind = section === 'inputs' ? 'workflow_inputs' : 'workflow_outputs'
  return section === 'state' ? [] : build.doc.edges.data.filter((text) => {
    const edge = parseEdge(text)!
    return section === 'inputs' ? edge.sourceHandle === name && build.kindOf(edge.source)?.dynamic === kind : edge.targetHandle === name && build.kindOf(edge.target)?.dynamic === kind
  })
}

function removeSpec(build: Build, section: SectionName, name: string): Operation[] {
  return [...edgesNaming(build, section, name).map((edge): Operation => ({ op: 'disconnect', sort: 'data', edge })), { op: OPS[section], name, value: null }]
}

function renameSpec(build: Build, section: SectionName, name: string, next: string): Operation[] {
  const edges = edgesNaming(build, section, name)
  const renamed = (text: string): string => (section === 'inputs' ? text.replace(`.${name} ->`, `.${next} ->`) : text.replace(new RegExp(`\\.${name}$`), `.${next}`))
  return [
    ...removeSpec(build, section, name),
    { op: OPS[section], name: next, value: build.doc[section][name] },
    ...edges.map((edge): Operation => ({ op: 'connect', sort: 'data', edge: renamed(edge) })),
  ]
}

const LIMITS: [keyof Limits, string, string][] = [['steps', 'Steps', 'node runs'], ['seconds', 'Time', 's'], ['tokens', 'Tokens', 'tok'], ['usd', 'Cost', '$']]

function LimitsEditor({ limits }: { limits: Limits }): ReactElement {
  return (
    <section>
      <div className="lab">Limits <span className="hint">a run stops there and can go on</span></div>
      <div className="two">{LIMITS.map(([key, title, unit]) => <LimitBox key={key} name={key} title={title} unit={unit} value={limits[key]} />)}</div>
    </section>
  )
}

function LimitBox({ name, title, unit, value }: { name: keyof Limits; title: string; unit: string; value: number | null }): ReactElement {
  const build = useBuild()
  const [text, setText] = useState(value === null ? '' : String(value))
  useEffect(() => setText(value === null ? '' : String(value)), [value])
  const number = Number(text)
  const whole = name === 'steps' || name === 'tokens'
  const wrong = text !== '' && (!Number.isFinite(number) || number < 0 || (name !== 'usd' && number <= 0) || (whole && !Number.isInteger(number)))
  const finish = (): void => {
    if (wrong) return setText(value === null ? '' : String(value))
    const next = text === '' ? null : number
    if (next !== value) build.edit([{ op: 'set_limit', key: name, value: next }], `Limit ${title.toLowerCase()}`)
  }
  return (
    <label><span className="xs t3">{title}</span>
      <div className={`in num ${wrong ? 'bad' : ''}`}><input className="bare grow" inputMode="decimal" aria-label={title} placeholder="none" value={text} onChange={(event) => setText(event.target.value)} onBlur={finish} onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()} /><span className="unit">{unit}</span></div>
    </label>
  )
}
