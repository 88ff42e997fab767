/** What a card shows, selected narrowly so that it is drawn again only when it changed. */

import { useMemo } from 'react'
import { useShallow } from 'zustand/shallow'
import { attachedTo } from '../../model/connection'
import { nodeName, type DocNode, type Document } from '../../model/document'
import type { Diagnostic } from '../../model/diagnostics'
import { runs, type Kind, type Kinds } from '../../model/kinds'
import { portsOf, type Ports } from '../../model/ports'
import { wiresOf } from '../../model/wires'
import { diagnosticsOf, useDoc, useRun, useSession, useUi } from '../state'
import { useModels } from '../models'
import type { NodeRun } from '../run/events'
import { isPaired } from './flow'

export interface CardView {
  node: DocNode
  kind: Kind | undefined
  ports: Ports
  name: string
  line: string
  joined: ReadonlySet<string>
  stubs: ReadonlyMap<string, string>
  trouble: Diagnostic | undefined
  troubles: number
  run: NodeRun | undefined
  /** A run is shown and this node has not been reached. */
  idle: boolean
}

export function useCard(id: string): CardView | null {
  const kinds = useUi((ui) => ui.kinds)
  const node = useDoc((doc) => doc.nodes[id])
  const kind = kinds[node?.kind ?? '']
  const inputs = useDoc((doc) => doc.inputs)
  const outputs = useDoc((doc) => doc.outputs)
  const notes = useDoc(useShallow((doc) => (node ? wireNotes(doc, kinds, id) : [])))
  const found = useSession(useShallow((state) => diagnosticsOf(state.diagnostics, id)))
  const run = useRun((state) => state.picture.nodes[id])
  const shows = useRun((state) => state.run !== null && state.picture.status !== 'queued' && Object.keys(state.picture.nodes).length > 0)
  const model = useModels((state) => state.default)
  return useMemo(() => {
    if (!node) return null
    const document = { inputs, outputs } as Document
    const joined = new Set(notes.filter((note) => !note.includes('\t')))
    const pairs = (tag: string) => notes.filter((note) => note.startsWith(`${tag}\t`)).map((note) => note.slice(tag.length + 1).split('\t') as [string, string])
    const worst = found.find((each) => each.severity === 'error') ?? found.find((each) => each.severity === 'warning')
    return {
      node, kind, ports: portsOf(document, node, kind), name: nodeName(id, node, kind?.title), line: kindLine(node, kind, document, pairs('uses'), model),
      joined, stubs: new Map(pairs('stub')), trouble: worst, troubles: found.length, run, idle: shows && !run && runs(kind),
    }
  }, [node, kind, inputs, outputs, notes, found, run, shows, model, id])
}

/** Joined handles, `stub⇥port⇥names` for data edges drawn as stubs, `uses⇥sort⇥name` for what is attached. */
function wireNotes(doc: Document, kinds: Kinds, id: string): string[] {
  const { from, to } = wiresOf(doc)
  const name = (other: string): string => nodeName(other, doc.nodes[other], kinds[doc.nodes[other]?.kind ?? '']?.title)
  const notes: string[] = []
  const stubs = new Map<string, string[]>()
  for (const wire of from.get(id) ?? []) notes.push(wire.sort === 'attach' ? 'attach-out-self' : `${wire.sort}-out-${wire.sourceHandle}`)
  for (const wire of to.get(id) ?? []) {
    if (wire.sort === 'flow') notes.push('flow-in-in')
    if (wire.sort !== 'data') continue
    notes.push(`data-in-${wire.targetHandle}`)
    if (!isPaired(doc, wire)) stubs.set(wire.targetHandle!, [...(stubs.get(wire.targetHandle!) ?? []), name(wire.source)])
  }
  for (const [port, names] of stubs) notes.push(`stub\t${port}\t${names.join(', ')}`)
  for (const socket of kinds[doc.nodes[id]!.kind]?.attaches ?? [])
    for (const wire of attachedTo(doc, kinds, id, socket.name)) {
      notes.push(`attach-in-${socket.name}`)
      notes.push(`uses\t${socket.sort}\t${name(wire.source)}`)
    }
  return [...new Set(notes)]
}

export function shortModel(reference: string): string {
  const name = reference.split(':').slice(1).join(':') || reference
  return reference.startsWith('builtin:') ? `built-in ${/(\d+(\.\d+)?b)/i.exec(name)?.[1]?.toUpperCase() ?? 'model'}` : name.split('/').at(-1)!
}

function kindLine(node: DocNode, kind: Kind | undefined, doc: Document, uses: [string, string][], model: string | null): string {
  if (!kind) return `unknown kind ${node.kind}`
  const count = (record: object, word: string): string => `${Object.keys(record).length} ${word}${Object.keys(record).length === 1 ? '' : 's'}`
  if (kind.dynamic === 'workflow_inputs') return count(doc.inputs, 'input')
  if (kind.dynamic === 'workflow_outputs') return count(doc.outputs, 'output')
  if (kind.provides) return resourceLine(node, kind)
  const given = uses.find(([sort]) => sort === 'model')?.[1] ?? uses.find(([sort]) => sort === 'memory')?.[1]
  const fallback = kind.attaches.some((socket) => socket.sort === 'model') && model ? shortModel(model) : ''
  return [kind.title.toLowerCase(), given ?? fallback].filter(Boolean).join(' · ')
}

function resourceLine(node: DocNode, kind: Kind): string {
  const own = Object.entries(kind.config_schema.properties ?? {}).find(([, schema]) => ['model', 'space', 'folder'].includes(schema.widget ?? ''))
  const value = own ? node.config[own[0]] : undefined
  const word = kind.provides === 'tool' ? 'tool' : kind.title.toLowerCase()
  return typeof value === 'string' && value && value !== node.label ? `${word} · ${own![1].widget === 'model' ? shortModel(value) : value}` : word
}
