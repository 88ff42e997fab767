/** Frames that are attached to a socket for a sub-workflow: their ports follow the socket's until somebody sets them. */

import type { Document } from './document'
import { isSubworkflow, type Kind, type Kinds, type Port, type Socket } from './kinds'
import type { Operation } from './operations'
import { wiresOf } from './wires'

function listed(ports: Port[]): { name: string; type: string }[] {
  return ports.map(({ name, type }) => ({ name, type }))
}

/** The operations that give a frame the ports its socket asks for, where its settings do not name any yet. */
export function shapeOps(document: Document, kind: Kind | undefined, frame: string, socket: Socket): Operation[] {
  const config = document.nodes[frame]?.config ?? {}
  if (!kind?.frame_fields || kind.frame_fields.some((key) => Object.hasOwn(config, key))) return []
  const [reads, feeds] = kind.frame_fields
  return [
    { op: 'set_config', id: frame, key: reads, value: listed(socket.takes) },
    { op: 'set_config', id: frame, key: feeds, value: listed(socket.gives) },
  ]
}

/** Whether `id` stands inside the frame, however deep. */
export function isInside(document: Document, id: string, frame: string): boolean {
  const parent = document.nodes[id]?.parent
  return parent != null && (parent === frame || isInside(document, parent, frame))
}

/** The innermost sub-workflow a node stands in; null for one of the workflow itself. */
export function subworkflowOf(document: Document, kinds: Kinds, id: string): string | null {
  const parent = document.nodes[id]?.parent ?? null
  if (parent === null || isSubworkflow(kinds[document.nodes[parent]?.kind ?? ''])) return parent
  return subworkflowOf(document, kinds, parent)
}

/** Whether `user` is attached, over however many steps, to `resource`: then `resource` cannot be attached to it. */
export function serves(document: Document, user: string, resource: string, seen: Set<string> = new Set()): boolean {
  if (seen.has(user)) return false
  seen.add(user)
  const over = (wiresOf(document).from.get(user) ?? []).filter((wire) => wire.sort === 'attach')
  return over.some((wire) => wire.target === resource || serves(document, wire.target, resource, seen))
}

/** What a socket for a sub-workflow asks for, in words: "takes problem and state, gives a list of text as candidates". */
export function askedFor(socket: Socket): string {
  const names = (ports: Port[]): string => ports.map((port) => `${port.name} (${port.type})`).join(', ')
  return [socket.takes.length && `takes ${names(socket.takes)}`, socket.gives.length && `gives ${names(socket.gives)}`].filter(Boolean).join('; ')
}
