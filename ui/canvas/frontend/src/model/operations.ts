/** Edits as data: the operations of `docs/contracts.md`. `apply` gives the new document and the inverse. */

import { completeInput, completeNode, type DocNode, type Document, type Point } from './document'
import { EDGE_SORTS, parseEdge, type EdgeSort } from './edges'

export type Operation =
  | { op: 'add_node'; id: string; node: Partial<DocNode> & { kind: string } }
  | { op: 'remove_node'; id: string }
  | { op: 'move_node'; id: string; position: Point | null; size?: Point | null }
  | { op: 'set_config'; id: string; key: string; value?: unknown }
  | { op: 'set_node'; id: string; key: 'label' | 'note' | 'parent' | 'version' | 'kind'; value: unknown }
  | { op: 'connect'; sort: EdgeSort; edge: string; at?: number }
  | { op: 'disconnect'; sort: EdgeSort; edge: string; at?: number }
  | { op: 'set_meta'; key: 'title' | 'summary' | 'tags' | 'authors'; value: unknown }
  | { op: 'set_input' | 'set_output' | 'set_state'; name: string; value: unknown }
  | { op: 'set_limit'; key: 'steps' | 'seconds' | 'tokens' | 'usd'; value: number | null }

export class OperationError extends Error {
  constructor(readonly op: Operation, message: string) {
    super(message)
  }
}

export interface Applied {
  document: Document
  /** Undoes it: to be applied in this order. */
  inverse: Operation[]
}

/** Apply a batch, whole or not at all. Throws OperationError naming what does not fit. */
export function applyBatch(document: Document, ops: readonly Operation[]): Applied {
  const inverse: Operation[] = []
  let current = document
  for (const op of ops) {
    const [next, back] = applyOne(current, op)
    current = next
    inverse.unshift(back)
  }
  return { document: current, inverse }
}

function applyOne(doc: Document, op: Operation): [Document, Operation] {
  switch (op.op) {
    case 'add_node': return addNode(doc, op)
    case 'remove_node': return removeNode(doc, op)
    case 'move_node': return moveNode(doc, op)
    case 'set_config': return setConfig(doc, op)
    case 'set_node': return setNode(doc, op)
    case 'connect': return connect(doc, op)
    case 'disconnect': return disconnect(doc, op)
    case 'set_meta': return [{ ...doc, [op.key]: op.value }, { ...op, value: doc[op.key] }]
    case 'set_limit': return [
      { ...doc, limits: { ...doc.limits, [op.key]: op.value } },
      { ...op, value: doc.limits[op.key] },
    ]
    case 'set_input': case 'set_output': case 'set_state': return setSpec(doc, op)
    default: throw new OperationError(op, `This version does not know the operation ${(op as { op: string }).op}.`)
  }
}

type Of<Name extends Operation['op']> = Extract<Operation, { op: Name }>

function existing(doc: Document, op: Operation & { id: string }): DocNode {
  const node = Object.hasOwn(doc.nodes, op.id) ? doc.nodes[op.id] : undefined
  if (!node) throw new OperationError(op, `There is no node ${op.id} any more.`)
  return node
}

function withNode(doc: Document, id: string, node: DocNode): Document {
  return { ...doc, nodes: { ...doc.nodes, [id]: node } }
}

function addNode(doc: Document, op: Of<'add_node'>): [Document, Operation] {
  if (Object.hasOwn(doc.nodes, op.id)) throw new OperationError(op, `The id ${op.id} is taken.`)
  const parent = op.node.parent
  if (parent && !doc.nodes[parent]) throw new OperationError(op, `There is no frame ${parent} any more.`)
  return [withNode(doc, op.id, completeNode(op.node)), { op: 'remove_node', id: op.id }]
}

function removeNode(doc: Document, op: Of<'remove_node'>): [Document, Operation] {
  const node = existing(doc, op)
  if (Object.values(doc.nodes).some((other) => other.parent === op.id))
    throw new OperationError(op, `${op.id} still holds other nodes.`)
  const touching = EDGE_SORTS.flatMap((sort) => doc.edges[sort]).find((text) => {
    const edge = parseEdge(text)
    return edge?.source === op.id || edge?.target === op.id
  })
  if (touching) throw new OperationError(op, `${op.id} is still joined by ${touching}.`)
  const { [op.id]: _, ...nodes } = doc.nodes
  return [{ ...doc, nodes }, { op: 'add_node', id: op.id, node }]
}

function moveNode(doc: Document, op: Of<'move_node'>): [Document, Operation] {
  const node = existing(doc, op)
  const size = op.size === undefined ? {} : { size: op.size }
  const back: Operation = { op: 'move_node', id: op.id, position: node.position }
  if (op.size !== undefined) back.size = node.size
  return [withNode(doc, op.id, { ...node, position: op.position, ...size }), back]
}

