import { describe, expect, test } from 'vitest'
import { layout } from './layout'
import type { TraceDocument } from './types'

function workflow(...flow: string[]): TraceDocument {
  const ids = new Set(flow.flatMap((edge) => edge.split('->').map((side) => side.trim().split('.')[0]!)))
  return { nodes: Object.fromEntries([...ids, 'notes'].map((id) => [id, { kind: 'prompt' }])), edges: { flow } }
}

const place = (document: TraceDocument, ran: string[] = []) => {
  const plan = layout(document, new Set(ran), () => 100)
  return { ...plan, at: Object.fromEntries(plan.boxes.map((box) => [box.id, box])) }
}

describe('the graph strip', () => {
  test('puts nodes in flow order from left to right', () => {
    const { at } = place(workflow('start -> plan', 'plan -> solve', 'solve -> finish'))
    expect(['start', 'plan', 'solve', 'finish'].map((id) => at[id]!.x)).toEqual([0, 126, 252, 378])
  })

  test('leaves out nodes that neither flow nor ran', () => {
    expect(place(workflow('a -> b')).at['notes']).toBeUndefined()
    expect(place(workflow('a -> b'), ['notes']).at['notes']).toBeDefined()
  })

  test('stacks branches in one column', () => {
    const { at } = place(workflow('route.a -> x', 'route.b -> y', 'x -> join', 'y -> join'))
    expect(at['x']!.x).toBe(at['y']!.x)
    expect(Math.abs(at['x']!.y - at['y']!.y)).toBeGreaterThanOrEqual(48)
  })

  test('draws an edge that closes a loop above the nodes, named by its outcome', () => {
    const { lines, at } = place(workflow('solve -> critique', 'critique.revise -> solve', 'critique.accept -> end'))
    const loop = lines.find((line) => line.back)!
    expect([loop.source, loop.outcome, loop.target]).toEqual(['critique', 'revise', 'solve'])
    expect(loop.label!.y).toBeLessThan(at['solve']!.y)
  })

  test('keeps two loops that overlap apart', () => {
    const { lines } = place(workflow('a -> b', 'b -> c', 'b.again -> a', 'c.again -> a'))
    const heights = lines.filter((line) => line.back).map((line) => line.label!.y)
    expect(new Set(heights).size).toBe(2)
  })

  test('ends for a workflow that is one circle, or one node that leads to itself', () => {
    expect(place(workflow('a -> b', 'b -> a')).boxes).toHaveLength(2)
    expect(place(workflow('a.again -> a')).lines[0]!.back).toBe(true)
  })
})
