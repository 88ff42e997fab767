/** The parts of a visit that are held against each other: settings, calls, values, state, and what it led to. */

import { useCallback, useEffect, useState, type ReactElement, type ReactNode } from 'react'
import type { Span } from '../trace/types'
import { asText, type Part, partsOf } from './diff'
import type { CompareStore } from './store'
import { type Mode, PartDiff, tallyWords } from './TextDiff'
import type { Call, Detail, DocumentChange, Summary } from './types'
import { UseSetting } from './UseSetting'
import { changeWord, counted } from './words'

/** Calls whose values are read without being asked for. */
const READ_AT_ONCE = 6
/** Characters of a value that its sentence still says. */
const SHORT = 38

interface Given {
  store: CompareStore
  summary: Summary
  detail: Detail
  mode: Mode
}

export function Section({ title, note, children }: { title: string; note?: string; children: ReactNode }): ReactElement {
  return <section className="cmp-sec"><h3>{title}{note && <span className="t3">{note}</span>}</h3>{children}</section>
}

export function Settings({ store, summary, detail, mode }: Given): ReactElement {
  return (
    <Section title="Edited in the workflow" note={counted(detail.settings.length, 'change')}>
      {detail.settings.map((change, at) => (
        <div className="setting" key={at}>
          <ChangeBody change={change} mode={mode} />
          <UseSetting store={store} summary={summary} change={change} />
        </div>
      ))}
    </Section>
  )
}

/** A change of the document: its sentence, and its texts where they are too long for one. */
export function ChangeBody({ change, mode }: { change: DocumentChange; mode: Mode }): ReactElement {
  const long = Math.max(asText(change.before).length, asText(change.after).length) > SHORT
  const both = change.before !== null && change.after !== null
  if (!both || !long) return <p className="change-line">{change.what}</p>
  const part = { name: change.key ?? '', left: asText(change.before), right: asText(change.after) }
  return <div className="change-text"><p className="change-line">{change.what}<span className="t3 xs">{tallyWords(part)}</span></p><PartDiff part={part} mode={mode} /></div>
}

const CALLED: Record<string, string> = { chat: 'Model call', execute_tool: 'Tool call', retrieve_memory: 'Recall', write_memory: 'Memory write', invoke_workflow: 'Workflow run' }

export function Calls({ store, summary, detail, mode }: Given): ReactElement | null {
  const changed = detail.calls.filter((call) => call.changes.length > 0)
  const equal = detail.calls_total - changed.length
  if (detail.calls_total === 0 || detail.visit.changes.includes('missing')) return null
  return (
    <>
      {changed.map((call, at) => <CallBody key={at} store={store} summary={summary} call={call} mode={mode} open={at < READ_AT_ONCE} />)}
      {equal > 0 && <Section title={changed.length > 0 ? 'Other calls' : 'Calls'} note={`${counted(equal, 'call')} equal in A and B`}><p className="sm t2">{names(detail.calls.filter((call) => call.changes.length === 0))}</p></Section>}
    </>
  )
}

function CallBody({ store, summary, call, mode, open }: { store: CompareStore; summary: Summary; call: Call; mode: Mode; open: boolean }): ReactElement {
  const [shown, show] = useState(open)
  const values = useCall(store, summary, call, shown)
  const title = `${CALLED[call.operation] ?? call.operation}: ${call.name}`
  const note = !call.left ? 'only in B' : !call.right ? 'only in A' : call.changes.map(changeWord).join(', ')
  if (!shown) return <Section title={title} note={note}><button className="link" onClick={() => show(true)}>Show what differs</button></Section>
  if (values instanceof Error) return <Section title={title} note={note}><Unread error={values} /></Section>
  if (!values) return <Section title={title} note={note}><p className="t3 sm">Reading…</p></Section>
  const asked = partsOf(values.left?.input ?? null, values.right?.input ?? null, 'asked')
  const answered = partsOf(values.left?.output ?? null, values.right?.output ?? null, call.operation === 'chat' ? 'answer' : 'result')
  return (
    <Section title={title} note={note}>
      <Parts parts={asked} mode={mode} fold />
      {(call.changes.includes('answer') || call.changes.includes('calls')) && <Parts parts={answered} mode={mode} fold />}
      {call.changes.includes('model') && <Parts parts={[{ name: 'model and settings', left: settingsText(values.left), right: settingsText(values.right) }]} mode={mode} />}
    </Section>
  )
}

