/** What may be joined and, where not, why, in words; with the mend where there is one. */

import { completeNode, freeId, nodeName, type Document, type Point } from './document'
import { formatEdge, type EdgeSort } from './edges'
import type { Kinds, Port } from './kinds'
import type { Operation } from './operations'
import { canFail, portsOf, type Ports } from './ports'
import { isInside, serves, shapeOps, subworkflowOf } from './subworkflow'
import { fits, spokenType } from './types'
import { upstream, wiresOf } from './wires'

/** One handle of one node. `name` is the outcome, port or socket; an entry is `in`, a resource's `self`. */
export interface End {
  node: string
  sort: EdgeSort
  side: 'in' | 'out'
  name: string
}

export type Verdict =
  | { ok: true; ops: Operation[]; label: string }
  | { ok: false; why: string; mend?: { title: string; ops: Operation[] } }

export function handleId(end: Omit<End, 'node'>): string {
  return `${end.sort}-${end.side}-${end.name}`
}

export function parseHandle(node: string, id: string | null | undefined): End | null {
  const match = /^(flow|data|attach)-(in|out)-(.+)$/.exec(id ?? '')
  return match ? { node, sort: match[1] as EdgeSort, side: match[2] as 'in' | 'out', name: match[3]! } : null
}

const no = (why: string, mend?: { title: string; ops: Operation[] }): Verdict => (mend ? { ok: false, why, mend } : { ok: false, why })

/** Whether the two handles may be joined, in whichever order they come. */
export function judge(document: Document, kinds: Kinds, one: End, two: End): Verdict {
  if (one.side === two.side) return no(one.side === 'in' ? 'Both are ways in. Start from a way out.' : 'Both are ways out. End at a way in.')
  const [from, to] = one.side === 'out' ? [one, two] : [two, one]
  const scene = new Scene(document, kinds)
  if (from.node === to.node) return no(`${scene.name(from.node)} cannot be joined to itself.`)
  if (from.sort !== to.sort) return no(mixed(scene, from, to))
  if (from.sort === 'flow') return judgeFlow(scene, from, to)
  return from.sort === 'data' ? judgeData(scene, from, to) : judgeAttach(scene, from, to)
}

class Scene {
  constructor(readonly document: Document, readonly kinds: Kinds) {}
  kind(id: string) {
    return this.kinds[this.document.nodes[id]?.kind ?? '']
  }
  ports(id: string): Ports {
    return portsOf(this.document, this.document.nodes[id]!, this.kind(id))
  }
  name(id: string): string {
    return nodeName(id, this.document.nodes[id], this.kind(id)?.title)
  }
  parent(id: string): string | null {
    return this.document.nodes[id]?.parent ?? null
  }
}

function mixed(scene: Scene, from: End, to: End): string {
  if (from.sort === 'attach') return `${scene.name(from.node)} is attached from below: drop it on a half-round socket.`
  if (to.sort === 'attach') return `${scene.name(to.node)}’s ${to.name} socket takes a resource, not ${from.sort === 'flow' ? 'flow' : 'data'}.`
  return from.sort === 'flow'
    ? `An arrow says what runs next; “${to.name}” wants data. Drop it on the chevron of ${scene.name(to.node)}.`
    : `“${from.name}” is data; drop it on a port of ${scene.name(to.node)}, not on its chevron.`
}

function joined(sort: EdgeSort, from: End, to: End): { edge: string; op: Operation } {
  const edge = formatEdge(sort, {
    source: from.node, sourceHandle: sort === 'attach' ? null : from.name,
    target: to.node, targetHandle: sort === 'flow' ? null : to.name,
  })
  return { edge, op: { op: 'connect', sort, edge } }
}

