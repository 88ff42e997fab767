import { describe, expect, test } from 'vitest'
import { about, type Finding, wordsOf } from './failures'

function finding(span: string, more: Partial<Finding> = {}): Finding {
  return { detector: 'd', module: 'tool', severity: 'error', span, node: 'work', visit: 1, item: null, evidence: [], what: '', mend: '', tell: '', fork: null, ...more }
}

describe('findings', () => {
  test('of a span are those at it, those it is evidence for, and those forked from it', () => {
    const all = [finding('a'), finding('b', { evidence: ['x', 'a'] }), finding('c', { fork: { span: 'a', changes: {} } }), finding('d')]
    expect(about(all, 'a').map((each) => each.span)).toEqual(['a', 'b', 'c'])
    expect(about(all, null)).toHaveLength(4)
  })

  test('say where they are: the visit from the second on, the item from one', () => {
    expect(wordsOf(finding('a'))).toBe('work')
    expect(wordsOf(finding('a', { visit: 2, item: 0 }))).toBe('work, visit 2, item 1')
    expect(wordsOf(finding('a', { node: null, visit: null }))).toBe('the run')
  })
})