function useCall(store: CompareStore, summary: Summary, call: Call, shown: boolean): Two<Span> | Error | null {
  const read = useCallback(async () => ({
    left: call.left && (await store.span(summary.left.number, call.left.span)),
    right: call.right && (await store.span(summary.right.number, call.right.span)),
  }), [store, summary, call])
  return useTwo(read, shown)
}

/** The state variables as they were after the step. */
export function State({ store, summary, detail, mode }: Given): ReactElement {
  const { visit } = detail
  const read = useCallback(async () => ({
    left: visit.left && (await store.stateAfter(summary.left.number, visit.left.span)),
    right: visit.right && (await store.stateAfter(summary.right.number, visit.right.span)),
  }), [store, summary, visit])
  const values = useTwo(read, true)
  if (values instanceof Error) return <Section title="State"><Unread error={values} /></Section>
  if (!values) return <Section title="State" note="after this step"><p className="t3 sm">Reading…</p></Section>
  const parts = partsOf(values.left, values.right, 'state')
  const equal = parts.every((part) => part.left === part.right)
  return <Section title="State" note={`after this step${equal ? ', equal in A and B' : ''}`}>{parts.length === 0 ? <p className="t3 sm">Nothing was written yet.</p> : <Parts parts={parts} mode={mode} fold={!equal} />}</Section>
}

interface Two<T> {
  left: T | null
  right: T | null
}

function Unread({ error }: { error: Error }): ReactElement {
  return <p className="sm st-failed" role="alert">This could not be read: {error.message}</p>
}

/** Both sides of something that is read when it is `wanted`; null till then. */
function useTwo<T>(read: () => Promise<Two<T>>, wanted: boolean): Two<T> | Error | null {
  const [found, setFound] = useState<Two<T> | Error | null>(null)
  useEffect(() => {
    let current = true
    if (wanted) read().then((two) => current && setFound(two), (error: Error) => current && setFound(error))
    return () => {
      current = false
    }
  }, [read, wanted])
  return found
}

function settingsText(span: Span | null): string {
  if (!span) return ''
  const wanted = ['temperature', 'max_tokens', 'tools', 'schema'].filter((name) => span.attributes && name in span.attributes)
  return [span.name, ...wanted.map((name) => `${name}: ${JSON.stringify(span.attributes![name], null, 1)}`)].join('\n')
}

function names(calls: Call[]): string {
  const found = new Map<string, number>()
  for (const call of calls) found.set(call.name, (found.get(call.name) ?? 0) + 1)
  return [...found].map(([name, count]) => (count > 1 ? `${name} ×${count}` : name)).join(', ')
}

export function Values({ title, left, right, column, mode }: { title: string; left: Span | null; right: Span | null; column: 'input' | 'output'; mode: Mode }): ReactElement | null {
  const parts = partsOf(left?.[column] ?? null, right?.[column] ?? null, title.toLowerCase()).filter((part) => part.left !== undefined || part.right !== undefined)
  if (parts.length === 0) return null
  const equal = parts.every((part) => part.left === part.right)
  return <Section title={title} note={equal ? 'equal in A and B' : undefined}><Parts parts={parts} mode={mode} fold={!equal} /></Section>
}

/** Parts that differ first; with `fold` those that do not are only named. */
function Parts({ parts, mode, fold }: { parts: Part[]; mode: Mode; fold?: boolean }): ReactElement {
  const differ = parts.filter((part) => part.left !== part.right)
  const equal = parts.filter((part) => part.left === part.right)
  return (
    <>
      {(fold ? differ : parts).map((part, at) => (
        <div className="part" key={at}>
          <h4>{part.name}<span className="t3">{part.left === part.right ? '' : tallyWords(part)}</span></h4>
          <PartDiff part={part} mode={mode} />
        </div>
      ))}
      {fold && equal.length > 0 && <details className="part equal"><summary>{equal.length === 1 ? `${equal[0]!.name} is equal` : `${equal.map((part) => part.name).join(', ')} are equal`}</summary>{equal.map((part, at) => <div className="part" key={at}><h4>{part.name}</h4><PartDiff part={part} mode={mode} /></div>)}</details>}
    </>
  )
}

export function LedTo({ summary }: { summary: Summary }): ReactElement {
  const parts = partsOf(summary.left.outputs, summary.right.outputs, 'answer')
  return (
    <Section title="What it led to" note="outputs of the runs">
      {parts.map((part, at) => <div className="part" key={at}><h4>{part.name}<span className="t3">{part.left === part.right ? 'equal' : ''}</span></h4><PartDiff part={part} mode="words" /></div>)}
    </Section>
  )
}
