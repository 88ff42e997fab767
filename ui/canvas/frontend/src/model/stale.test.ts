import { describe, expect, it } from 'vitest'
import { complete } from './document'
import { applyBatch } from './operations'
import { staleWires } from './stale'
import { KINDS } from './testing'

const doc = complete({
  inputs: { problem: { type: 'text' } },
  nodes: { start: { kind: 'start' }, plan: { kind: 'planning.plan' }, solve: { kind: 'agent', config: { prompt: '{{task}} {{plan}}' } } },
  edges: { data: ['start.problem -> plan.goal', 'start.problem -> solve.task', 'plan.plan -> solve.plan'] },
})

describe('a wire into an input', () => {
  it('stays while the prompt names the variable', () => expect(staleWires(doc, KINDS, 'solve')).toEqual([]))

  it('goes when the prompt names it no more, and the others stay', () => {
    const { document } = applyBatch(doc, [{ op: 'set_config', id: 'solve', key: 'prompt', value: 'Follow {{plan}}.' }])
    const ops = staleWires(document, KINDS, 'solve')
    expect(applyBatch(document, ops).document.edges.data).toEqual(['start.problem -> plan.goal', 'plan.plan -> solve.plan'])
  })

  it('of an unknown kind is left alone', () => expect(staleWires(doc, {}, 'solve')).toEqual([]))
})