function judgeFlow(scene: Scene, from: End, to: End): Verdict {
  const { document } = scene
  const { edge, op } = joined('flow', from, to)
  if (!scene.ports(to.node).entry) return no(`Nothing can lead into ${scene.name(to.node)}.`)
  if (document.edges.flow.includes(edge)) return no('These two are joined already.')
  const each = from.name === 'each' && scene.kind(from.node)?.frame
  if (each && scene.parent(to.node) !== from.node)
    return no(`“each” leads into ${scene.name(from.node)}. Put ${scene.name(to.node)} inside the frame first.`)
  if (!each && scene.parent(from.node) !== scene.parent(to.node))
    return no('An arrow cannot cross the border of a frame. The frame’s own outcomes go on from there.')
  const data = proposeData(document, scene.kinds, from.node, to.node)
  return { ok: true, ops: [op, ...data], label: `Join ${scene.name(from.node)} to ${scene.name(to.node)}` }
}

function judgeData(scene: Scene, from: End, to: End): Verdict {
  const { document } = scene
  const { edge, op } = joined('data', from, to)
  if (document.edges.data.includes(edge)) return no('These two are joined already.')
  const source = scene.ports(from.node)
  const target = scene.ports(to.node)
  const inside = (frame: string, other: string): boolean => scene.parent(other) === frame
  if (source.frameOutputs.includes(from.name) && !inside(from.node, to.node))
    return no(`“${from.name}” is only there inside ${scene.name(from.node)}.`)
  if (target.frameInputs.includes(to.name) && !inside(to.node, from.node))
    return no(`“${to.name}” is collected from nodes inside ${scene.name(to.node)}.`)
  const closed = walled(scene, from.node, to.node)
  if (closed) return no(closed)
  const out = source.outputs.find((port) => port.name === from.name)
  const into = target.inputs.find((port) => port.name === to.name)
  if (!out || !into) return no('That port is not there any more.')
  if (!fits(out.type, into.type)) return mismatch(scene, from, to, out, into)
  return { ok: true, ops: [op], label: `Join ${scene.name(from.node)}’s ${from.name} to ${scene.name(to.node)}` }
}

/** Why no data crosses the border of a sub-workflow: it may be used in several places, and knows only its own ports. */
function walled(scene: Scene, from: string, to: string): string | null {
  const [ours, theirs] = [subworkflowOf(scene.document, scene.kinds, from), subworkflowOf(scene.document, scene.kinds, to)]
  if (theirs !== null && ours !== theirs && from !== theirs) return `${scene.name(to)} stands in ${scene.name(theirs)}, which is given only what it takes: add “takes” to its settings and read that.`
  return ours !== null && ours !== theirs && to !== ours ? `${scene.name(from)} stands in ${scene.name(ours)}: what is made there goes out through what it gives.` : null
}

function mismatch(scene: Scene, from: End, to: End, out: Port, into: Port): Verdict {
  const why = `${scene.name(from.node)} gives ${spokenType(out.type)}, ${scene.name(to.node)} takes ${spokenType(into.type)}.`
  const prompt = scene.kinds['prompt']
  const { document } = scene
  const probe = prompt && portsOf(document, completeNode({ kind: prompt.kind }), prompt)
  const answer = probe?.outputs.find((port) => fits(port.type, into.type) && port.type !== 'any')
  if (!prompt || !answer) return no(why)
  const id = freeId(`${from.name} as ${into.type}`, (taken) => taken in document.nodes)
  const a = document.nodes[from.node]!.position ?? ([0, 0] as Point)
  const b = document.nodes[to.node]!.position ?? ([0, 0] as Point)
  const field = prompt.template_fields[0] ?? 'prompt'
  const ops: Operation[] = [
    { op: 'add_node', id, node: { kind: 'prompt', config: { [field]: `Write this as ${into.type}:\n\n{{${from.name}}}` },
      parent: scene.parent(to.node), position: [Math.round((a[0] + b[0]) / 2), Math.round((a[1] + b[1]) / 2) + 120] } },
    ...between(document, from.node, to.node, id),
    { op: 'connect', sort: 'data', edge: `${from.node}.${from.name} -> ${id}.${from.name}` },
    { op: 'connect', sort: 'data', edge: `${id}.${answer.name} -> ${to.node}.${to.name}` },
  ]
  return no(`${why} Add a Prompt between?`, { title: 'Add a Prompt between', ops })
}

