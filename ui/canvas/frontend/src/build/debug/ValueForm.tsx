/** Values by name as a form: each by its type, long or nested ones as JSON, with what is wrong said below. */

import { useId, type ReactElement } from 'react'
import { PortShape } from '../../style/icons'
import { boxOf, isKeptApart, readDraft, rewritten, same, type Box, type Boxes, type Draft, type Slot } from './values'

/** `testid` names the boxes: `<testid>-<name>`. */
export function ValueForm({ slots, boxes, onBoxes, testid, empty }: { slots: Slot[]; boxes: Boxes; onBoxes: (boxes: Boxes) => void; testid: string; empty: string }): ReactElement {
  if (!slots.length) return <p className="sm t3">{empty}</p>
  const without = (name: string): Boxes => Object.fromEntries(Object.entries(boxes).filter(([key]) => key !== name))
  return (
    <div className="values">
      {slots.map((slot) => (isKeptApart(slot.value)
        ? <p key={slot.name} className="sm t3"><span className="mono">{slot.name}</span> is too long to edit here: {slot.value.preview.slice(0, 80)}…</p>
        : <ValueBox key={slot.name} slot={slot} box={boxOf(slot, boxes)} testid={`${testid}-${slot.name}`} onChange={(box) => onBoxes({ ...boxes, [slot.name]: box })} onReset={() => onBoxes(without(slot.name))} />))}
    </div>
  )
}

function ValueBox({ slot, box, testid, onChange, onReset }: { slot: Slot; box: Box; testid: string; onChange: (box: Box) => void; onReset: () => void }): ReactElement {
  const id = useId()
  const read = readDraft(slot, box.control, box.draft)
  const dirty = !read.ok || !same(read.value, slot.value)
  const set = (draft: Draft): void => onChange({ ...box, draft })
  return (
    <div className={`value ${dirty ? 'dirty' : ''}`}>
      <div className="lab">
        {slot.title ? <label htmlFor={id}>{slot.title}</label> : <><PortShape type={slot.type} joined /><label className="mono" htmlFor={id}>{slot.name}</label></>}
        <span className="hint">{slot.title ? '' : slot.type === 'any' ? <As box={box} onChange={onChange} /> : slot.type}{dirty && <button type="button" className="link" onClick={onReset}>as it was</button>}</span>
      </div>
      <BoxControl id={id} box={box} ok={read.ok} name={slot.name} testid={testid} onDraft={set} />
      {!read.ok && <p className="xs st-failed why" role="alert">{read.why}</p>}
    </div>
  )
}

function BoxControl({ id, box, ok, name, testid, onDraft }: { id: string; box: Box; ok: boolean; name: string; testid: string; onDraft: (draft: Draft) => void }): ReactElement {
  const { draft, control } = box
  if (typeof draft === 'boolean')
    return <div className="row"><button type="button" id={id} role="switch" aria-checked={draft} aria-label={name} data-testid={testid} className={`switch ${draft ? 'on' : ''}`} onClick={() => onDraft(!draft)} /><span className="sm">{draft ? 'yes' : 'no'}</span></div>
  const common = { id, 'data-testid': testid, 'aria-invalid': !ok, value: draft, onChange: (event: { target: { value: string } }) => onDraft(event.target.value) }
  if (control === 'number') return <input {...common} className={`in ${ok ? '' : 'bad'}`} inputMode="decimal" />
  return <textarea {...common} className={`in area ${control === 'json' ? 'mono' : ''} ${ok ? '' : 'bad'}`} rows={rowsOf(draft, control === 'json')} spellCheck={control !== 'json'} />
}

/** A value of any type: written as text or as JSON. */
function As({ box, onChange }: { box: Box; onChange: (box: Box) => void }): ReactElement {
  return <span className="as">any, as {(['text', 'json'] as const).map((control) => <button key={control} type="button" className="link" aria-pressed={box.control === control} onClick={() => onChange(rewritten(box, control))}>{control === 'json' ? 'JSON' : 'text'}</button>)}</span>
}

function rowsOf(draft: string, mono: boolean): number {
  const lines = draft.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / (mono ? 44 : 50))), 0)
  return Math.min(12, Math.max(1, lines))
}
