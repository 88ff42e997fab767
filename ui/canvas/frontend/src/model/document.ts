/** The workflow document, as `graphs/document.py` has it, with every key present. */

import type { EdgeSort } from './edges'

export interface InputSpec {
  type: string
  title: string
  description: string
  required: boolean
  default: unknown
  examples: unknown[]
}

export interface OutputSpec {
  type: string
  title: string
}

export interface StateSpec {
  type: string
  reducer: 'last' | 'append' | 'merge' | 'add'
  default: unknown
}

export interface Limits {
  steps: number | null
  seconds: number | null
  tokens: number | null
  usd: number | null
}

export type Point = [number, number]

export interface DocNode {
  kind: string
  version: number
  label: string
  note: string
  parent: string | null
  config: Record<string, unknown>
  position: Point | null
  size: Point | null
}

export interface Document {
  nodeloom: 1
  title: string
  summary: string
  tags: string[]
  authors: string[]
  inputs: Record<string, InputSpec>
  outputs: Record<string, OutputSpec>
  state: Record<string, StateSpec>
  limits: Limits
  nodes: Record<string, DocNode>
  edges: Record<EdgeSort, string[]>
}

export const ID_PATTERN = /^[a-z][a-z0-9_]{0,63}$/

const EMPTY_LIMITS: Limits = { steps: null, seconds: null, tokens: null, usd: null }

export function completeNode(node: Partial<DocNode> & { kind: string }): DocNode {
  return { version: 1, label: '', note: '', parent: null, config: {}, position: null, size: null, ...node }
}

export function completeInput(spec: Partial<InputSpec>): InputSpec {
  return { type: 'text', title: '', description: '', required: true, default: null, examples: [], ...spec }
}

function mapValues<A, B>(record: Record<string, A> | undefined, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record ?? {}).map(([key, value]) => [key, change(value)]))
}

/** A document from the wire, where keys equal to their default may be absent. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export function complete(wire: any): Document {
  return {
    nodeloom: 1,
    title: wire.title ?? 'Untitled workflow',
    summary: wire.summary ?? '',
    tags: wire.tags ?? [],
    authors: wire.authors ?? [],
    inputs: mapValues<Partial<InputSpec>, InputSpec>(wire.inputs, completeInput),
    outputs: mapValues<Partial<OutputSpec>, OutputSpec>(wire.outputs, (spec) => ({ type: 'any', title: '', ...spec })),
    state: mapValues<Partial<StateSpec>, StateSpec>(wire.state, (spec) => ({
      type: 'any', reducer: 'last', default: null, ...spec,
    })),
    limits: { ...EMPTY_LIMITS, ...wire.limits },
    nodes: mapValues<DocNode, DocNode>(wire.nodes, completeNode),
    edges: { flow: wire.edges?.flow ?? [], data: wire.edges?.data ?? [], attach: wire.edges?.attach ?? [] },
  }
}

/** A free id made from words: `Work through a plan` -> `work_through_a_plan_2`. */
export function freeId(words: string, taken: (id: string) => boolean): string {
  const slug = words.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^[^a-z]+|_+$/g, '').slice(0, 40) || 'node'
  let id = slug
  for (let count = 2; taken(id); count++) id = `${slug}_${count}`
  return id
}

/** The name a person knows a node by. */
export function nodeName(id: string, node: DocNode | undefined, title?: string): string {
  return node?.label || title || id
}
