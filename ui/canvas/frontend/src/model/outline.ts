/** The graph as lines in flow order, for reading and for screen readers. */

import { attachedTo } from './connection'
import { nodeName, type Document } from './document'
import { runs, type Kinds } from './kinds'
import { flowOrder, wiresOf, type Wire } from './wires'

export interface OutlineLine {
  id: string
  depth: number
  text: string
}

function list(names: string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** What a node is joined to, in words: "In: plan from Plan. Out: answer to Critique. Uses Calculator." */
export function describeNode(document: Document, kinds: Kinds, id: string): string {
  const { from, to } = wiresOf(document)
  const name = (other: string): string => nodeName(other, document.nodes[other], kinds[document.nodes[other]?.kind ?? '']?.title)
  const of = (map: Map<string, Wire[]>, sort: string): Wire[] => (map.get(id) ?? []).filter((wire) => wire.sort === sort)
  const parts: string[] = []
  const inputs = of(to, 'data').map((wire) => `${wire.targetHandle} from ${name(wire.source)}`)
  if (inputs.length) parts.push(`In: ${inputs.join(', ')}.`)
  const outputs = new Map<string, Wire[]>()
  for (const wire of of(from, 'data')) outputs.set(wire.sourceHandle!, [...(outputs.get(wire.sourceHandle!) ?? []), wire])
  if (outputs.size) parts.push(`Out: ${[...outputs].map(([port, wires]) => `${port} to ${list(wires.map((wire) => name(wire.target)))}`).join(', ')}.`)
  const flow = of(from, 'flow').map((wire) => (wire.sourceHandle === 'done' ? name(wire.target) : `${wire.sourceHandle}: ${name(wire.target)}`))
  if (flow.length) parts.push(`Then ${flow.join(', ')}.`)
  const uses = (kinds[document.nodes[id]?.kind ?? '']?.attaches ?? []).flatMap((socket) => attachedTo(document, kinds, id, socket.name)).map((wire) => name(wire.source))
  if (uses.length) parts.push(`Uses ${list(uses)}.`)
  const users = of(from, 'attach').map((wire) => name(wire.target))
  if (users.length) parts.push(`Given to ${list(users)}.`)
  return parts.join(' ')
}

export function outline(document: Document, kinds: Kinds, stateOf: (id: string) => string = () => ''): OutlineLine[] {
  let count = 0
  const depth = (id: string): number => (document.nodes[id]?.parent ? 1 + depth(document.nodes[id].parent) : 0)
  return flowOrder(document).filter((id) => document.nodes[id]!.kind !== 'note').map((id) => {
    const node = document.nodes[id]!
    const kind = kinds[node.kind]
    const number = runs(kind) ? `${++count}. ` : ''
    const state = stateOf(id)
    const head = [nodeName(id, node, kind?.title), (kind?.title ?? node.kind).toLowerCase(), state].filter(Boolean).join(', ')
    return { id, depth: depth(id), text: `${number}${head}. ${describeNode(document, kinds, id)}`.trim() }
  })
}
