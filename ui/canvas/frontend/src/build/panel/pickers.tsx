import { useEffect, useState, type ReactElement } from 'react'
import { useShallow } from 'zustand/shallow'
import { ID_PATTERN } from '../../model/document'
import { isType, SCALARS } from '../../model/types'
import { Icon, Tile } from '../../style/icons'
import { readiness, useModels } from '../models'
import { useBuild, useDoc } from '../state'
import type { FieldProps } from './Field'
import { loadNames, useNames } from './names'
import type { Named } from './schema'

export function SelectBox({ id, testid, value, options, onChange, nullable }: { id: string; testid?: string; value: unknown; options: unknown[]; onChange: (value: unknown) => void; nullable: boolean }): ReactElement {
  return (
    <span className="select">
      <select id={id} data-testid={testid} className="in" value={value == null ? '' : String(value)} onChange={(event) => onChange(event.target.value === '' && nullable ? null : options.find((option) => String(option) === event.target.value))}>
        {nullable && <option value="">not set</option>}
        {options.map((option) => <option key={String(option)} value={String(option)}>{String(option).replaceAll('_', ' ')}</option>)}
      </select>
      <Icon name="down" size={14} />
    </span>
  )
}

/** A text box with suggestions below it, walked with the arrow keys. */
function Combo({ id, value, onChange, options, icon, placeholder, testid }: {
  id: string; value: string; onChange: (value: string) => void; options: { value: string; words: string }[]; icon?: ReactElement; placeholder: string; testid: string
}): ReactElement {
  const [open, setOpen] = useState(false)
  const [at, setAt] = useState(-1)
  const found = options.filter((option) => value === '' || option.value === value || option.value.toLowerCase().includes(value.toLowerCase()))
  const list = found.length && !found.every((option) => option.value === value) ? found : options
  const choose = (next: string): void => {
    onChange(next)
    setOpen(false)
    setAt(-1)
  }
  return (
    <div className="combo">
      <div className="in">
        {icon}
        <input id={id} className="bare grow mono" role="combobox" aria-expanded={open} aria-autocomplete="list" data-testid={testid} value={value} placeholder={placeholder}
          onFocus={() => setOpen(true)} onBlur={() => setTimeout(() => setOpen(false), 150)} onChange={(event) => { onChange(event.target.value); setOpen(true) }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') { setOpen(true); setAt(Math.min(list.length - 1, at + 1)); event.preventDefault() }
            if (event.key === 'ArrowUp') { setAt(Math.max(-1, at - 1)); event.preventDefault() }
            if (event.key === 'Enter' && open && list[at]) choose(list[at].value)
            if (event.key === 'Escape' && open) { setOpen(false); event.stopPropagation() }
          }} />
        <Icon name="down" size={14} />
      </div>
      {open && list.length > 0 && (
        <ul className="menu full" role="listbox">
          {list.map((option, index) => (
            <li key={option.value} role="option" aria-selected={index === at}>
              <button tabIndex={-1} className={index === at ? 'at' : ''} onPointerDown={(event) => { event.preventDefault(); choose(option.value) }}><span className="words"><span className="mono ell">{option.value}</span><span className="xs t3 ell">{option.words}</span></span></button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

export function ModelField({ name, input, value, onChange, schema }: FieldProps & { input: string }): ReactElement {
  const build = useBuild()
  const models = useModels((state) => state)
  const reference = typeof value === 'string' ? value : ''
  const ready = readiness(models, reference || (models.default ?? ''))
  return (
    <>
      <Combo id={input} testid={`field-${name}`} value={reference} placeholder={models.default ? `default: ${models.default}` : 'provider:model'} icon={<Tile family="resources" kind="resource.model" size={16} />}
        options={models.suggestions.map((each) => ({ value: each, words: readiness(models, each).words }))} onChange={(next) => onChange(next === '' && schema.nullable ? null : next)} />
      <p className={`xs why ${ready.ready ? 't3' : 'st-waiting'}`}>{ready.words} {!ready.ready && <button className="link" onClick={() => build.navigate({ view: 'settings' })}>Open Settings</button>}</p>
    </>
  )
}

const HOLDERS: Record<Named, string> = {
  space: 'name of a memory space', folder: 'name of a folder grant', tool: 'name of a tool', workflow: 'a saved workflow', database: 'name of a database grant', secret: 'name of a secret',
}

/** Something the workspace holds, by name: any name may be written, known ones are offered. */
export function NameField({ name, input, value, onChange, sort, schema }: FieldProps & { input: string; sort: Named }): ReactElement {
  const build = useBuild()
  const spaces = useModels((state) => state.spaces)
  const known = useNames(sort)
  useEffect(() => void loadNames(build.api, sort), [build, sort])
  const options = sort === 'space' ? spaces.map((space) => ({ value: space, words: 'memory space' })) : known
  const text = typeof value === 'string' ? value : ''
  const words = sort === 'workflow' ? known.find((each) => each.value === text)?.words : undefined
  return (
    <>
      <Combo id={input} testid={`field-${name}`} value={text} placeholder={HOLDERS[sort]} options={options} onChange={(next) => onChange(next === '' && schema.nullable ? null : next)} />
      {words && <p className="xs why t2">{words}</p>}
    </>
  )
}

/** A state variable of the document; a name it does not have yet can be added at once. */
export function StateField({ name, input, value, onChange, schema }: FieldProps & { input: string }): ReactElement {
  const build = useBuild()
  const known = useDoc(useShallow((doc) => Object.entries(doc.state).map(([key, spec]) => `${key}\t${spec.type}`)))
  const options = known.map((each) => ({ value: each.split('\t')[0]!, words: each.split('\t')[1]! }))
  const text = typeof value === 'string' ? value : ''
  const missing = text !== '' && !options.some((option) => option.value === text)
  const add = (): void => void build.edit([{ op: 'set_state', name: text, value: { type: 'any', reducer: 'last', default: null } }], `Add variable ${text}`)
  return (
    <>
      <Combo id={input} testid={`field-${name}`} value={text} placeholder="a state variable" options={options} onChange={(next) => onChange(next === '' && schema.nullable ? null : next)} />
      {missing && (ID_PATTERN.test(text)
        ? <p className="xs why st-waiting">The workflow has no variable of this name. <button className="link" data-testid={`add-state-${text}`} onClick={add}>Add {text}</button></p>
        : <p className="xs why st-failed">A variable’s name has lower-case letters, digits and _.</p>)}
    </>
  )
}

const TYPES = [...SCALARS, 'list[text]', 'list[number]', 'list[record]', 'list[any]'].map((type) => ({ value: type, words: '' }))

/** A type of the grammar of ports; one it does not know is taken and said to be wrong. */
export function TypeField({ name, input, value, onChange }: FieldProps & { input: string }): ReactElement {
  const text = typeof value === 'string' ? value : ''
  return (
    <>
      <Combo id={input} testid={`field-${name}`} value={text} placeholder="any" options={TYPES} onChange={onChange} />
      {text !== '' && !isType(text) && <p className="xs why st-failed" role="alert">“{text}” is no type.</p>}
    </>
  )
}
