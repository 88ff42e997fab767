import { describe, expect, it } from 'vitest'
import { complete, type Document } from './document'
import { applyBatch, OperationError, removal, type Operation } from './operations'
import { EDGE_SORTS } from './edges'

/** Mulberry32: the same numbers for the same seed, so that a failure can be seen again. */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const NAMES = ['a', 'b', 'c', 'd', 'e']

function anyOperation(doc: Document, next: () => number): Operation {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!
  const id = pick(NAMES)
  const sort = pick(EDGE_SORTS)
  const value = pick<unknown>([1, 'x', null, [1, 2], { k: 'v' }, true])
  return pick<() => Operation>([
    () => ({ op: 'add_node', id, node: { kind: 'prompt', config: { n: next() }, position: [next() * 100, 0], parent: pick([null, 'a']) } }),
    () => ({ op: 'remove_node', id }),
    () => ({ op: 'move_node', id, position: pick([null, [1, 2]]), ...(next() > 0.5 ? { size: pick([null, [3, 4]]) } : {}) }),
    () => ({ op: 'set_config', id, key: pick(['p', 'q']), ...(next() > 0.3 ? { value } : {}) }),
    () => ({ op: 'set_node', id, key: pick(['label', 'note']), value: String(next()) }),
    () => ({ op: 'connect', sort, edge: `${id}.x -> ${pick(NAMES)}.y`, ...(next() > 0.6 ? { at: Math.floor(next() * 3) } : {}) }),
    () => ({ op: 'disconnect', sort, edge: pick(doc.edges[sort].length ? doc.edges[sort] : ['a -> b']) }),
    () => ({ op: 'set_meta', key: pick(['title', 'summary']), value: String(next()) }),
    () => ({ op: 'set_input', name: pick(NAMES), value: pick([null, { type: 'number' }]) }),
    () => ({ op: 'set_output', name: pick(NAMES), value: pick([null, { type: 'text', title: '' }]) }),
    () => ({ op: 'set_state', name: pick(NAMES), value: pick([null, { type: 'any', reducer: 'last', default: 1 }]) }),
    () => ({ op: 'set_limit', key: pick(['steps', 'usd']), value: pick([null, 3]) }),
  ])()
}

describe('operations', () => {
  it('are undone by their inverse, for any batch that fits', () => {
    let fitted = 0
    for (let seed = 1; seed <= 400; seed++) {
      const next = random(seed)
      let doc = complete({ nodes: { a: { kind: 'start' }, b: { kind: 'finish' } } })
      for (let count = 0; count < 30; count++) {
        const batch = Array.from({ length: 1 + Math.floor(next() * 3) }, () => anyOperation(doc, next))
        try {
          const { document, inverse } = applyBatch(doc, batch)
          expect(applyBatch(document, inverse).document).toEqual(doc)
          doc = document
          fitted += 1
        } catch (error) {
          if (!(error instanceof OperationError)) throw error
        }
      }
    }
    expect(fitted).toBeGreaterThan(3000)
  })

  it('leave the document as it was when one of a batch does not fit', () => {
    const doc = complete({ nodes: { a: { kind: 'start' } } })
    const before = structuredClone(doc)
    expect(() => applyBatch(doc, [{ op: 'set_meta', key: 'title', value: 'New' }, { op: 'remove_node', id: 'z' }])).toThrow('no node z')
    expect(doc).toEqual(before)
  })

  it('keep an unset setting apart from one set to null', () => {
    const doc = complete({ nodes: { a: { kind: 'prompt' } } })
    const { document, inverse } = applyBatch(doc, [{ op: 'set_config', id: 'a', key: 'k', value: null }])
    expect(document.nodes['a']!.config).toEqual({ k: null })
    expect(inverse).toEqual([{ op: 'set_config', id: 'a', key: 'k' }])
  })

  it('put an edge back at its place', () => {
    const doc = complete({ nodes: { a: { kind: 'x' }, b: { kind: 'y' } }, edges: { flow: ['a -> b', 'b -> a', 'a.x -> b'] } })
    const { document, inverse } = applyBatch(doc, [{ op: 'disconnect', sort: 'flow', edge: 'b -> a' }])
    expect(document.edges.flow).toEqual(['a -> b', 'a.x -> b'])
    expect(applyBatch(document, inverse).document.edges.flow).toEqual(doc.edges.flow)
  })

  it('take a frame away with its body and every edge that touches them', () => {
    const doc = complete({
      nodes: { f: { kind: 'control.for_each' }, g: { kind: 'control.for_each', parent: 'f' }, b: { kind: 'prompt', parent: 'g' }, z: { kind: 'finish' } },
      edges: { flow: ['f.each -> g', 'g.each -> b', 'f -> z'], data: ['g.item -> b.x'] },
    })
    const after = applyBatch(doc, removal(doc, ['f'])).document
    expect(Object.keys(after.nodes)).toEqual(['z'])
    expect(after.edges).toEqual({ flow: [], data: [], attach: [] })
  })
})
