import { useEffect, useState, type ReactElement, type ReactNode } from 'react'
import type { Kind } from '../model/kinds'
import { Icon, Tile } from '../style/icons'
import type { Span } from '../trace/types'
import { countText, secondsText, usdText } from '../trace/words'
import { asText, type Part, partsOf } from './diff'
import type { CompareStore } from './store'
import { type Mode, PartDiff, tallyWords } from './TextDiff'
import type { Call, Detail, DocumentChange, Summary, VisitSide } from './types'
import { changeWord, counted, visitSentence, visitWords } from './words'

const WORKS = new Set(['queued', 'running'])
const READ_AT_ONCE = 6
/** Characters of a value that its sentence still says. */
const SHORT = 38

interface Props {
  store: CompareStore
  summary: Summary
  kinds: Record<string, Kind>
  detail: Detail
  mode: Mode
  onMode: (mode: Mode) => void
  onVisit: (index: number) => void
  onTrace: (run: string, span: string) => void
  onFork: (run: string, span: string) => void
}

/** One visit in both runs: what it got, what it asked, and what came of it. */
export function VisitPanel({ store, summary, kinds, detail, mode, onMode, onVisit, onTrace, onFork }: Props): ReactElement {
  const { visit, left, right } = detail
  const forkable = visit.right !== null && visit.own && !WORKS.has(summary.right.status)
  return (
    <aside className="cmp-panel" aria-label={`${visit.label}, ${visitWords(visit)}, in both runs`} data-testid="visit-panel" data-region="panel">
      <PanelHead summary={summary} kinds={kinds} detail={detail} onVisit={onVisit} />
      <div className="row panel-bar">
        <span className="seg" role="radiogroup" aria-label="Show texts">
          {([['words', 'Words'], ['sides', 'Side by side']] as const).map(([name, title]) => (
            <button key={name} role="radio" aria-checked={mode === name} aria-pressed={mode === name} title={`${title} (W)`} onClick={() => onMode(name)}>{title}</button>
          ))}
        </span>
        <span className="grow" />
        {visit.left && <button className="btn sm" onClick={() => onTrace(summary.left.number, visit.left!.span)} aria-label="Trace of A" title={`This step in the trace of ${summary.left.number}`}>Trace A</button>}
        {visit.right && <button className="btn sm" onClick={() => onTrace(summary.right.number, visit.right!.span)} aria-label="Trace of B" title={`This step in the trace of ${summary.right.number}`}>Trace B</button>}
        {forkable && <button className="btn sm" data-testid="fork-here" onClick={() => onFork(summary.right.id, visit.right!.span)} aria-label="Fork B at this step" title={`Run on from this step of ${summary.right.number} with something changed`}><Icon name="fork" size={14} />Fork B</button>}
      </div>
      <div className="panel-scroll" key={visit.index} tabIndex={0} aria-label="What differs at this step">
        <Took left={visit.left} right={visit.right} />
        {detail.settings.length > 0 && <Settings changes={detail.settings} mode={mode} />}
        <Calls store={store} summary={summary} detail={detail} mode={mode} />
        {visit.changes.includes('outcome') && <Section title="Outcome" note="the way it took"><PartDiff part={{ name: 'outcome', left: ending(left), right: ending(right) }} mode="words" /></Section>}
        <Values title="Output" left={left} right={right} column="output" mode={mode} />
        <Values title="Input" left={left} right={right} column="input" mode={mode} />
        <LedTo summary={summary} />
      </div>
    </aside>
  )
}

function PanelHead({ summary, kinds, detail, onVisit }: Pick<Props, 'summary' | 'kinds' | 'detail' | 'onVisit'>): ReactElement {
  const { visit, place } = detail
  const first = summary.first?.index === visit.index
  return (
    <div className="panel-head">
      <Tile family={kinds[visit.kind]?.family ?? 'tools'} kind={visit.kind} />
      <h2 className="ell">{visit.label} <span className="t3">{visitWords(visit)}</span></h2>
      {place.of_node > 1 && <Stepper before={place.previous_of_node} after={place.next_of_node} words={`of ${place.of_node}`} what="visit of this node" onVisit={onVisit} />}
      <span className="grow" />
      <Stepper before={place.previous_changed} after={place.next_changed} words={place.nth_changed === null ? counted(summary.changed, 'difference') : `${countText(place.nth_changed)} of ${countText(summary.changed)}`} what="difference" keys={['K', 'J']} onVisit={onVisit} />
      <p className="xs t3" aria-live="polite">{first && <b className="st-waiting">First difference. </b>}{visitSentence(visit)}</p>
    </div>
  )
}

