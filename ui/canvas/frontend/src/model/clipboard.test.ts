import { expect, it } from 'vitest'
import { copyNodes, pasteClip, readClip } from './clipboard'
import { complete } from './document'
import { applyBatch } from './operations'
import { outline } from './outline'
import { KINDS } from './testing'

const doc = complete({
  nodes: { start: { kind: 'start', label: 'Start' }, plan: { kind: 'planning.plan', position: [100, 0] }, solve: { kind: 'agent', position: [300, 0] }, calc: { kind: 'tool.calculator' } },
  edges: { flow: ['start -> plan', 'plan -> solve'], data: ['plan.plan -> solve.plan'], attach: ['calc -> solve.tools'] },
})

it('pastes with new ids and the inner edges, and leaves the original alone', () => {
  const clip = readClip(JSON.stringify(copyNodes(doc, ['plan', 'solve'])))!
  const pasted = pasteClip(doc, clip, [40, 40])
  const after = applyBatch(doc, pasted.ops).document
  expect(pasted.ids).toEqual(['plan_2', 'solve_2'])
  expect(after.edges.flow).toEqual(['start -> plan', 'plan -> solve', 'plan_2 -> solve_2'])
  expect(after.edges.data).toContain('plan_2.plan -> solve_2.plan')
  expect(after.edges.attach).toEqual(['calc -> solve.tools'])
  expect(after.nodes['plan_2']!.position).toEqual([140, 40])
})

it('reads nothing from a clipboard that holds something else', () => {
  expect(readClip('hello')).toBeNull()
  expect(readClip('{"a": 1}')).toBeNull()
  expect(readClip('null')).toBeNull()
})

it('writes the graph as lines in flow order', () => {
  const lines = outline(doc, KINDS).map((line) => line.text)
  expect(lines[0]).toBe('1. Start, start. Then Plan.')
  expect(lines[1]).toMatch(/^2\. Plan, plan\..*Out: plan to Agent\. Then Agent\./)
  expect(lines[2]).toMatch('Uses Calculator.')
})
