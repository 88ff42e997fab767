/** Adding nodes: where they go, and how they are wired to what is selected. */

import { proposeData, attachedTo, judge, type End } from './connection'
import { completeNode, freeId, type Document, type Point } from './document'
import { formatEdge } from './edges'
import { freePlace, nodeSize, snap } from './geometry'
import type { Kind, Kinds } from './kinds'
import { applyBatch, type Operation } from './operations'
import { portsOf } from './ports'
import { wiresOf } from './wires'

export interface Added {
  id: string
  ops: Operation[]
}

/** A node of `kind` with its top left corner at `at` (in its frame). */
export function addAt(document: Document, kind: Kind, at: Point, parent: string | null = null): Added {
  const id = freeId(kind.title, (taken) => taken in document.nodes)
  const position: Point = [snap(at[0]), snap(at[1])]
  return { id, ops: [{ op: 'add_node', id, node: { kind: kind.kind, version: kind.version, position, ...(parent ? { parent } : {}) } }] }
}

/** A node of `kind` after `after`: flow and the obvious data are wired; a resource is attached to it. */
export function addAfter(document: Document, kinds: Kinds, kind: Kind, after: string | null, centre: Point): Added {
  const node = after ? document.nodes[after] : undefined
  const from = node && kinds[node.kind]
  if (!after || !node || !from || from.kind === 'note') return addFree(document, kinds, kind, centre)
  const [w, h] = nodeSize(after, node, from, document)
  const [x, y] = node.position ?? [0, 0]
  const below = kind.provides !== null || kind.kind === 'note'
  const size = nodeSize('new', completeNode({ kind: kind.kind }), kind, document)
  const wished = below ? { x, y: y + h + 80 } : { x: x + w + 60, y }
  const place = freePlace(document, kinds, { ...wished, w: size[0], h: size[1] }, node.parent)
  const added = addAt(document, kind, place, node.parent)
  const next = applyBatch(document, added.ops).document
  const wiring = kind.provides ? attachTo(next, kinds, added.id, after) : flowAfter(next, kinds, after, added.id)
  return { id: added.id, ops: [...added.ops, ...wiring] }
}

function addFree(document: Document, kinds: Kinds, kind: Kind, centre: Point): Added {
  const [w, h] = nodeSize('new', completeNode({ kind: kind.kind }), kind, document)
  return addAt(document, kind, freePlace(document, kinds, { x: centre[0] - w / 2, y: centre[1] - h / 2, w, h }, null))
}

/** The ops that attach a resource to the first fitting socket with room; none where there is none. */
export function attachTo(document: Document, kinds: Kinds, resource: string, user: string): Operation[] {
  const provides = kinds[document.nodes[resource]!.kind]?.provides
  const socket = kinds[document.nodes[user]!.kind]?.attaches.find(
    (each) => each.sort === provides && (each.many || attachedTo(document, kinds, user, each.name).length === 0))
  if (!socket) return []
  const verdict = judge(document, kinds, { node: resource, sort: 'attach', side: 'out', name: 'self' }, { node: user, sort: 'attach', side: 'in', name: socket.name })
  return verdict.ok ? verdict.ops : []
}

/** Flow from the first free outcome; with none free, the new node goes between and leads on. */
function flowAfter(document: Document, kinds: Kinds, source: string, id: string): Operation[] {
  const node = document.nodes[source]!
  const ports = portsOf(document, node, kinds[node.kind])
  const target = portsOf(document, document.nodes[id]!, kinds[document.nodes[id]!.kind])
  const own = ports.outcomes.filter((name) => name !== 'each')
  if (!own.length || !target.entry) return []
  const taken = (wiresOf(document).from.get(source) ?? []).filter((wire) => wire.sort === 'flow')
  const free = own.find((name) => !taken.some((wire) => wire.sourceHandle === name))
  const outcome = free ?? own[0]!
  const ops: Operation[] = []
  const cut = free ? [] : taken.filter((wire) => wire.sourceHandle === outcome)
  const leads = target.outcomes.filter((name) => name !== 'each')[0]
  for (const wire of leads ? cut : []) {
    ops.push({ op: 'disconnect', sort: 'flow', edge: wire.text })
    ops.push({ op: 'connect', sort: 'flow', edge: formatEdge('flow', { source: id, sourceHandle: leads!, target: wire.target, targetHandle: null }) })
  }
  ops.push({ op: 'connect', sort: 'flow', edge: formatEdge('flow', { source, sourceHandle: outcome, target: id, targetHandle: null }) })
  const next = applyBatch(document, ops).document
  return [...ops, ...proposeData(next, kinds, source, id)]
}

/** Kinds with a handle that fits `from`, and that handle: what is offered when a wire is dropped on empty canvas. */
export function fitting(document: Document, kinds: Kinds, from: End): { kind: Kind; end: Omit<End, 'node'> }[] {
  return Object.values(kinds).flatMap((kind) => {
    const probe = applyBatch(document, [{ op: 'add_node', id: 'zz_probe', node: { kind: kind.kind, parent: document.nodes[from.node]?.parent ?? null } }]).document
    const ports = portsOf(probe, probe.nodes['zz_probe']!, kind)
    const ends: Omit<End, 'node'>[] = from.sort === 'flow'
      ? from.side === 'out' ? (ports.entry ? [{ sort: 'flow', side: 'in', name: 'in' }] : []) : ports.outcomes.slice(0, 1).map((name) => ({ sort: 'flow', side: 'out', name }))
      : from.sort === 'data'
        ? (from.side === 'out' ? ports.inputs : ports.outputs).map((port) => ({ sort: 'data', side: from.side === 'out' ? 'in' : 'out', name: port.name }))
        : from.side === 'in' ? (kind.provides ? [{ sort: 'attach', side: 'out', name: 'self' }] : []) : ports.sockets.map((socket) => ({ sort: 'attach', side: 'in', name: socket.name }))
    const end = ends.find((each) => judge(probe, kinds, from, { ...each, node: 'zz_probe' }).ok)
    return end && kind.dynamic !== 'workflow_inputs' ? [{ kind, end }] : []
  })
}
