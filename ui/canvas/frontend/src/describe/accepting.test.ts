import { describe, expect, it } from 'vitest'
import { complete } from '../model/document'
import { applyBatch } from '../model/operations'
import { KINDS } from '../model/testing'
import { batchOf, preview, withDependants, withNeeds } from './accepting'
import { placed, settled } from './placing'
import type { Item } from './types'

const doc = complete({
  inputs: { task: {} }, outputs: { answer: {} },
  nodes: { start: { kind: 'start', position: [0, 0] }, work: { kind: 'prompt', position: [200, 0] }, finish: { kind: 'finish', position: [500, 0] }, calc: { kind: 'tool.calculator', position: [200, 300] } },
  edges: { flow: ['start -> work', 'work -> finish'], data: ['start.task -> work.task', 'work.answer -> finish.answer'] },
})

function item(id: string, ops: Item['ops'], patch: Partial<Item> = {}): Item {
  return { id, ops, sort: 'changed', words: id, node: null, key: null, before: null, after: null, needs: [], fault: null, mends: false, ...patch }
}

const items = [
  item('1', [{ op: 'add_node', id: 'agent', node: { kind: 'agent' } }], { sort: 'added', node: 'agent' }),
  item('2', [{ op: 'disconnect', sort: 'flow', edge: 'start -> work' }, { op: 'connect', sort: 'flow', edge: 'start -> agent' }], { sort: 'moved', needs: ['1'] }),
  item('3', [{ op: 'connect', sort: 'flow', edge: 'agent -> finish' }], { sort: 'joined', needs: ['1'] }),
  item('4', [{ op: 'disconnect', sort: 'flow', edge: 'work -> finish' }, { op: 'remove_node', id: 'work' }], { sort: 'removed', node: 'work' }),
  item('5', [{ op: 'set_node', id: 'nobody', key: 'label', value: 'x' }], { fault: { what: 'there is no node', mend: '' } }),
]

describe('accepting', () => {
  it('takes what an item needs with it', () => {
    expect(withNeeds(items, ['3'])).toEqual(new Set(['3', '1']))
  })

  it('lets what needs a refused item go, and what needs that', () => {
    const chain = [...items, item('6', [], { needs: ['3'] })]
    expect(withDependants(chain, ['1'])).toEqual(new Set(['1', '2', '3', '6']))
  })

  it('removes a node with the edges it has by then, whatever was refused', () => {
    const alone = applyBatch(doc, batchOf(doc, items, new Set(['4']))).document
    expect(alone.edges).toEqual({ flow: [], data: [], attach: [] })
    const all = applyBatch(doc, batchOf(doc, items, new Set(['1', '2', '3', '4', '5']))).document
    expect(all.edges.flow).toEqual(['start -> agent', 'agent -> finish'])
    expect(Object.keys(all.nodes)).toEqual(['start', 'finish', 'calc', 'agent'])
  })

  it('says so where the workflow has become another', () => {
    const { document } = applyBatch(doc, [{ op: 'add_node', id: 'agent', node: { kind: 'agent' } }])
    expect(() => batchOf(document, items, new Set(['1']))).toThrow()
  })

  it('draws what goes as still there, and leaves out what does not fit any more', () => {
    expect(Object.keys(preview(doc, items).nodes)).toContain('work')
    const { document } = applyBatch(doc, [{ op: 'add_node', id: 'agent', node: { kind: 'agent', label: 'Mine' } }])
    expect(preview(document, items).nodes['agent']!.label).toBe('Mine')
  })
})

describe('placing', () => {
  it('puts a new node where no card is', () => {
    const at = placed(doc, KINDS, items)[0]!.ops[0]!
    const position: readonly [number, number] = at.op === 'add_node' ? at.node.position! : [0, 0]
    expect(position[0]).toBeGreaterThan(0)
    const overlapping = Object.values(doc.nodes).filter((node) => Math.abs(node.position![0] - position[0]) < 60 && Math.abs(node.position![1] - position[1]) < 40)
    expect(overlapping).toEqual([])
  })

  it('gives it the place of the node that goes with it', () => {
    const at = settled(doc, KINDS, placed(doc, KINDS, items), new Set(['1', '2', '3', '4']))[0]!.ops[0]!
    expect(at.op === 'add_node' && at.node.position).toEqual([200, 0])
    const kept = settled(doc, KINDS, items, new Set(['1', '2', '3']))[0]!.ops[0]!
    expect(kept.op === 'add_node' && kept.node.position).toBeUndefined()
  })
})