function setConfig(doc: Document, op: Of<'set_config'>): [Document, Operation] {
  const node = existing(doc, op)
  const back: Operation = { op: 'set_config', id: op.id, key: op.key }
  if (Object.hasOwn(node.config, op.key)) back.value = node.config[op.key]
  const { [op.key]: _, ...rest } = node.config
  const config = Object.hasOwn(op, 'value') && op.value !== undefined ? { ...node.config, [op.key]: op.value } : rest
  return [withNode(doc, op.id, { ...node, config }), back]
}

function setNode(doc: Document, op: Of<'set_node'>): [Document, Operation] {
  const node = existing(doc, op)
  return [withNode(doc, op.id, { ...node, [op.key]: op.value }), { ...op, value: node[op.key] }]
}

function connect(doc: Document, op: Of<'connect'>): [Document, Operation] {
  const list = doc.edges[op.sort]
  if (op.at === undefined) checkNew(doc, op)
  const at = Math.min(op.at ?? list.length, list.length)
  const next = [...list.slice(0, at), op.edge, ...list.slice(at)]
  return [{ ...doc, edges: { ...doc.edges, [op.sort]: next } }, { op: 'disconnect', sort: op.sort, edge: op.edge, at }]
}

/** A new edge is checked; with `at` an edge is put back as it was, whatever it was. */
function checkNew(doc: Document, op: Of<'connect'>): void {
  const edge = parseEdge(op.edge)
  if (!edge) throw new OperationError(op, `${op.edge} is not an edge.`)
  if (doc.edges[op.sort].includes(op.edge)) throw new OperationError(op, `${op.edge} is already there.`)
  for (const end of [edge.source, edge.target])
    if (!doc.nodes[end]) throw new OperationError(op, `There is no node ${end} any more.`)
}

function disconnect(doc: Document, op: Of<'disconnect'>): [Document, Operation] {
  const list = doc.edges[op.sort]
  const at = op.at !== undefined && list[op.at] === op.edge ? op.at : list.lastIndexOf(op.edge)
  if (at < 0) throw new OperationError(op, `${op.edge} is not joined any more.`)
  const next = list.filter((_, index) => index !== at)
  return [{ ...doc, edges: { ...doc.edges, [op.sort]: next } }, { op: 'connect', sort: op.sort, edge: op.edge, at }]
}

const SPEC_KEYS = { set_input: 'inputs', set_output: 'outputs', set_state: 'state' } as const

function setSpec(doc: Document, op: Of<'set_input' | 'set_output' | 'set_state'>): [Document, Operation] {
  const key = SPEC_KEYS[op.op]
  const before = doc[key] as Record<string, unknown>
  const back: Operation = { ...op, value: before[op.name] ?? null }
  const { [op.name]: _, ...rest } = before
  const value = op.op === 'set_input' && op.value ? completeInput(op.value) : op.value
  const after = op.value === null ? rest : { ...before, [op.name]: value }
  return [{ ...doc, [key]: after }, back]
}

/** What an operation changes, to see whether two batches touch the same thing. */
export function targetOf(op: Operation): string {
  switch (op.op) {
    case 'add_node': case 'remove_node': return `node:${op.id}`
    case 'move_node': return `place:${op.id}`
    case 'set_config': case 'set_node': return `${op.op}:${op.id}:${op.key}`
    case 'connect': case 'disconnect': return `${op.sort}:${op.edge}`
    case 'set_meta': case 'set_limit': return `${op.op}:${op.key}`
    default: return `${op.op}:${op.name}`
  }
}

/** Operations that take nodes away, with everything that touches them. */
export function removal(doc: Document, ids: Iterable<string>, edges: Iterable<[EdgeSort, string]> = []): Operation[] {
  const gone = new Set(ids)
  for (const [id, node] of Object.entries(doc.nodes)) if (node.parent && gone.has(node.parent)) gone.add(id)
  const chosen = new Set([...edges].map(([sort, text]) => `${sort}:${text}`))
  const cut = EDGE_SORTS.flatMap((sort) =>
    doc.edges[sort].filter((text) => {
      const edge = parseEdge(text)
      return chosen.has(`${sort}:${text}`) || (edge && (gone.has(edge.source) || gone.has(edge.target)))
    }).map((edge): Operation => ({ op: 'disconnect', sort, edge })))
  const depth = (id: string): number => (doc.nodes[id]?.parent ? 1 + depth(doc.nodes[id].parent) : 0)
  const order = [...gone].filter((id) => doc.nodes[id]).sort((a, b) => depth(b) - depth(a))
  return [...cut, ...order.map((id): Operation => ({ op: 'remove_node', id }))]
}
