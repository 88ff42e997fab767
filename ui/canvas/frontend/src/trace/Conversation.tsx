import { useMemo, useState } from 'react'
import { Icon } from '../style/icons'
import { type Turn, turnsOf } from './conversation'
import { Messages, Pre, contentText, callText } from './Value'
import { isMessages } from './shapes'
import type { Message, Span } from './types'
import { countText, secondsText, usdText } from './words'
import { seconds } from './model'

interface Props {
  calls: Span[]
  onSelect: (id: string) => void
}

/** Model calls as a conversation, or each prompt exactly as it was sent. */
export function Conversation({ calls, onSelect }: Props) {
  const [asSent, setAsSent] = useState(true)
  return (
    <>
      <span className="seg as-sent" role="radiogroup" aria-label="Show messages">
        <button role="radio" aria-checked={asSent} aria-pressed={asSent} onClick={() => setAsSent(true)}>As sent</button>
        <button role="radio" aria-checked={!asSent} aria-pressed={!asSent} onClick={() => setAsSent(false)}>Conversation</button>
      </span>
      {asSent ? calls.map((call) => <Sent key={call.id} call={call} onSelect={onSelect} />) : <Talk calls={calls} onSelect={onSelect} />}
    </>
  )
}

/** The calls of each node as one conversation, what was sent before left out. */
export function Talk({ calls, onSelect }: { calls: Span[]; onSelect: (id: string) => void }) {
  const turns = useMemo(() => byParent(calls).flatMap(turnsOf).sort((a, b) => a.call.started_at - b.call.started_at), [calls])
  return <ol className="talk">{turns.map((turn) => <TurnItem key={turn.call.id} turn={turn} onSelect={onSelect} />)}</ol>
}

function byParent(calls: readonly Span[]): Span[][] {
  const found = new Map<string, Span[]>()
  for (const call of calls) found.set(call.parent_id ?? '', [...(found.get(call.parent_id ?? '') ?? []), call])
  return [...found.values()]
}

function TurnItem({ turn, onSelect }: { turn: Turn; onSelect: (id: string) => void }) {
  const { call, fresh, again, answer } = turn
  return (
    <li data-call={call.id}>
      {again > 0 && <p className="xs t3 again">{again === 1 ? '1 message' : `${again} messages`} as before</p>}
      {fresh.map((message, at) => <Bubble key={at} message={message} />)}
      {!isMessages(call.input) && <p className="xs t3">What was sent is too long for this list: open the call.</p>}
      {answer && <Bubble message={answer} />}
      {call.error && <p className="st-failed sm"><Icon name="cross" size={12} /> {call.error.what}</p>}
      <CallLink call={call} onSelect={onSelect} />
    </li>
  )
}

function Bubble({ message }: { message: Message }) {
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls : []
  return (
    <div className={`bubble ${message.role}`}>
      <b>{message.name ? `${message.role} ${message.name}` : message.role}</b>
      {message.content !== '' && message.content !== null && <Pre text={contentText(message.content)} most={2400} />}
      {calls.map((call: unknown, at) => <p key={at} className="mono calls"><Icon name="chip" size={12} /> {callText(call)}</p>)}
    </div>
  )
}

function Sent({ call, onSelect }: { call: Span; onSelect: (id: string) => void }) {
  return (
    <div className="call">
      <CallLink call={call} onSelect={onSelect} />
      {isMessages(call.input) ? <Messages messages={call.input} /> : <Pre text={contentText(call.input)} />}
    </div>
  )
}

function CallLink({ call, onSelect }: { call: Span; onSelect: (id: string) => void }) {
  const tokens = call.input_tokens === null ? '' : `${countText(call.input_tokens)} in, ${countText(call.output_tokens ?? 0)} out`
  const facts = [call.node_id, tokens, call.usd === null ? '' : usdText(call.usd), secondsText(seconds(call, call.started_at))].filter(Boolean).join(' · ')
  return <button className="link" onClick={() => onSelect(call.id)}>{call.response_model ?? call.request_model ?? call.name} <span className="t3">{facts}</span></button>
}
