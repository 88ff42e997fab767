// Model calls as a conversation: what each call added to what had been sent before, and what was answered.
import { isRecord, isMessages } from './shapes'
import type { Message, Span } from './types'

export interface Turn {
  call: Span
  /** Messages of this call that the call before it did not send. */
  fresh: Message[]
  /** How many it sent again. */
  again: number
  answer: Message | null
}

/** The calls of one conversation, one after the other; an agent sends its history again with each. */
export function turnsOf(calls: readonly Span[]): Turn[] {
  let before: Message[] = []
  return calls.map((call) => {
    const sent = isMessages(call.input) ? call.input : []
    const again = sharedStart(before, sent)
    const answer = answerOf(call)
    before = answer ? [...sent, answer] : sent
    return { call, fresh: sent.slice(again), again, answer }
  })
}

/** What the model wrote, as a message; null where it wrote nothing. */
export function answerOf(call: Span): Message | null {
  const output = call.output
  if (output === null || output === undefined) return null
  if (isRecord(output) && typeof output['role'] === 'string' && 'content' in output) return output as unknown as Message
  return { role: 'assistant', content: output }
}

/** How many messages two lists begin with in common: same role, same content. */
function sharedStart(before: readonly Message[], now: readonly Message[]): number {
  let at = 0
  while (at < before.length && at < now.length && same(before[at]!, now[at]!)) at++
  return at
}

function same(a: Message, b: Message): boolean {
  return a.role === b.role && JSON.stringify(a.content) === JSON.stringify(b.content)
}
