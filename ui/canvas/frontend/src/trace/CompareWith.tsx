import { useEffect, useId, useRef, useState } from 'react'
import { familyOf } from './lineage'
import { problemOf, type TraceReader } from './reader'
import { Sign } from './signs'
import { answerText } from './RunHeader'
import type { Relative, Run } from './types'
import { momentText, RUN_MARKS } from './words'

interface Props {
  reader: TraceReader
  run: Run
  relatives: Relative[]
  onCompare: (left: string, right: string) => void
}

/** A button with the runs this one can be held against: the one it was forked from first, then the newest. */
export function CompareWith({ reader, run, relatives, onCompare }: Props) {
  const [open, setOpen] = useState(false)
  const holder = useRef<HTMLDivElement>(null)
  const id = useId()
  useEffect(() => {
    if (!open) return
    const away = (event: PointerEvent) => event.composedPath().includes(holder.current!) || setOpen(false)
    window.addEventListener('pointerdown', away)
    return () => window.removeEventListener('pointerdown', away)
  }, [open])
  const close = () => { setOpen(false); holder.current?.querySelector('button')?.focus() }
  return (
    <div className="with" ref={holder} onKeyDown={(event) => { if (open && event.key === 'Escape') { event.stopPropagation(); close() } }}>
      <button className="btn" aria-expanded={open} aria-controls={id} data-testid="compare-with" onClick={() => setOpen(!open)}><Sign name="compare" />Compare with…</button>
      {open && <Choices id={id} {...{ reader, run, relatives, onCompare }} />}
    </div>
  )
}

interface Choice {
  number: string
  why: string
  /** It came from this run: this one stands on the left. */
  later?: boolean
}

function Choices({ id, reader, run, relatives, onCompare }: Props & { id: string }) {
  const [others, setOthers] = useState<Run[] | null>(null)
  const [problem, setProblem] = useState('')
  useEffect(() => {
    let stale = false
    const asked = run.workflow_id ? reader.others(run.workflow_id) : Promise.resolve([])
    asked.then((found) => stale || setOthers(found.filter((each) => each.id !== run.id)), (error: unknown) => stale || setProblem(problemOf(error).what))
    return () => void (stale = true)
  }, [reader, run.id, run.workflow_id])
  const choices = choicesOf(run, relatives, others ?? [])
  return (
    <div className="with-list" id={id} role="menu" aria-label="Compare with">
      {problem && <p className="xs st-failed">{problem}</p>}
      {!problem && others === null && choices.length === 0 && <p className="xs t3">Reading the runs…</p>}
      {others !== null && choices.length === 0 && <p className="xs t3">There is no other run of this workflow yet.</p>}
      {choices.map((each, at) => (
        <button key={each.number} role="menuitem" autoFocus={at === 0} onClick={() => (each.later ? onCompare(run.number, each.number) : onCompare(each.number, run.number))}>
          <span className="mono">{each.number}</span><span className="t3 ell">{each.why}</span>
        </button>
      ))}
    </div>
  )
}

function choicesOf(run: Run, relatives: Relative[], others: Run[]): Choice[] {
  const family = familyOf(run.id, relatives)
  const parent = family.line.at(-2)
  const kin: Choice[] = [
    ...(parent ? [{ number: parent.number, why: 'forked from it' }] : []),
    ...family.children.map((each) => ({ number: each.number, why: each.label || 'forked from this', later: true })),
  ]
  const known = new Set(kin.map((each) => each.number))
  const rest = others.filter((each) => !known.has(each.number)).map((each) => ({
    number: each.number,
    why: [RUN_MARKS[each.status].word, each.started_at === null ? '' : momentText(each.started_at), answerText(each)].filter(Boolean).join(' · '),
  }))
  return [...kin, ...rest]
}
