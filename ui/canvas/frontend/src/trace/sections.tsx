// The parts of a span's panel: what there is to show of it, in the order it is read.
import { Shown } from '../views/Shown'
import { asView, VIEW_TITLES } from '../views/types'
import { Conversation } from './Conversation'
import { asHits, Hits } from './Hits'
import { seconds } from './model'
import { isMessages, isRecord } from './shapes'
import type { Section } from './SpanPanel'
import { StateChip } from './StateChip'
import { StateDiff } from './StateDiff'
import type { Around, Row, Span, StateAround } from './types'
import { sortOf, Value } from './Value'
import { momentText, countText, secondsText, SPAN_MARKS, usdText } from './words'

/** Visits of a node that the server tells of. */
const MOST_VISITS = 40

export interface Told {
  around: Around
  /** Spans with their long values, as far as they are here. */
  whole: ReadonlyMap<string, Span>
  /** The calls right below that are shown whole. */
  calls: Row[]
  state: StateAround | string | null
  onSelect: (id: string) => void
}

export function sectionsOf({ around, whole, calls, state, onSelect }: Told): Section[] {
  const { row } = around
  const span = whole.get(row.id) ?? null
  const read = calls.flatMap((call) => whole.get(call.id) ?? [])
  const chats = read.filter((call) => call.operation === 'chat')
  const tools = read.filter((call) => call.operation === 'execute_tool')
  const recalls = read.filter((call) => call.operation === 'retrieve_memory')
  const found: (Section | null)[] = [
    row.error ? { name: 'Error', body: <Failed row={row} span={span} failures={around.failures} onSelect={onSelect} /> } : null,
    span && viewSection(span),
    span ? outputSection(span) : { name: 'Output', body: <p className="t3">Reading…</p> },
    span && inputSection(span, onSelect),
    chats.length > 0 ? { name: 'Prompt as sent', count: chats.length, body: <Conversation calls={chats} onSelect={onSelect} /> } : null,
    tools.length > 0 ? { name: 'Tool calls', count: tools.length, body: tools.map((tool) => <ToolCall key={tool.id} tool={tool} onSelect={onSelect} />) } : null,
    ...recalls.map((recall, at) => hitsSection(recall, recalls.length > 1 ? `Memory hits ${at + 1}` : 'Memory hits')),
    stateSection(state),
    span && attemptsSection(span, row),
    around.visits.length > 1 ? { name: 'Visits', ...(around.visits.length < MOST_VISITS ? { count: around.visits.length } : { note: 'those around this one' }), body: <Visits around={around} onSelect={onSelect} /> } : null,
    row.depth > 0 && row.children > calls.length ? { name: 'Below', count: row.children, body: <Below around={around} onSelect={onSelect} /> } : null,
    span && detailSection(span),
  ]
  return found.filter((section): section is Section => section !== null)
}

function viewSection(span: Span): Section | null {
  const value = span.attributes?.['view']
  const view = asView(value)
  return view && { name: VIEW_TITLES[view.type], body: <Shown value={value} heading={false} /> }
}

function outputSection(span: Span): Section | null {
  if (span.operation === 'retrieve_memory' && asHits(span.output)) return hitsSection(span, 'Memory hits')
  if (span.output === null && span.status !== 'ok') return null
  return { name: span.operation === 'chat' ? 'Answer' : span.operation === 'execute_tool' ? 'Result' : 'Output', note: sortOf(span.output), body: <Value value={span.output} /> }
}

function inputSection(span: Span, onSelect: (id: string) => void): Section | null {
  if (span.operation === 'chat' && isMessages(span.input)) {
    return { name: 'Prompt as sent', count: span.input.length, body: <Conversation calls={[span]} onSelect={onSelect} /> }
  }
  if (span.input === null) return null
  return { name: span.operation === 'execute_tool' ? 'Arguments' : 'Input', note: sortOf(span.input), body: <Value value={span.input} /> }
}

function hitsSection(span: Span, name: string): Section | null {
  const hits = asHits(span.output)
  return hits && { name, count: hits.length, body: <Hits hits={hits} /> }
}

function stateSection(state: StateAround | string | null): Section | null {
  if (state === null) return null
  if (typeof state === 'string') return { name: 'State', body: <p className="st-failed sm">{state}</p> }
  if (Object.keys(state.after).length === 0) return null
  return { name: 'State', count: state.changed.length || undefined, note: 'before → after this step', body: <StateDiff state={state} /> }
}

/** Tries before the one that went well, or was the last. */
function attemptsSection(span: Span, row: Row): Section | null {
  const failed = span.attributes?.['failed_attempts']
  if (!Array.isArray(failed) || failed.length === 0) return null
  return {
    name: 'Retries', count: failed.length, note: `attempt ${row.attempt ?? failed.length + 1} ${SPAN_MARKS[row.status].word}`,
    body: <ol className="tries">{failed.map((each: unknown, at) => isRecord(each) && <li key={at}><b>Attempt {String(each['attempt'])}</b> failed: {String(each['what'])}</li>)}</ol>,
  }
}

