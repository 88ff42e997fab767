import { beforeEach, expect, it } from 'vitest'
import { ApiError, type Api } from '../../api'
import type { StopAt } from '../debug/stop'
import { BLANK, type Picture } from './events'
import { Runner, type Run } from './runner'

const stopAt = (node: string, interrupt: string): StopAt => ({
  interrupt, node, title: '', text: '',
  stop: { when: 'before', why: 'step', node, visit: 1, item: null, span: null, inputs: {}, outputs: null, outcome: null, outcomes: [], state: {}, depth: 0 },
})
const RUN = { id: 'r1', number: 'r-0001', status: 'waiting', revision: 1 } as Run

let calls: unknown[][]
let said: string[]
let refusal: ApiError | null

function runner(picture: Partial<Picture>): Runner {
  const answer = (method: string) => async (path: string, body?: unknown) => {
    calls.push([method, path, body])
    if (refusal && method === 'POST') throw refusal
    return path.endsWith('/document') ? { nodes: { plan: {}, act: {} } } : path.endsWith('/fork') ? { run_id: 'r2' } : { ...RUN, id: path.split('/')[2] }
  }
  const api = { get: answer('GET'), post: answer('POST'), json: (method: string, path: string, body: unknown) => answer(method)(path, body), events: () => ({ close: () => undefined }) }
  const made = new Runner(api as unknown as Api, 'w', { leadsTo: () => false, frameOf: () => null }, () => undefined, (words) => said.push(words))
  made.store.setState({ run: RUN, picture: { ...BLANK, status: 'waiting', ...picture } })
  return made
}

beforeEach(() => {
  calls = []
  said = []
  refusal = null
})

it('goes on from one stop, with the breakpoints that the version of the run has, and leaves the others', async () => {
  const made = runner({ stops: [stopAt('plan', 'i1'), stopAt('act', 'i2')] })
  expect(await made.debug('over', 'i1', { state: { a: 1 } }, [{ node: 'act', when: 'after' }, { node: 'added', when: 'before' }])).toBe(true)
  expect(calls).toEqual([['GET', '/runs/r1/document', undefined], ['POST', '/runs/r1/debug', { command: 'over', breakpoints: [{ node: 'act', when: 'after' }], interrupt: 'i1', edits: { state: { a: 1 } } }]])
  expect(made.store.getState().picture).toMatchObject({ status: 'waiting', stops: [{ interrupt: 'i2' }] })
})

it('runs again when no stop is left', async () => {
  const made = runner({ stops: [stopAt('plan', 'i1')] })
  await made.debug('continue', null, null, [])
  expect(made.store.getState().picture).toMatchObject({ status: 'running', stops: [] })
})

it('says why a command was refused and stays where it is', async () => {
  const made = runner({ stops: [stopAt('plan', 'i1')] })
  refusal = new ApiError(422, { code: 'invalid', what: 'The input n must be a number.', mend: 'Give a number.' }, {})
  expect(await made.debug('continue', 'i1', { inputs: { n: 'x' } }, [])).toBe(false)
  expect([said, made.store.getState().picture.stops.length, made.store.getState().refused]).toEqual([['The input n must be a number. Give a number.'], 1, null])
})

it('offers the choices of a workflow that was edited under the run, and makes the same call as chosen', async () => {
  const made = runner({ stops: [stopAt('plan', 'i1')] })
  const choices = [{ choice: 'pinned', title: 'As it was', call: { version: 'pinned' } }]
  refusal = new ApiError(409, { code: 'workflow-changed', what: 'plan is gone.', mend: '' }, { choices })
  await made.debug('continue', 'i1', null, [])
  expect(made.store.getState().changed).toMatchObject({ what: 'plan is gone.', choices, path: '/debug' })
  refusal = null
  await made.again({ version: 'pinned' })
  expect(calls.at(-1)).toEqual(['POST', '/runs/r1/debug', { command: 'continue', breakpoints: [], interrupt: 'i1', version: 'pinned' }])
  expect(made.store.getState().changed).toBeNull()
})

it('follows a fork from then on', async () => {
  const made = runner({ status: 'done' })
  expect(await made.fork('r1', { span: 's' })).toBe(true)
  expect(calls[0]).toEqual(['POST', '/runs/r1/fork', { span: 's' }])
  expect(made.store.getState().run).toMatchObject({ id: 'r2' })
})

it('tells a run that is under way of other breakpoints, and no other', async () => {
  const made = runner({ status: 'running' })
  await made.setBreakpoints([{ node: 'plan', when: 'before' }])
  expect(calls.at(-1)).toEqual(['PUT', '/runs/r1/breakpoints', { breakpoints: [{ node: 'plan', when: 'before' }] }])
  calls = []
  await runner({ status: 'done' }).setBreakpoints([])
  expect(calls).toEqual([])
})
