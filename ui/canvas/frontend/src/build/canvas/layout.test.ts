import * as dagre from '@dagrejs/dagre'
import { expect, it } from 'vitest'
import { complete } from '../../model/document'
import { nodeRect, overlaps } from '../../model/geometry'
import { applyBatch } from '../../model/operations'
import { KINDS } from '../../model/testing'
import { layoutOps } from './layout'
import { routeAcross, rounded } from './route'

const chain = complete({
  nodes: Object.fromEntries([['start', { kind: 'start' }], ...Array.from({ length: 9 }, (_, i) => [`n${i}`, { kind: 'agent' }]), ['calc', { kind: 'tool.calculator' }], ['f', { kind: 'control.for_each' }], ['b', { kind: 'prompt', parent: 'f' }]]),
  edges: { flow: ['start -> n0', ...Array.from({ length: 8 }, (_, i) => `n${i} -> n${i + 1}`), 'n8 -> f', 'f.each -> b'], attach: ['calc -> n1'] },
})

it('leaves no two cards on each other, folds to the width, and keeps a body inside its frame', () => {
  const tidy = applyBatch(chain, layoutOps(chain, KINDS, dagre, 900)).document
  const rects = Object.keys(tidy.nodes).filter((id) => id !== 'b').map((id) => nodeRect(tidy, KINDS, id))
  rects.forEach((one, at) => rects.slice(at + 1).forEach((two) => expect(overlaps(one, two)).toBe(false)))
  expect(Math.max(...rects.map((rect) => rect.x + rect.w))).toBeLessThan(1000)
  const [frame, body] = [nodeRect(tidy, KINDS, 'f'), nodeRect(tidy, KINDS, 'b')]
  expect(body.x > frame.x && body.y > frame.y && body.x + body.w < frame.x + frame.w && body.y + body.h < frame.y + frame.h).toBe(true)
})

it('changes nothing the second time', () => {
  const tidy = applyBatch(chain, layoutOps(chain, KINDS, dagre, 900)).document
  expect(layoutOps(tidy, KINDS, dagre, 900)).toEqual([])
})

it('draws a straight line between handles at one height, and runs a loop around above both cards', () => {
  const a = { x: 0, y: 0, w: 100, h: 80 }
  const b = { x: 200, y: 0, w: 100, h: 80 }
  expect(routeAcross([100, 20], [200, 20], a, b, false, 0).points).toEqual([[100, 20], [200, 20]])
  const loop = routeAcross([300, 20], [0, 20], b, a, false, 0).points
  expect(Math.min(...loop.map(([, y]) => y))).toBeLessThan(0)
  expect(rounded(loop)).not.toContain('NaN')
})
