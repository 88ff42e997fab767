import { describe, expect, it } from 'vitest'
import { addAfter } from './adding'
import { candidates, judge, meetsParallel, offers, proposeData, type End } from './connection'
import { complete } from './document'
import { applyBatch } from './operations'
import { KINDS } from './testing'

const doc = complete({
  inputs: { problem: { type: 'text' } }, outputs: { answer: { type: 'text' } },
  nodes: {
    start: { kind: 'start', position: [0, 0] }, plan: { kind: 'planning.plan' }, keep: { kind: 'memory.remember' }, solve: { kind: 'agent', config: { prompt: '{{problem}} {{plan}}' } },
    each: { kind: 'control.for_each' }, body: { kind: 'prompt', parent: 'each' }, space: { kind: 'resource.memory_space' }, calc: { kind: 'tool.calculator' }, finish: { kind: 'finish' },
  },
  edges: { flow: ['start -> plan'], data: ['start.problem -> plan.goal'] },
})
const end = (node: string, handle: string): End => {
  const [sort, side, name] = handle.split(' ') as [End['sort'], End['side'], string]
  return { node, sort, side, name }
}
const why = (from: End, to: End): string => {
  const verdict = judge(doc, KINDS, from, to)
  return verdict.ok ? '' : verdict.why
}

describe('a connection', () => {
  it('is refused with the types in words, and a Prompt is offered between', () => {
    const verdict = judge(doc, KINDS, end('plan', 'data out plan'), end('keep', 'data in text'))
    expect(verdict).toMatchObject({ ok: false, why: 'Plan gives a plan, Remember takes text. Add a Prompt between?' })
    if (verdict.ok) throw new Error('refused')
    const mended = applyBatch(doc, verdict.mend!.ops).document
    expect(mended.edges.data).toEqual(expect.arrayContaining(['plan.plan -> plan_as_text.plan', 'plan_as_text.answer -> keep.text']))
    expect(mended.edges.flow).toEqual(expect.arrayContaining(['plan -> plan_as_text', 'plan_as_text -> keep']))
  })

  it('may be drawn from either end', () => {
    const forth = judge(doc, KINDS, end('plan', 'flow out done'), end('solve', 'flow in in'))
    const back = judge(doc, KINDS, end('solve', 'flow in in'), end('plan', 'flow out done'))
    expect(forth.ok && back.ok && forth.ops).toEqual(back.ok && back.ops)
  })

  it('says what is wrong with two ways in, a mixed pair, an arrow across a frame, and what is joined already', () => {
    expect(why(end('plan', 'data in goal'), end('solve', 'flow in in'))).toMatch('Both are ways in')
    expect(why(end('plan', 'flow out done'), end('solve', 'data in plan'))).toMatch('wants data')
    expect(why(end('plan', 'flow out done'), end('body', 'flow in in'))).toMatch('cannot cross the border')
    expect(why(end('start', 'flow out done'), end('plan', 'flow in in'))).toMatch('joined already')
    expect(why(end('plan', 'flow out done'), end('start', 'flow in in'))).toMatch('Nothing can lead into')
  })

  it('keeps what a frame hands out inside the frame', () => {
    expect(why(end('each', 'data out item'), end('solve', 'data in plan'))).toMatch('only there inside')
    expect(judge(doc, KINDS, end('each', 'data out item'), end('body', 'data in task')).ok).toBe(true)
    expect(why(end('each', 'flow out each'), end('plan', 'flow in in'))).toMatch('inside the frame first')
  })

  it('attaches a resource to a socket of its sort only', () => {
    expect(judge(doc, KINDS, end('space', 'attach out self'), end('keep', 'attach in memory')).ok).toBe(true)
    expect(why(end('calc', 'attach out self'), end('keep', 'attach in memory'))).toMatch('takes a memory')
  })

  it('offers to swap what a full socket holds', () => {
    const full = applyBatch(doc, [{ op: 'add_node', id: 'other', node: { kind: 'resource.memory_space' } }, { op: 'connect', sort: 'attach', edge: 'other -> keep' }]).document
    const verdict = judge(full, KINDS, end('space', 'attach out self'), end('keep', 'attach in memory'))
    expect(verdict).toMatchObject({ ok: false, mend: { ops: [{ op: 'disconnect', edge: 'other -> keep' }, { op: 'connect', edge: 'space -> keep.memory' }] } })
  })
})

it('proposes the obvious data for an arrow: by name from upstream, by type from the source', () => {
  expect(proposeData(doc, KINDS, 'plan', 'solve')).toEqual([
    { op: 'connect', sort: 'data', edge: 'start.problem -> solve.problem' },
    { op: 'connect', sort: 'data', edge: 'plan.plan -> solve.plan' },
  ])
  expect(proposeData(doc, KINDS, 'solve', 'keep')).toEqual([{ op: 'connect', sort: 'data', edge: 'solve.answer -> keep.text' }])
})

it('offers only what is upstream and fits', () => {
  const wired = applyBatch(doc, [{ op: 'connect', sort: 'flow', edge: 'plan -> solve' }]).document
  expect(offers(wired, KINDS, 'solve', 'text').map(({ node, port }) => `${node}.${port.name}`)).toEqual(['start.problem'])
})

it('notices branches that run at the same time and meet without a join', () => {
  const fork = complete({ nodes: { s: { kind: 'start' }, a: { kind: 'agent' }, b: { kind: 'agent' }, z: { kind: 'finish' } }, edges: { flow: ['s -> a', 's -> b', 'a -> z'] } })
  expect(meetsParallel(fork, 'b', 'z')).toBe(true)
  const route = complete({ nodes: { s: { kind: 'control.route' }, a: { kind: 'agent' }, b: { kind: 'agent' }, z: { kind: 'finish' } }, edges: { flow: ['s.yes -> a', 's.else -> b', 'a -> z'] } })
  expect(meetsParallel(route, 'b', 'z')).toBe(false)
})

it('lists every handle that a wire may end at, each of which is then accepted', () => {
  const found = candidates(doc, KINDS, end('plan', 'data out plan'))
  expect(found.map(({ end: to }) => `${to.node}.${to.name}`)).toEqual(['solve.problem', 'solve.plan', 'body.task'])
})

it('adds a node between what is joined already, with flow and data', () => {
  const added = addAfter(doc, KINDS, KINDS['agent']!, 'start', [0, 0])
  const after = applyBatch(doc, added.ops).document
  expect(after.edges.flow).toEqual(['agent -> plan', 'start -> agent'])
  expect(after.nodes['agent']!.position![0]).toBeGreaterThan(96)
})