function Stepper({ before, after, words, what, keys, onVisit }: { before: number | null; after: number | null; words: string; what: string; keys?: [string, string]; onVisit: (index: number) => void }): ReactElement {
  const named = (way: string, key: string | undefined): string => `${way} ${what}${key ? ` (${key})` : ''}`
  return (
    <span className="row stepper" role="group" aria-label={words}>
      <button className="btn ghost sm icon" aria-label={`Previous ${what}`} title={named('Previous', keys?.[0])} disabled={before === null} onClick={() => onVisit(before!)}><Icon name="left" size={14} /></button>
      <span className="xs t2 num nw">{words}</span>
      <button className="btn ghost sm icon" aria-label={`Next ${what}`} title={named('Next', keys?.[1])} disabled={after === null} onClick={() => onVisit(after!)}><Icon name="right" size={14} /></button>
    </span>
  )
}

function Section({ title, note, children }: { title: string; note?: string; children: ReactNode }): ReactElement {
  return <section className="cmp-sec"><h3>{title}{note && <span className="t3">{note}</span>}</h3>{children}</section>
}

/** Time, tokens and cost of the visit in both runs, as bars of one scale each. */
function Took({ left, right }: { left: VisitSide | null; right: VisitSide | null }): ReactElement {
  // The last number: what is less would be a difference by chance.
  const figures: [string, number, number, (value: number) => string, number][] = [
    ['Time', left?.seconds ?? 0, right?.seconds ?? 0, secondsText, 0.05],
    ['Tokens', left?.tokens ?? 0, right?.tokens ?? 0, countText, 1],
    ['Cost', left?.usd ?? 0, right?.usd ?? 0, usdText, 0.0001],
  ]
  return (
    <section className="cmp-sec took">
      {figures.filter(([, one, other]) => one > 0 || other > 0).map(([name, one, other, say, least]) => (
        <div key={name} className="took-row">
          <span className="xs t3">{name}</span>
          <TookBar letter="a" value={one} most={Math.max(one, other, least)} words={left?.kept ? 'taken over' : left ? say(one) : 'none'} />
          <TookBar letter="b" value={other} most={Math.max(one, other, least)} words={right?.kept ? 'taken over' : right ? say(other) : 'none'} />
        </div>
      ))}
    </section>
  )
}

function TookBar({ letter, value, most, words }: { letter: 'a' | 'b'; value: number; most: number; words: string }): ReactElement {
  return <span className="took-bar num"><span className={`tag ${letter}`}>{letter.toUpperCase()}</span><span className="took-track" aria-hidden="true"><i className={letter} style={{ width: `${(100 * value) / most}%` }} /></span><span>{words}</span></span>
}

function Settings({ changes, mode }: { changes: DocumentChange[]; mode: Mode }): ReactElement {
  return (
    <Section title="Edited in the workflow" note={counted(changes.length, 'change')}>
      {changes.map((change, at) => <ChangeBody key={at} change={change} mode={mode} />)}
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

function Calls({ store, summary, detail, mode }: Pick<Props, 'store' | 'summary' | 'detail' | 'mode'>): ReactElement | null {
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

function useCall(store: CompareStore, summary: Summary, call: Call, shown: boolean): { left: Span | null; right: Span | null } | null {
  const [found, setFound] = useState<{ left: Span | null; right: Span | null } | null>(null)
  useEffect(() => {
    let current = true
    const read = async (): Promise<void> => {
      const [left, right] = await Promise.all([
        call.left ? store.span(summary.left.number, call.left.span) : null,
        call.right ? store.span(summary.right.number, call.right.span) : null,
      ])
      if (current) setFound({ left, right })
    }
    if (shown) void read().catch(() => undefined)
    return () => {
      current = false
    }
  }, [store, summary, call, shown])
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

function Values({ title, left, right, column, mode }: { title: string; left: Span | null; right: Span | null; column: 'input' | 'output'; mode: Mode }): ReactElement | null {
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

function LedTo({ summary }: { summary: Summary }): ReactElement {
  const parts = partsOf(summary.left.outputs, summary.right.outputs, 'answer')
  return (
    <Section title="What it led to" note="outputs of the runs">
      {parts.map((part, at) => <div className="part" key={at}><h4>{part.name}<span className="t3">{part.left === part.right ? 'equal' : ''}</span></h4><PartDiff part={part} mode="words" /></div>)}
    </Section>
  )
}

function ending(span: Span | null): string | undefined {
  if (!span) return undefined
  return span.error ? `${span.outcome ?? span.status}: ${span.error.what}` : (span.outcome ?? span.status)
}
