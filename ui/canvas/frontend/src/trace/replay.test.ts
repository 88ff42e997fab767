import { describe, expect, test, vi } from 'vitest'
import { graphAt, LONGEST_WAIT, Replay, waitBetween } from './replay'
import type { Step, StepsWindow } from './types'

function step(index: number, node: string, from: number, to: number | null, more: Partial<Step> = {}): Step {
  return {
    index, id: `s${index}`, node, name: node, kind: 'prompt', visit: 1, item: null, status: to === null ? 'running' : 'ok', outcome: to === null ? null : 'done',
    started_at: from, ended_at: to, input_tokens: 10, output_tokens: 2, usd: 0.01, kept: false, inner: false, ...more,
  }
}

const STEPS = [step(0, 'plan', 0, 2), step(1, 'solve', 2, 5), step(2, 'critique', 5, 6, { outcome: 'revise' }), step(3, 'solve', 6, 10, { visit: 2 })]
const window = (steps: Step[] = STEPS, more: Partial<StepsWindow> = {}): StepsWindow => ({ total: steps.length, offset: 0, before: {}, edges: [], steps, ...more })

describe('the graph at a step', () => {
  test('knows what had run by its end, and nothing of what came later', () => {
    const graph = graphAt(window(), 2, 99)
    expect(Object.keys(graph.nodes)).toEqual(['plan', 'solve', 'critique'])
    expect(graph.nodes['solve']).toMatchObject({ visits: 1, seconds: 3, input_tokens: 10 })
    expect(graph.at).toBe(6)
  })

  test('adds up visits, and marks the outcome that is about to be followed', () => {
    expect(graphAt(window(), 3, 99).nodes['solve']).toMatchObject({ visits: 2, seconds: 7, last: 's3', first: 's1' })
    expect(graphAt(window(), 2, 99).live).toBe('critique.revise')
    expect([...graphAt(window(), 2, 99).edges]).toEqual(['plan.done', 'solve.done', 'critique.revise'])
  })

  test('goes on from what had happened before its window', () => {
    const before = graphAt(window(), 1, 99)
    const graph = graphAt(window(STEPS.slice(2), { total: 4, offset: 2, before: before.nodes, edges: [...before.edges] }), 3, 99)
    expect(graph).toEqual(graphAt(window(), 3, 99))
  })

  test('shows what still ran beside the step as running', () => {
    const graph = graphAt(window([step(0, 'slow', 0, 9), step(1, 'quick', 1, 2)]), 1, 99)
    expect(graph.nodes['slow']).toMatchObject({ status: 'running', seconds: 2, outcome: null })
    expect(graph.edges.has('slow.done')).toBe(false)
  })

  test('leaves out what a workflow inside a node did', () => {
    expect(graphAt(window([step(0, 'run', 0, 4), step(1, 'plan', 1, 2, { inner: true })]), 1, 99).nodes['plan']).toBeUndefined()
  })

  test('a price nobody knows stays unknown', () => {
    expect(graphAt(window([step(0, 'a', 0, 1, { usd: null })]), 0, 9).nodes['a']?.usd).toBeNull()
  })
})

describe('playing', () => {
  test('rests as long as the next step took, by the speed, but never too long', () => {
    expect(waitBetween(STEPS[0]!, STEPS[1]!, 4)).toBe(750)
    expect(waitBetween(step(0, 'a', 0, 1), step(1, 'b', 1, 4000), 1)).toBe(LONGEST_WAIT)
  })

  const reader = (steps: Step[] = STEPS) => ({ steps: async () => window(steps) })

  test('walks to the last step and stops there', async () => {
    vi.useFakeTimers()
    const seen: string[] = []
    const replay = new Replay(reader(), (each) => seen.push(each.id))
    await replay.play()
    await vi.advanceTimersByTimeAsync(20_000)
    vi.useRealTimers()
    expect(seen).toEqual(['s0', 's1', 's2', 's3'])
    expect(replay.snapshot()).toMatchObject({ playing: false, step: 3 })
  })

  test('begins anew at the end, and pauses where it is', async () => {
    vi.useFakeTimers()
    const replay = new Replay(reader(), () => undefined)
    await replay.go(3)
    await replay.play()
    expect(replay.snapshot().step).toBe(0)
    replay.toggle()
    await vi.advanceTimersByTimeAsync(5000)
    vi.useRealTimers()
    expect(replay.snapshot()).toMatchObject({ playing: false, step: 0 })
  })

  test('steps on and back, from the whole run to its first and its last', async () => {
    const replay = new Replay(reader(), () => undefined)
    await replay.by(1)
    expect(replay.snapshot().step).toBe(0)
    await replay.stand(null)
    await replay.by(-1)
    expect(replay.snapshot().step).toBe(3)
    await replay.by(5)
    expect(replay.snapshot().step).toBe(3)
  })

  test('finds the step at work at a moment', async () => {
    const replay = new Replay(reader(), () => undefined)
    await replay.goTo(5.5)
    expect(replay.snapshot().step).toBe(2)
    await replay.goTo(-1)
    expect(replay.snapshot().step).toBe(0)
  })

  test('reads the window around a step that is not here', async () => {
    const asked: object[] = []
    const many = Array.from({ length: 500 }, (_, at) => step(2000 + at, 'a', at, at + 1))
    const steps = async (where: object) => { asked.push(where); return window(many, { total: 5000, offset: 2000 }) }
    const replay = new Replay({ steps }, () => undefined)
    await replay.go(2150)
    expect(asked).toEqual([{ offset: 2000 }])
    expect(replay.snapshot().step).toBe(2150)
  })

  test('a key that is held takes every step, in its order', async () => {
    const replay = new Replay(reader(), () => undefined)
    const back = [1, 2, 3, 4, 5].map(() => replay.by(-1))
    await Promise.all([...back, replay.by(1)])
    expect(replay.snapshot().step).toBe(1)
  })
})
