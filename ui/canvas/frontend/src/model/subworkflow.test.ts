import * as dagre from '@dagrejs/dagre'
import { expect, it } from 'vitest'
import { layoutOps } from '../build/canvas/layout'
import { addAfter, fitting } from './adding'
import { judge, type End } from './connection'
import { complete } from './document'
import { nodeRect, nodeSize, overlaps } from './geometry'
import { applyBatch } from './operations'
import { outline } from './outline'
import { portsOf } from './ports'
import { kind, KINDS, socket } from './testing'

const doc = complete({
  nodes: {
    start: { kind: 'start' }, search: { kind: 'search.best_first' }, chat: { kind: 'teams.group_chat' }, frame: { kind: 'resource.subworkflow' }, solver: { kind: 'resource.role' },
    space: { kind: 'resource.memory_space' }, calc: { kind: 'tool.calculator' }, inner: { kind: 'search.best_first', parent: 'frame' }, own: { kind: 'resource.subworkflow', config: { takes: [{ name: 'x', type: 'number' }] } },
  },
  edges: { flow: ['start -> search', 'search -> chat'], attach: ['solver -> chat.roles', 'space -> solver.memory', 'calc -> solver.tools'] },
})
const self = (node: string): End => ({ node, sort: 'attach', side: 'out', name: 'self' })
const at = (node: string, name: string): End => ({ node, sort: 'attach', side: 'in', name })

it('gives an untouched frame the ports of the socket it is attached to', () => {
  const verdict = judge(doc, KINDS, self('frame'), at('search', 'propose'))
  if (!verdict.ok) throw new Error(verdict.why)
  const next = applyBatch(doc, verdict.ops).document
  expect(next.edges.attach).toContain('frame -> search.propose')
  const ports = portsOf(next, next.nodes['frame']!, KINDS['resource.subworkflow'])
  expect(ports.outputs).toMatchObject([{ name: 'state', type: 'text' }])
  expect(ports.inputs).toMatchObject([{ name: 'candidates', type: 'list[text]' }])
  expect([ports.frameOutputs, ports.frameInputs, ports.outcomes]).toEqual([['state'], ['candidates'], ['each']])
})

it('leaves the ports of a frame alone that somebody has set', () => {
  expect(judge(doc, KINDS, self('own'), at('search', 'propose'))).toMatchObject({ ok: true, ops: [{ op: 'connect' }] })
})

it('refuses to attach a frame to a node inside it, and a role to a socket for tools', () => {
  expect(judge(doc, KINDS, self('frame'), at('inner', 'propose'))).toMatchObject({ ok: false, why: 'Best-first search stands inside Sub-workflow: it cannot use what it is a part of.' })
  expect(judge(doc, KINDS, self('solver'), at('search', 'propose'))).toMatchObject({ ok: false, why: 'Role is a role; the propose socket of Best-first search takes a workflow.' })
})

it('attaches a resource to a resource', () => {
  expect(judge(doc, KINDS, self('space'), at('own', 'propose')).ok).toBe(false)
  expect(judge(complete({ ...doc, edges: {} }), KINDS, self('space'), at('solver', 'memory')).ok).toBe(true)
})

it('offers a frame for a wire out of a socket for a sub-workflow, and a role for one for roles', () => {
  expect(fitting(doc, KINDS, at('search', 'propose')).map(({ kind }) => kind.kind)).toEqual(['resource.subworkflow'])
  expect(fitting(doc, KINDS, at('chat', 'roles')).map(({ kind }) => kind.kind)).toEqual(['resource.role'])
})

it('adds a frame below the selected node, attached and shaped', () => {
  const added = addAfter(doc, KINDS, KINDS['resource.subworkflow']!, 'search', [0, 0])
  expect(added.ops.map((op) => op.op)).toEqual(['add_node', 'set_config', 'set_config', 'connect'])
})

it('reads the ports of a frame from its settings, skipping what is no port', () => {
  const odd = complete({ nodes: { f: { kind: 'resource.subworkflow', config: { takes: [{ name: 'a', type: 'nonsense' }, { name: '' }, null, { name: 'a', type: 'text' }, { type: 'text' }], gives: 'no list' } } } })
  const ports = portsOf(odd, odd.nodes['f']!, KINDS['resource.subworkflow'])
  expect(ports.outputs).toEqual([{ name: 'a', type: 'any', description: '', required: true }])
  expect(ports.inputs).toEqual([])
})

it('lays resources of a role below the role, and a frame below its user, without overlap', () => {
  const joined = applyBatch(doc, [{ op: 'connect', sort: 'attach', edge: 'frame -> search.propose' }]).document
  const tidy = applyBatch(joined, layoutOps(joined, KINDS, dagre, 2000)).document
  const top = (id: string): number => nodeRect(tidy, KINDS, id).y
  expect(top('chat') < top('solver') && top('solver') < top('space') && top('search') < top('frame')).toBe(true)
  const rects = ['start', 'search', 'chat', 'frame', 'solver', 'space', 'calc', 'own'].map((id) => nodeRect(tidy, KINDS, id))
  rects.forEach((one, index) => rects.slice(index + 1).forEach((two) => expect(overlaps(one, two)).toBe(false)))
})

it('makes room on a role for the names of its sockets', () => {
  expect(nodeSize('solver', doc.nodes['solver']!, KINDS['resource.role'], doc)).toEqual([208, 66])
})

it('says in the outline what a role uses and whom it serves', () => {
  expect(outline(doc, KINDS).find((line) => line.id === 'solver')?.text).toBe('Role, role. Uses Memory space and Calculator. Given to Group chat.')
  expect(outline(doc, KINDS).find((line) => line.id === 'inner')?.depth).toBe(1)
})

it('keeps data inside a sub-workflow, and attachments out of a circle', () => {
  const wired = complete({
    nodes: { start: { kind: 'start' }, frame: { kind: 'resource.subworkflow' }, body: { kind: 'prompt', parent: 'frame' }, plan: { kind: 'planning.plan' }, one: { kind: 'tool.wrap' }, two: { kind: 'tool.wrap' } },
    inputs: { q: { type: 'text' } }, edges: { attach: ['one -> two.tools'] },
  })
  const kinds = { ...KINDS, 'tool.wrap': kind('tool.wrap', { title: 'Wrap', provides: 'tool', attaches: [socket('tools', 'tool', { many: true })] }) }
  const data = (node: string, side: 'in' | 'out', name: string): End => ({ node, sort: 'data', side, name })
  expect(judge(wired, kinds, data('start', 'out', 'q'), data('body', 'in', 'task'))).toMatchObject({ ok: false, why: expect.stringMatching('given only what it takes') })
  expect(judge(wired, kinds, data('body', 'out', 'answer'), data('plan', 'in', 'goal'))).toMatchObject({ ok: false, why: expect.stringMatching('goes out through what it gives') })
  expect(judge(wired, kinds, data('frame', 'out', 'task'), data('body', 'in', 'task')).ok).toBe(true)
  expect(judge(wired, kinds, data('body', 'out', 'answer'), data('frame', 'in', 'result')).ok).toBe(true)
  expect(judge(wired, kinds, self('two'), at('one', 'tools'))).toMatchObject({ ok: false, why: 'Wrap uses Wrap already: attachments cannot go round in a circle.' })
})
