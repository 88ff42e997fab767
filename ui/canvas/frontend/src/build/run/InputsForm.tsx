import { useState, type ReactElement } from 'react'
import type { InputSpec } from '../../model/document'
import { itemType } from '../../model/types'
import { Icon } from '../../style/icons'
import { Popover } from '../bar/Popover'
import { useDoc, useRun } from '../state'
import { OVER } from './events'
import { shown } from '../words'

/** What is in the boxes, as written. */
export type Inputs = Record<string, string | boolean>

/** What the boxes hold at first: the first example, else the default. */
export function firstInputs(specs: Record<string, InputSpec>): Inputs {
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, written(spec, spec.examples[0] ?? spec.default)]))
}

/** The gallery's example that this workflow was opened to try; taken once. */
export function tried(workflow: string, specs: Record<string, InputSpec>): Inputs | null {
  const key = `nodeloom.try.${workflow}`
  const kept = sessionStorage.getItem(key)
  if (!kept) return null
  sessionStorage.removeItem(key)
  const values = JSON.parse(kept) as Record<string, unknown>
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (specs[name] ? [[name, written(specs[name], value)]] : [])))
}

function written(spec: InputSpec, value: unknown): string | boolean {
  if (spec.type === 'boolean') return value === true
  if (itemType(spec.type) && Array.isArray(value)) return value.map(shown).join('\n')
  return shown(value)
}

/** The values to send, or why a box cannot be read. Empty optional ones are left out. */
export function readInputs(specs: Record<string, InputSpec>, inputs: Inputs): { values: Record<string, unknown>; wrong: Record<string, string> } {
  const values: Record<string, unknown> = {}
  const wrong: Record<string, string> = {}
  for (const [name, spec] of Object.entries(specs)) {
    const raw = inputs[name] ?? written(spec, spec.default)
    if (typeof raw === 'boolean') values[name] = raw
    else if (raw.trim() === '') {
      if (spec.required) wrong[name] = 'Needed for the run.'
    } else
      try {
        values[name] = parse(spec.type, raw)
      } catch (error) {
        wrong[name] = (error as Error).message
      }
  }
  return { values, wrong }
}

function parse(type: string, raw: string): unknown {
  const item = itemType(type)
  if (type === 'text') return raw
  if (type === 'number') {
    const number = Number(raw)
    if (!Number.isFinite(number)) throw new Error(`“${raw}” is not a number.`)
    return number
  }
  if (item === 'text') return raw.split('\n').map((line) => line.trim()).filter(Boolean)
  if (item === 'number') return raw.split('\n').filter((line) => line.trim()).map((line) => parse('number', line))
  try {
    return JSON.parse(raw)
  } catch (error) {
    if (type === 'any') return raw
    throw new Error(`Not JSON: ${(error as Error).message}.`)
  }
}

export function InputsForm({ inputs, setInputs, onRun, onRunChanged }: { inputs: Inputs; setInputs: (inputs: Inputs) => void; onRun: () => void; onRunChanged: () => void }): ReactElement {
  const specs = useDoc((doc) => doc.inputs)
  const refused = useRun((state) => state.fields)
  const live = useRun((state) => state.run !== null && !OVER.has(state.picture.status))
  const ran = useRun((state) => state.run !== null)
  const [example, setExample] = useState(0)
  const names = Object.keys(specs)
  const examples = Math.max(0, ...Object.values(specs).map((spec) => spec.examples.length))
  const wrong = { ...readInputs(specs, inputs).wrong, ...refused }
  const take = (index: number): void => {
    setExample(index)
    setInputs({ ...inputs, ...Object.fromEntries(Object.entries(specs).filter(([, spec]) => spec.examples.length > index).map(([name, spec]) => [name, written(spec, spec.examples[index])])) })
  }
  return (
    <section className="inputs">
      <h3>Inputs {examples > 0 && (
        <Popover label="Examples" className="btn sm ghost examples" align="right" button={<>example {example + 1} of {examples}<Icon name="up" size={12} /></>}>
          {(close) => Array.from({ length: examples }, (_, index) => {
            const words = Object.values(specs).map((spec) => shown(spec.examples[index])).filter(Boolean).join(' · ')
            return <button key={index} className="clip" onClick={() => { take(index); close() }}>{words}</button>
          })}
        </Popover>
      )}</h3>
      <div className="boxes">
        {names.map((name) => <Box key={name} name={name} spec={specs[name]!} value={inputs[name] ?? written(specs[name]!, specs[name]!.default)} error={refused[name] ?? (inputs[name] ? wrong[name] : undefined)} onChange={(value) => setInputs({ ...inputs, [name]: value })} />)}
        {names.length === 0 && <p className="t3 sm">This workflow takes no inputs.</p>}
      </div>
      <div className="row">
        <button className="btn sm" data-testid="run-again" disabled={live} onClick={onRun}><Icon name="play" size={12} fill />{ran ? 'Run again' : 'Run'}</button>
        {ran && <button className="btn sm ghost" data-testid="run-changed-too" disabled={live} title="Steps whose settings and inputs are the same are kept  Ctrl Shift Enter" onClick={onRunChanged}><Icon name="kept" size={12} />Run changed</button>}
      </div>
    </section>
  )
}

function Box({ name, spec, value, error, onChange }: { name: string; spec: InputSpec; value: string | boolean; error: string | undefined; onChange: (value: string | boolean) => void }): ReactElement {
  const title = spec.title || name
  if (typeof value === 'boolean')
    return <div className="row"><button type="button" role="switch" aria-checked={value} aria-label={title} className={`switch ${value ? 'on' : ''}`} onClick={() => onChange(!value)} /><span className="sm">{title}</span></div>
  const hint = itemType(spec.type) ? 'one a line' : spec.type
  return (
    <label className="box">
      <span className="lab" title={spec.description}>{title} <span className="hint">{spec.required ? hint : `${hint}, optional`}</span></span>
      {spec.type === 'number'
        ? <input className={`in ${error ? 'bad' : ''}`} inputMode="decimal" data-testid={`input-${name}`} value={value} onChange={(event) => onChange(event.target.value)} />
        : <textarea className={`in area ${error ? 'bad' : ''}`} rows={4} data-testid={`input-${name}`} placeholder={spec.description} value={value} onChange={(event) => onChange(event.target.value)} />}
      {error && <span className="xs st-failed why" role="alert">{error}</span>}
    </label>
  )
}
