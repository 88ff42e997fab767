import { describe, expect, it } from 'vitest'
import type { DocumentChange } from '../compare/types'
import { complete } from '../model/document'
import { marked, wordsOf } from './marks'

const change = (sort: string, rest: Partial<DocumentChange>): DocumentChange => ({ sort, what: '', node: null, key: null, before: null, after: null, ...rest })
const before = complete({ nodes: { start: { kind: 'start' }, work: { kind: 'agent' }, old: { kind: 'note' } }, edges: { flow: ['start -> work', 'work.done -> old'] } })

describe('two documents as one graph', () => {
  it('marks what is new, gone and changed, and keeps what is gone', () => {
    const after = complete({ nodes: { start: { kind: 'start' }, work: { kind: 'agent', config: { a: 1 } }, fresh: { kind: 'agent' } }, edges: { flow: ['start -> work', 'work -> fresh'] } })
    const found = marked(before, after, [change('setting', { node: 'work', key: 'a' })])
    expect(Object.fromEntries(found.marks)).toEqual({ start: 'same', work: 'changed', fresh: 'added', old: 'removed' })
    expect(Object.keys(found.document.nodes)).toContain('old')
    expect(found.edges.map((each) => `${each.mark} ${each.edge.source}>${each.edge.target}`)).toEqual(['same start>work', 'added work>fresh', 'removed work>old'])
  })

  it('takes an edge spelled with its outcome for the same edge', () => {
    const after = complete({ nodes: before.nodes, edges: { flow: ['start.done -> work', 'work -> old'] } })
    expect(marked(before, after, []).edges.map((each) => each.mark)).toEqual(['same', 'same'])
  })

  it('tells a moved edge by its change, at both places', () => {
    const after = complete({ nodes: before.nodes, edges: { flow: ['start -> old', 'work -> old'] } })
    const moved = change('edge_moved', { key: 'flow', before: 'start.done -> work', after: 'start.done -> old' })
    const found = marked(before, after, [moved])
    expect(found.edges.map((each) => each.mark)).toEqual(['moved', 'same', 'left'])
    expect([...found.changes.keys()].sort()).toEqual(['old', 'start', 'work'])
    expect(found.marks.get('start')).toBe('same')
    expect(wordsOf('same', found.changes.get('start')!)).toBe('edge changed')
  })

  it('knows a renamed node as one node', () => {
    const after = complete({ nodes: { start: { kind: 'start' }, reply: { kind: 'agent' }, old: { kind: 'note' } }, edges: { flow: ['start -> reply', 'reply -> old'] } })
    const found = marked(before, after, [change('renamed', { node: 'reply', before: 'work', after: 'reply' })])
    expect(Object.keys(found.document.nodes).sort()).toEqual(['old', 'reply', 'start'])
    expect(found.marks.get('reply')).toBe('changed')
    expect(found.edges.every((each) => each.mark === 'same')).toBe(true)
  })
})
