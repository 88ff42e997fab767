import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Icon } from '../style/icons'
import type { Kind } from '../model/kinds'
import { Shown } from '../views/Shown'
import { asView, VIEW_TITLES } from '../views/types'
import { asHits, Hits } from './Hits'
import { seconds, type Trace } from './model'
import { SpanTile } from './Steps'
import { StateChip } from './StateChip'
import type { TraceStore } from './store'
import type { Span } from './types'
import { useWhole } from './useSpan'
import { isMessages, isRecord } from './shapes'
import { Messages, sortOf, Value } from './Value'
import { countText, secondsText, SPAN_MARKS, usdText } from './words'

const MOST_CALLS = 20

interface Props {
  store: TraceStore
  trace: Trace
  kinds: Record<string, Kind>
  runStart: number
  now: number
  span: Span
  onSelect: (id: string) => void
  onCopyLink: () => void
}

interface Section {
  name: string
  count?: number
  note?: string
  body: ReactNode
}

/** Everything about one span on one scroll; the tabs jump and follow. */
export function SpanPanel({ store, trace, kinds, runStart, now, span, onSelect, onCopyLink }: Props) {
  const below = span.operation === 'invoke_workflow' ? [] : (trace.children.get(span.id) ?? []).slice(0, MOST_CALLS)
  const [whole, ...calls] = useWhole(store, [span, ...below]) as [Span, ...Span[]]
  const sections = sectionsOf(whole, calls, trace, onSelect)
  return (
    <aside className="det" aria-label={`${span.name}, ${SPAN_MARKS[span.status].word}`} data-panel>
      <PanelHead {...{ trace, kinds, runStart, now, onCopyLink }} span={whole} />
      <Parts key={span.id} sections={sections} />
    </aside>
  )
}

function PanelHead({ trace, kinds, runStart, now, span, onCopyLink }: Omit<Props, 'store' | 'onSelect'>) {
  const figures = trace.figures(span)
  const from = span.started_at - runStart
  const model = span.response_model ?? span.request_model
  const facts = [
    `${secondsText(from)} to ${secondsText(from + seconds(span, now))}`,
    figures.tokens > 0 && `${countText(figures.input)} in, ${countText(figures.output)} out`,
    model && (span.provider ? `${span.provider}:${model}` : model),
    figures.tokens > 0 && usdText(figures.usd),
    (span.attempt ?? 1) > 1 && `attempt ${span.attempt}`,
  ]
  return (
    <div className="dh">
      <SpanTile span={span} kinds={kinds} />
      <div className="grow">
        <h2 className="nm ell">
          {span.name} <span className="t3 light">{span.visit ? `visit ${span.visit}` : span.operation.replaceAll('_', ' ')}{span.item === null || span.item === undefined ? '' : `, item ${span.item + 1}`}</span>
        </h2>
        <div className="xs t3 num">{facts.filter(Boolean).join(' · ')}</div>
      </div>
      {span.outcome && span.outcome !== 'done' && span.status === 'ok' && <span className="chip line">{span.outcome}</span>}
      <StateChip mark={SPAN_MARKS[span.status]} />
      <button className="btn ghost sm icon" aria-label="Copy link to this step" title="Copy link to this step" onClick={onCopyLink}><Icon name="share" size={14} /></button>
    </div>
  )
}

function sectionsOf(span: Span, calls: Span[], trace: Trace, onSelect: (id: string) => void): Section[] {
  const chats = calls.filter((call) => call.operation === 'chat')
  const tools = calls.filter((call) => call.operation === 'execute_tool')
  const recalls = calls.filter((call) => call.operation === 'retrieve_memory')
  const found: (Section | null)[] = [
    span.error ? { name: 'Error', body: <ErrorBody span={span} trace={trace} /> } : null,
    viewSection(span),
    outputSection(span),
    inputSection(span),
    chats.length > 0 ? { name: 'Prompt as sent', count: chats.length, body: chats.map((chat) => <Chat key={chat.id} chat={chat} onSelect={onSelect} />) } : null,
    tools.length > 0 ? { name: 'Tool calls', count: tools.length, body: tools.map((tool) => <ToolCall key={tool.id} tool={tool} onSelect={onSelect} />) } : null,
    ...recalls.map((recall) => hitsSection(recall)),
    detailSection(span),
  ]
  return found.filter((section): section is Section => section !== null)
}

function viewSection(span: Span): Section | null {
  const value = span.attributes?.['view']
  const view = asView(value)
  return view && { name: VIEW_TITLES[view.type], body: <Shown value={value} heading={false} /> }
}

function outputSection(span: Span): Section | null {
  if (span.operation === 'retrieve_memory' && asHits(span.output)) return hitsSection(span)
  if (span.output === null && span.status !== 'ok') return null
  return { name: span.operation === 'chat' ? 'Answer' : span.operation === 'execute_tool' ? 'Result' : 'Output', note: sortOf(span.output), body: <Value value={span.output} /> }
}

