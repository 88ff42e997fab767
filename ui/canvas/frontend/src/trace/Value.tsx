import { useState } from 'react'
import { asHits, Hits } from './Hits'
import { isArtifact, isDocuments, isMessages, isRecord } from './shapes'
import type { Message } from './types'
import { bytesText, countText } from './words'

const SHOWN = 6000

/** Any value a port can hold, in the form that reads best; long texts open on demand. */
export function Value({ value }: { value: unknown }) {
  if (value === null || value === undefined) return <p className="t3">Nothing.</p>
  if (isArtifact(value)) return <Pre text={`${value.preview}…`} note={`${bytesText(value.bytes)}, being read`} />
  if (typeof value === 'string') return <Pre text={value} />
  if (typeof value === 'number' || typeof value === 'boolean') return <Pre text={String(value)} />
  if (isMessages(value)) return <Messages messages={value} />
  const hits = asHits(value)
  if (hits) return <Hits hits={hits} />
  if (isDocuments(value)) return <>{value.map((each, at) => <Pre key={at} text={`${at + 1}. ${each.text}`} />)}</>
  if (isRecord(value)) return <Fields record={value} />
  return <Pre text={JSON.stringify(value, null, 2)} />
}

/** In words what a value is: `record · 2 fields`, `text · 312 characters`. */
export function sortOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (isArtifact(value)) return bytesText(value.bytes)
  if (typeof value === 'string') return `text · ${countText(value.length)} characters`
  if (isMessages(value)) return `${countText(value.length)} messages`
  if (Array.isArray(value)) return `list · ${countText(value.length)} items`
  if (isRecord(value)) {
    const count = Object.keys(value).length
    return `record · ${count} ${count === 1 ? 'field' : 'fields'}`
  }
  return typeof value
}

/** A text as it is; past `most` characters the rest on demand. */
export function Pre({ text, note, most = SHOWN }: { text: string; note?: string; most?: number }) {
  const [all, setAll] = useState(false)
  const cut = !all && text.length > most
  return (
    <>
      <pre tabIndex={text.length > 600 ? 0 : undefined}>{cut ? `${text.slice(0, most)}…` : text}</pre>
      {cut && <button className="btn sm" onClick={() => setAll(true)}>Show all {countText(text.length)} characters</button>}
      {note && <p className="xs t3">{note}</p>}
    </>
  )
}

function Fields({ record }: { record: Record<string, unknown> }) {
  return (
    <dl className="df">
      {Object.entries(record).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd><Inline value={value} /></dd>
        </div>
      ))}
    </dl>
  )
}

function Inline({ value }: { value: unknown }) {
  if (isMessages(value) || asHits(value) || isDocuments(value) || (isRecord(value) && Object.keys(value).length > 0)) return <Value value={value} />
  if (typeof value === 'string') return <Pre text={value === '' ? '""' : value} />
  if (isArtifact(value)) return <Value value={value} />
  return <Pre text={JSON.stringify(value, null, Array.isArray(value) && value.length > 0 ? 2 : 0)} />
}

/** Messages as they were sent, each behind its role. */
export function Messages({ messages }: { messages: Message[] }) {
  return (
    <div className="well messages">
      {messages.map((message, at) => (
        <div key={at} className={`message ${message.role}`}>
          <b>{message.role}</b>
          <div>
            {message.content !== '' && <Pre text={contentText(message.content)} />}
            {Array.isArray(message.tool_calls) && message.tool_calls.map((call: unknown, index) => <Pre key={index} text={callText(call)} />)}
          </div>
        </div>
      ))}
    </div>
  )
}

export function contentText(content: unknown): string {
  return typeof content === 'string' ? content : JSON.stringify(content, null, 2)
}

export function callText(call: unknown): string {
  const { name, args, arguments: given } = call as { name?: string; args?: unknown; arguments?: unknown }
  return `calls ${name ?? 'a tool'} ${JSON.stringify(args ?? given ?? {})}`
}
