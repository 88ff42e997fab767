import { expect, it } from 'vitest'
import { breakpointWords, Breakpoints, onTheWire, readBreakpoints, type Breakpoint } from './breakpoints'

function shelf(broken = false) {
  const kept = new Map<string, string>()
  return {
    kept, getItem: (key: string) => kept.get(key) ?? null, removeItem: (key: string) => void kept.delete(key),
    setItem: (key: string, value: string) => { if (broken) throw new Error('full'); kept.set(key, value) },
  }
}

const point = (patch: Partial<Breakpoint> = {}): Breakpoint => ({ node: 'plan', when: 'before', condition: '', enabled: true, ...patch })

it('toggles each side of a node by itself', () => {
  const points = new Breakpoints('w', null)
  expect([points.toggle('plan', 'before'), points.toggle('plan', 'after'), points.toggle('plan', 'before')]).toEqual([true, true, false])
  expect(points.store.getState().list).toEqual([point({ when: 'after' })])
})

it('keeps them for its workflow only, over a reload', () => {
  const kept = shelf()
  new Breakpoints('one', kept).put(point({ condition: 'visit > 1' }))
  expect(new Breakpoints('one', kept).store.getState().list).toEqual([point({ condition: 'visit > 1' })])
  expect(new Breakpoints('two', kept).store.getState().list).toEqual([])
  new Breakpoints('one', kept).clear()
  expect(kept.kept.size).toBe(0)
})

it('holds them while the page is open where the browser keeps nothing', () => {
  const points = new Breakpoints('w', shelf(true))
  points.put(point())
  expect(points.at('plan', 'before')).toEqual(point())
})

it('replaces the one at the same place', () => {
  const points = new Breakpoints('w', null)
  points.put(point())
  points.put(point({ enabled: false, condition: 'visit == 2' }))
  expect(points.store.getState().list).toEqual([point({ enabled: false, condition: 'visit == 2' })])
})

it('runs stop at those that are on, of nodes that are there, unless all are muted', () => {
  const points = new Breakpoints('w', null)
  for (const each of [point(), point({ node: 'gone' }), point({ node: 'off', enabled: false })]) points.put(each)
  expect(points.active((node) => node !== 'gone')).toEqual([point()])
  points.mute(true)
  expect(points.active(() => true)).toEqual([])
})

it('reads only what is a breakpoint', () => {
  expect(readBreakpoints('{"list": [{"node": 1}, null, {"node": "a", "when": "after", "condition": "", "enabled": true}], "muted": true}')).toEqual({ list: [point({ node: 'a', when: 'after' })], muted: true })
  expect(readBreakpoints('not json')).toEqual({ list: [], muted: false })
})

it('sends a condition only where there is one', () => {
  expect(onTheWire([point(), point({ when: 'after', condition: ' visit > 1 ' })])).toEqual([{ node: 'plan', when: 'before' }, { node: 'plan', when: 'after', condition: 'visit > 1' }])
})

it('is said in words', () => {
  expect(breakpointWords(point({ condition: 'visit > 1' }), 'Plan')).toBe('Stops before Plan, only if visit > 1')
  expect(breakpointWords(point({ enabled: false }), 'Plan')).toBe('Off: would stop before Plan')
})