function inputSection(span: Span): Section | null {
  if (span.operation === 'chat' && isMessages(span.input)) {
    const tokens = span.input_tokens === null ? '' : `${countText(span.input_tokens)} tokens · `
    return { name: 'Prompt as sent', note: `${tokens}${span.input.length} messages`, body: <Messages messages={span.input} /> }
  }
  if (span.input === null) return null
  return { name: span.operation === 'execute_tool' ? 'Arguments' : 'Input', note: sortOf(span.input), body: <Value value={span.input} /> }
}

function hitsSection(span: Span): Section | null {
  const hits = asHits(span.output)
  return hits && { name: 'Memory hits', count: hits.length, body: <Hits hits={hits} /> }
}

function detailSection(span: Span): Section | null {
  const facts: Record<string, unknown> = {
    ...(span.provider ? { provider: span.provider } : {}),
    ...(span.request_model ? { 'model asked for': span.request_model } : {}),
    ...(span.response_model ? { 'model that answered': span.response_model } : {}),
    ...(span.input_tokens !== null ? { 'tokens in': span.input_tokens, 'tokens out': span.output_tokens } : {}),
    ...(span.usd !== null ? { cost: usdText(span.usd) } : {}),
    ...(span.finish_reason ? { 'stopped because': span.finish_reason } : {}),
    ...((span.attempt ?? 1) > 1 ? { attempt: span.attempt } : {}),
    ...(isRecord(span.attributes) ? Object.fromEntries(Object.entries(span.attributes).filter(([name, value]) => name !== 'view' || !asView(value))) : {}),
  }
  return Object.keys(facts).length === 0 ? null : { name: 'Details', body: <Value value={facts} /> }
}

/** What, how to mend it, and the spans below that failed first, innermost last. */
function ErrorBody({ span, trace }: { span: Span; trace: Trace }) {
  const causes = failuresBelow(trace, span)
  return (
    <div className="failure">
      <p><b>{span.error!.what}</b></p>
      {span.error!.mend && <p>{span.error!.mend}</p>}
      {span.error!.type && <p className="xs t3 mono">{span.error!.type}</p>}
      {causes.length > 0 && (
        <details>
          <summary>Caused by</summary>
          <ol>{causes.map((cause) => <li key={cause.id}><b>{cause.name}</b>: {cause.error!.what} {cause.error!.mend}</li>)}</ol>
        </details>
      )}
    </div>
  )
}

function failuresBelow(trace: Trace, span: Span): Span[] {
  return (trace.children.get(span.id) ?? []).flatMap((child) => (child.error ? [child, ...failuresBelow(trace, child)] : failuresBelow(trace, child)))
}

function Chat({ chat, onSelect }: { chat: Span; onSelect: (id: string) => void }) {
  const tokens = chat.input_tokens === null ? '' : `${countText(chat.input_tokens)} in, ${countText(chat.output_tokens ?? 0)} out · `
  return (
    <div className="call">
      <button className="link" onClick={() => onSelect(chat.id)}>
        {chat.name} <span className="t3">{tokens}{secondsText(seconds(chat, chat.started_at))}</span>
      </button>
      {isMessages(chat.input) ? <Messages messages={chat.input} /> : <Value value={chat.input} />}
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
      <div className="well two"><span className="t3">arguments</span><Value value={tool.input} /><span className="t3">result</span><Value value={tool.error ? tool.error.what : tool.output} /></div>
    </div>
  )
}

function Parts({ sections }: { sections: Section[] }) {
  const scroller = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState(0)
  useEffect(() => { scroller.current!.scrollTop = 0 }, [])
  const jump = (index: number) => {
    setAt(index)
    scroller.current!.children[index]?.scrollIntoView({ block: 'start' })
  }
  return (
    <>
      <div className="tabs" role="tablist" aria-label="Parts of this step">
        {sections.map((section, index) => (
          <button key={index} role="tab" aria-selected={index === Math.min(at, sections.length - 1)} onClick={() => jump(index)}>
            {section.name} {section.count !== undefined && <span className="count">{section.count}</span>}
          </button>
        ))}
      </div>
      <div className="parts-scroll" ref={scroller} onScroll={(event) => setAt(sectionAt(event.currentTarget))}>
        {sections.map((section, index) => (
          <section className="sec" key={index}>
            <h3>{section.name} {section.note && <span className="t3">{section.note}</span>}</h3>
            {section.body}
          </section>
        ))}
      </div>
    </>
  )
}

function sectionAt(scroller: HTMLElement): number {
  const atEnd = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1
  const all = [...scroller.children] as HTMLElement[]
  const passed = all.filter((each) => each.offsetTop - scroller.offsetTop <= scroller.scrollTop + 12).length - 1
  return atEnd && scroller.scrollTop > 0 ? Math.max(passed, firstInSight(all, scroller)) : Math.max(0, passed)
}

function firstInSight(all: HTMLElement[], scroller: HTMLElement): number {
  return all.findIndex((each) => each.offsetTop - scroller.offsetTop >= scroller.scrollTop)
}
