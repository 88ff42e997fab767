import { createStore } from 'zustand/vanilla'
import { beforeEach, expect, it } from 'vitest'
import { complete } from '../../model/document'
import { KINDS } from '../../model/testing'
import type { Api } from '../../api'
import { BLANK, type Picture } from '../run/events'
import type { Run, Runner, RunState } from '../run/runner'
import { Breakpoints } from './breakpoints'
import { currentStop, Debugger, ended, type Page } from './debugger'
import type { StopAt } from './stop'

const DOC = complete({ state: { tone: { type: 'text' } }, nodes: { plan: { kind: 'planning.plan' }, note: { kind: 'note' } } })
const STOP: StopAt = {
  interrupt: 'i1', node: 'plan', title: '', text: '',
  stop: { when: 'before', why: 'breakpoint', node: 'plan', visit: 1, item: null, span: 's', inputs: { goal: 'x' }, outputs: null, outcome: null, outcomes: ['done'], state: { tone: 'kind' }, depth: 0 },
}
const VISIT = { visit: 1, span: 'sp', item: null, kept: false, step: 1, startedAt: 0, seconds: 1, tokens: 0, usd: 0, text: '', progress: '', outcome: 'done', outputs: {}, error: null, tools: [], models: [], view: null }

let calls: unknown[][]
let said: string[]

function page(picture: Partial<Picture>, run: Partial<Run> | null = { id: 'r1', number: 'r-0001' }): { page: Page; debug: Debugger } {
  const store = createStore<RunState>(() => ({ run: run as Run | null, picture: { ...BLANK, ...picture }, busy: false, fields: {}, refused: null, changed: null }))
  const note = (name: string) => async (...args: unknown[]) => (calls.push([name, ...args]), true)
  const api = { json: async (...args: unknown[]) => (calls.push(args), { node: 'plan', outcome: 'done', outputs: {}, span: 'sp', pinned_at: 1 }), send: note('send'), get: async () => [{ node: 'plan', outcome: 'done', outputs: {}, span: 'sp', pinned_at: 1 }] }
  const made: Page = {
    api: api as unknown as Api, workflow: 'w', runner: { store, live: picture.status === 'running', debug: note('debug'), fork: note('fork') } as unknown as Runner, breakpoints: new Breakpoints('w', null), doc: DOC, kinds: KINDS,
    session: { flush: async () => void calls.push(['flush']) }, nameOf: (id) => id, say: (text) => void said.push(text), announce: () => undefined,
  }
  return { page: made, debug: new Debugger(made) }
}

beforeEach(() => {
  calls = []
  said = []
})

it('sends a command with what was changed at the stop, and the breakpoints', async () => {
  const { page: at, debug } = page({ stops: [STOP], status: 'waiting' })
  at.breakpoints.toggle('plan', 'after')
  at.breakpoints.toggle('note', 'before')
  debug.draft('i1', { state: { tone: { control: 'text', draft: 'rude' } } })
  expect(await debug.command('over')).toBe(true)
  expect(calls).toEqual([['debug', 'over', 'i1', { state: { tone: 'rude' } }, [{ node: 'plan', when: 'after' }]]])
  expect(debug.draftOf('i1').state).toEqual({})
})

it('goes on from all stops at once where nothing was changed and there is one', async () => {
  const { debug } = page({ stops: [STOP] })
  await debug.command('continue')
  expect(calls).toEqual([['debug', 'continue', null, null, []]])
})

it('names the stop that is looked at where there are several', async () => {
  const { debug } = page({ stops: [STOP, { ...STOP, interrupt: 'i2' }] })
  debug.choose('i2')
  await debug.command('into')
  expect(calls[0]!.slice(0, 3)).toEqual(['debug', 'into', 'i2'])
})

it('sends nothing while a value cannot be read', async () => {
  const { debug } = page({ stops: [STOP] })
  debug.draft('i1', { inputs: { goal: { control: 'json', draft: '{' } } })
  expect(await debug.command('continue')).toBe(false)
  expect([calls, said]).toEqual([[], ['A value of this stop cannot be read. Mend it, or put it back as it was.']])
})

it('forks at the span of the last visit that ended, with the workflow as it is now, once it is saved', async () => {
  const nodes = { plan: { state: 'done' as const, visits: [VISIT, { ...VISIT, visit: 2, span: 'sp2' }, { ...VISIT, visit: 3, span: null, outcome: null }], outcomes: ['done'], cause: null } }
  const { debug } = page({ nodes, status: 'done' })
  await debug.runFrom('plan')
  await debug.runAlone('plan')
  expect(calls).toEqual([['flush'], ['fork', 'r1', { span: 'sp2', document: 'edited', breakpoints: [] }], ['flush'], ['fork', 'r1', { span: 'sp2', document: 'edited', breakpoints: [], only: true }]])
})

it('runs from nothing that has not run, or while a run is under way', async () => {
  const nodes = { plan: { state: 'done' as const, visits: [VISIT], outcomes: ['done'], cause: null } }
  expect(page({ nodes: {}, status: 'done' }).debug.visited('plan')).toBe(false)
  expect(page({ nodes, status: 'running' }).debug.visited('plan')).toBe(false)
  expect(page({ nodes, status: 'done' }, null).debug.visited('plan')).toBe(false)
  const { debug } = page({ nodes, status: 'running' })
  await debug.runFrom('plan')
  expect(said).toEqual(['The run is still under way.'])
})

it('pins a visit and forgets the pin', async () => {
  const { debug } = page({})
  await debug.pin('plan', 'sp')
  expect(calls).toEqual([['PUT', '/workflows/w/pins/plan', { span: 'sp' }]])
  expect(Object.keys(debug.store.getState().pins)).toEqual(['plan'])
  await debug.unpin('plan')
  expect(debug.store.getState().pins).toEqual({})
  await debug.loadPins()
  expect(Object.keys(debug.store.getState().pins)).toEqual(['plan'])
})

it('takes pins along with every run but that of a recording', () => {
  const { debug } = page({})
  expect(debug.options()).toEqual({ breakpoints: [], pins: true })
  expect(debug.options({ recorded: true })).toEqual({ recorded: true, breakpoints: [] })
})

it('looks at the first stop until another is chosen', () => {
  expect(currentStop([], null)).toBeNull()
  expect(currentStop([STOP, { ...STOP, interrupt: 'i2' }], 'gone')).toBe(STOP)
  expect(ended(undefined)).toEqual([])
})
