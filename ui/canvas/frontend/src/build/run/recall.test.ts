import { expect, it } from 'vitest'
import { BLANK, type Picture, type Scene } from './events'
import { isBare, recalled, type Step } from './recall'

const SCENE: Scene = { leadsTo: (from, to) => `${from}>${to}` === 'a>b', frameOf: () => null }
const step = (patch: Partial<Step>): Step => ({ id: 's', node: 'a', visit: 1, item: null, kind: 'prompt', status: 'ok', outcome: 'done', started_at: 10, ended_at: 12, input_tokens: 3, output_tokens: 4, usd: null, kept: false, inner: false, ...patch })
const STOPPED: Picture = { ...BLANK, status: 'waiting', nodes: { b: { state: 'stopped', visits: [], outcomes: [], cause: null } } }

it('shows again what the trace tells of a run, and leaves the stop where it is', () => {
  const picture = recalled(STOPPED, [step({}), step({ id: 't', node: 'b', status: 'waiting', outcome: null, ended_at: null })], SCENE)
  expect(picture.nodes['a']).toMatchObject({ state: 'done', outcomes: ['done'], visits: [{ visit: 1, span: 's', seconds: 2, tokens: 7 }] })
  expect(picture.nodes['b']).toMatchObject({ state: 'stopped', visits: [{ span: 't' }] })
})

it('tells what was kept and what failed, and nothing of workflows that nodes ran', () => {
  const picture = recalled({ ...BLANK, status: 'failed' }, [step({ kept: true }), step({ node: 'x', inner: true }), step({ node: 'b', status: 'error', outcome: null })], SCENE)
  expect(picture.nodes['a']!.visits[0]!.kept).toBe(true)
  expect(picture.nodes['b']!.state).toBe('failed')
  expect(picture.nodes['x']).toBeUndefined()
})

it('leaves out a visit that was cut', () => {
  const cut = step({ id: 't', status: 'cancelled', outcome: null })
  expect(recalled({ ...BLANK, status: 'stopped' }, [cut], SCENE).nodes).toEqual({})
  expect(recalled({ ...BLANK, status: 'stopped' }, [step({}), { ...cut, visit: 2 }], SCENE).nodes['a']).toMatchObject({ state: 'done', visits: [{ span: 's' }] })
})

it('is wanted only where a run has steps that no event told of', () => {
  expect(isBare(STOPPED, 3)).toBe(true)
  expect(isBare(STOPPED, 0)).toBe(false)
  expect(isBare({ ...STOPPED, status: 'running' }, 3)).toBe(false)
  expect(isBare(recalled(STOPPED, [step({})], SCENE), 3)).toBe(false)
})