/** Put a node into the flow edge between two nodes, or lead to it where there is none. */
function between(document: Document, source: string, target: string, id: string): Operation[] {
  const direct = (wiresOf(document).from.get(source) ?? []).find((wire) => wire.sort === 'flow' && wire.target === target)
  const cut: Operation[] = direct ? [{ op: 'disconnect', sort: 'flow', edge: direct.text }] : []
  const lead: Operation[] = direct
    ? [{ op: 'connect', sort: 'flow', edge: formatEdge('flow', { ...direct, target: id }) }]
    : [{ op: 'connect', sort: 'flow', edge: `${source} -> ${id}` }]
  return [...cut, ...lead, { op: 'connect', sort: 'flow', edge: `${id} -> ${target}` }]
}

function judgeAttach(scene: Scene, from: End, to: End): Verdict {
  const provides = scene.kind(from.node)?.provides
  const socket = scene.ports(to.node).sockets.find((each) => each.name === to.name)
  if (!socket || !provides) return no('That socket is not there any more.')
  const { edge, op } = joined('attach', from, to)
  if (socket.sort !== provides) return no(`${scene.name(from.node)} is a ${provides}; the ${to.name} socket of ${scene.name(to.node)} takes a ${socket.sort}.`)
  if (isInside(scene.document, to.node, from.node)) return no(`${scene.name(to.node)} stands inside ${scene.name(from.node)}: it cannot use what it is a part of.`)
  if (serves(scene.document, to.node, from.node)) return no(`${scene.name(from.node)} uses ${scene.name(to.node)} already: attachments cannot go round in a circle.`)
  const there = attachedTo(scene.document, scene.kinds, to.node, to.name)
  if (there.some((wire) => wire.source === from.node)) return no('It is attached already.')
  if (!socket.many && there[0]) {
    const swap: Operation[] = [{ op: 'disconnect', sort: 'attach', edge: there[0].text }, op, ...shapeOps(scene.document, scene.kind(from.node), from.node, socket)]
    return no(`${scene.name(to.node)} has a ${socket.name} already: ${scene.name(there[0].source)}.`, { title: 'Use this one instead', ops: swap })
  }
  const shape = shapeOps(scene.document, scene.kind(from.node), from.node, socket)
  return { ok: true, ops: [...shape, { op: 'connect', sort: 'attach', edge }], label: `Attach ${scene.name(from.node)} to ${scene.name(to.node)}` }
}

/** The attach edges of a socket, also those that leave its name out. */
export function attachedTo(document: Document, kinds: Kinds, node: string, socket: string) {
  const sockets = kinds[document.nodes[node]?.kind ?? '']?.attaches ?? []
  const sort = sockets.find((each) => each.name === socket)?.sort
  return (wiresOf(document).to.get(node) ?? []).filter((wire) => {
    if (wire.sort !== 'attach') return false
    return wire.targetHandle ? wire.targetHandle === socket : kinds[document.nodes[wire.source]?.kind ?? '']?.provides === sort
  })
}

/** The obvious data edges for a flow edge: by name and type from anything upstream, else by type from the source. */
export function proposeData(document: Document, kinds: Kinds, source: string, target: string): Operation[] {
  const scene = new Scene(document, kinds)
  const fed = new Set((wiresOf(document).to.get(target) ?? []).filter((wire) => wire.sort === 'data').map((wire) => wire.targetHandle))
  const ports = scene.ports(target)
  const open = ports.inputs.filter((port) => !fed.has(port.name) && !ports.frameInputs.includes(port.name))
  const order = [source, ...[...upstream(document, source)].filter((id) => id !== source && id !== target)]
  const usable = order.filter((id) => document.nodes[id]).map((id) => ({ id, outputs: reachable(scene, id, target) }))
  const used = new Set<string>()
  return open.flatMap((port) => {
    const found = byName(usable, port) ?? (port.required ? byType(scene, usable, port, used) : null)
    if (found) used.add(found)
    return found ? [{ op: 'connect', sort: 'data', edge: `${found} -> ${target}.${port.name}` } as Operation] : []
  })
}

interface Source { id: string; outputs: Port[] }

function reachable(scene: Scene, id: string, target: string): Port[] {
  const ports = scene.ports(id)
  const inside = scene.parent(target) === id
  return ports.outputs.filter((port) => ports.frameOutputs.includes(port.name) === inside)
}