function detailSection(span: Span): Section | null {
  const known = new Set(['view', 'failed_attempts', 'kept_from', 'kept_run', 'counterfactual', 'debugged'])
  const facts: Record<string, unknown> = {
    ...(span.provider ? { provider: span.provider } : {}),
    ...(span.request_model ? { 'model asked for': span.request_model } : {}),
    ...(span.response_model ? { 'model that answered': span.response_model } : {}),
    ...(span.input_tokens !== null ? { 'tokens in': span.input_tokens, 'tokens out': span.output_tokens } : {}),
    ...(span.usd !== null ? { cost: usdText(span.usd) } : {}),
    ...(span.finish_reason ? { 'stopped because': span.finish_reason } : {}),
    ...(span.attributes?.['kept_from'] ? { 'kept from': `span ${String(span.attributes['kept_from'])}` } : {}),
    ...(debuggedBy(span) ? { 'let go on by': debuggedBy(span) } : {}),
    ...(isRecord(span.attributes) ? Object.fromEntries(Object.entries(span.attributes).filter(([name]) => !known.has(name))) : {}),
    span: span.id,
  }
  return { name: 'Details', body: <Value value={facts} /> }
}

/** Who said how it goes on from a stop, and when. */
function debuggedBy(span: Span): string {
  const told = span.attributes?.['debugged']
  if (!Array.isArray(told)) return ''
  return told.filter(isRecord).map((each) => `${String(each['by'])} (${String(each['command'])}, ${String(each['channel'])}, ${momentText(Number(each['at']))})`).join('; ')
}

/** What, how to mend it, and what it came from: the failed spans below, the innermost last. */
function Failed({ row, span, failures, onSelect }: { row: Row; span: Span | null; failures: Row[]; onSelect: (id: string) => void }) {
  return (
    <div className="failure">
      <p><b>{span?.error?.what ?? row.error!.what}</b></p>
      {span?.error?.mend && <p>{span.error.mend}</p>}
      {row.error!.type && <p className="xs t3 mono">{row.error!.type}</p>}
      {failures.length > 0 && (
        <details open={failures.length <= 3}>
          <summary>Caused by</summary>
          <ol>{failures.map((cause) => <li key={cause.id} style={{ marginLeft: 12 * Math.max(0, cause.depth - row.depth - 1) }}><button className="link" onClick={() => onSelect(cause.id)}>{cause.name}</button> {cause.error?.what ?? 'failed'}{cause.error?.type && <span className="xs t3 mono"> {cause.error.type}</span>}</li>)}</ol>
        </details>
      )}
    </div>
  )
}

function ToolCall({ tool, onSelect }: { tool: Span; onSelect: (id: string) => void }) {
  return (
    <div className="call">
      <button className="link" onClick={() => onSelect(tool.id)}>
        {tool.name} <span className="t3">{secondsText(seconds(tool, tool.started_at))}</span>
      </button>
      {tool.status !== 'ok' && <StateChip mark={SPAN_MARKS[tool.status]} />}
      <div className="well two"><span className="t3">arguments</span><Value value={tool.input} /><span className="t3">result</span>{tool.error ? <span className="st-failed">{tool.error.what}</span> : <Value value={tool.output} />}</div>
    </div>
  )
}

function Visits({ around, onSelect }: { around: Around; onSelect: (id: string) => void }) {
  const own = around.path.findLast((each) => each.operation === 'invoke_node')?.id
  return <ul className="kin">{around.visits.map((row) => <Kin key={row.id} row={row} now={row.id === own} onSelect={onSelect} />)}</ul>
}

function Below({ around, onSelect }: { around: Around; onSelect: (id: string) => void }) {
  return (
    <>
      <ul className="kin">{around.children.map((row) => <Kin key={row.id} row={row} now={false} onSelect={onSelect} />)}</ul>
      {around.more > 0 && <p className="xs t3">and {countText(around.more)} more: open the row in the tree.</p>}
    </>
  )
}

function Kin({ row, now, onSelect }: { row: Row; now: boolean; onSelect: (id: string) => void }) {
  const facts = [row.item === null ? '' : `item ${row.item + 1}`, row.operation === 'invoke_node' ? `visit ${row.visit ?? 1}` : '', row.outcome && row.outcome !== 'done' ? row.outcome : '', secondsText(seconds(row, row.started_at))]
  return (
    <li>
      <button className={now ? 'now' : ''} aria-current={now} onClick={() => onSelect(row.id)}>
        <span className="ell">{row.name}</span><span className="t3 num nw">{facts.filter(Boolean).join(' · ')}</span>{row.status !== 'ok' && <StateChip mark={SPAN_MARKS[row.status]} />}
      </button>
    </li>
  )
}