function byName(sources: Source[], port: Port): string | null {
  for (const { id, outputs } of sources)
    if (outputs.some((out) => out.name === port.name && fits(out.type, port.type))) return `${id}.${port.name}`
  return null
}

/** For a port no name matches: the one output of the source that fits it exactly, else the one of what is before. */
function byType(scene: Scene, sources: Source[], port: Port, used: ReadonlySet<string>): string | null {
  const only = ({ id, outputs }: Source, type: string): string | null => {
    const exact = type === 'any' ? outputs : outputs.filter((out) => out.type === type)
    return exact.length === 1 && !used.has(`${id}.${exact[0]!.name}`) ? `${id}.${exact[0]!.name}` : null
  }
  const [nearest, ...far] = sources
  if (!nearest) return null
  const direct = only(nearest, port.type)
  if (direct) return direct
  if (port.type !== 'any') {
    const found = far.flatMap((source) => only(source, port.type) ?? [])
    return found.length === 1 ? found[0]! : null
  }
  // A variable takes anything: what a model just wrote, else what the run began with.
  const writes = scene.kind(nearest.id)?.model_calls !== 'none'
  const start = far.find(({ id }) => scene.kind(id)?.dynamic === 'workflow_inputs')
  return (writes ? only(nearest, 'text') : null) ?? (start ? only(start, 'any') : null)
}

/** Outputs upstream of a node that fit a type: what the variable picker offers. */
export function offers(document: Document, kinds: Kinds, target: string, type: string): { node: string; port: Port }[] {
  const scene = new Scene(document, kinds)
  const before = [...upstream(document, target)].filter((id) => id !== target && document.nodes[id])
  return before.flatMap((id) => reachable(scene, id, target).filter((port) => fits(port.type, type)).map((port) => ({ node: id, port })))
}

/** Whether a new arrow into `target` meets a branch that runs at the same time: then a Join should stand between. */
export function meetsParallel(document: Document, source: string, target: string): boolean {
  const { from, to } = wiresOf(document)
  const rivals = (to.get(target) ?? []).filter((wire) => wire.sort === 'flow' && wire.source !== source).map((wire) => wire.source)
  if (!rivals.length) return false
  const mine = new Set([source, ...upstream(document, source)])
  const forks = [...mine].flatMap((id) => {
    const ways = (from.get(id) ?? []).filter((wire) => wire.sort === 'flow')
    return ways.filter((wire) => ways.some((other) => other !== wire && other.sourceHandle === wire.sourceHandle))
  })
  return forks.some((fork) => rivals.some((rival) => {
    const reaches = fork.target === rival || upstream(document, rival).has(fork.target)
    return reaches && !(mine.has(fork.target) || fork.target === source)
  }))
}

/** Every handle of the document that `from` may be joined to, in reading order: for wiring by keyboard. */
export function candidates(document: Document, kinds: Kinds, from: End): { end: End; verdict: Verdict & { ok: true } }[] {
  const found: { end: End; verdict: Verdict & { ok: true } }[] = []
  for (const id of Object.keys(document.nodes))
    for (const end of endsOf(document, kinds, id)) {
      const verdict = judge(document, kinds, from, end)
      if (verdict.ok) found.push({ end, verdict })
    }
  return found
}

export function endsOf(document: Document, kinds: Kinds, id: string): End[] {
  const node = document.nodes[id]
  const kind = kinds[node?.kind ?? '']
  if (!node || !kind) return []
  const ports = portsOf(document, node, kind)
  const make = (sort: EdgeSort, side: 'in' | 'out') => (name: string): End => ({ node: id, sort, side, name })
  return [
    ...(ports.entry ? [make('flow', 'in')('in')] : []),
    ...[...ports.outcomes, ...(canFail(kind) ? ['error'] : [])].map(make('flow', 'out')),
    ...ports.inputs.map((port) => port.name).map(make('data', 'in')),
    ...ports.outputs.map((port) => port.name).map(make('data', 'out')),
    ...ports.sockets.map((socket) => socket.name).map(make('attach', 'in')),
    ...(kind.provides ? [make('attach', 'out')('self')] : []),
  ]
}
