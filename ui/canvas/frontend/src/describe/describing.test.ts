import { describe, expect, it, vi } from 'vitest'
import type { Build } from '../build/state'
import { complete } from '../model/document'
import { KINDS } from '../model/testing'
import { Describing, openItems } from './describing'
import type { Item, Told } from './types'

const doc = complete({ nodes: { start: { kind: 'start' }, work: { kind: 'prompt' } }, edges: { flow: ['start -> work'] } })

function item(id: string, patch: Partial<Item> = {}): Item {
  return { id, ops: [{ op: 'set_node', id: 'work', key: 'label', value: id }], sort: 'changed', words: `Rename to ${id}`, node: 'work', key: 'label', before: '', after: id, needs: [], fault: null, mends: false, ...patch }
}

function told(items: Item[]): Told {
  return { type: 'proposal', wish: 'w', model: 'm', way: 'once', said: '', items, left: [], permissions: [], spent: { calls: 1, input_tokens: 1, output_tokens: 1, usd: 0, seconds: 1 }, revision: 1 }
}

/** A Build page as far as the conversation reaches; `answers` is what the server streams. */
function page(answers: (signal: AbortSignal) => AsyncGenerator<{ data: Told }>) {
  const build = {
    workflow: 'w', kinds: KINDS, doc, session: { flush: vi.fn(async () => undefined) }, edit: vi.fn(() => true), say: vi.fn(), announce: vi.fn(),
    api: { stream: (_path: string, _body: unknown, signal: AbortSignal) => answers(signal), post: vi.fn(async () => ({ left: [] })) },
  }
  return { build, describing: new Describing(build as unknown as Build) }
}

async function* once(...events: Told[]): AsyncGenerator<{ data: Told }> {
  for (const data of events) yield { data }
}

describe('the conversation', () => {
  it('shows steps and cost while a model is asked, and then the items', async () => {
    const { describing } = page(() => once({ type: 'step', text: 'Which node?' }, told([item('1')])))
    await describing.ask('  rename it ')
    expect(describing.last).toMatchObject({ wish: 'rename it', state: 'proposed' })
    expect(openItems(describing.last).map((each) => each.id)).toEqual(['1'])
  })

  it('makes what is accepted as one edit, with what it needs, and leaves the rest open', async () => {
    const { build, describing } = page(() => once(told([item('1'), item('2', { needs: ['1'] }), item('3')])))
    await describing.ask('rename it')
    describing.accept(['2'])
    expect(build.edit).toHaveBeenCalledTimes(1)
    expect(build.edit.mock.calls[0]).toEqual([[...item('1').ops, ...item('2').ops], '“rename it”'])
    expect(openItems(describing.last).map((each) => each.id)).toEqual(['3'])
  })

  it('never makes an item that has a fault', async () => {
    const { build, describing } = page(() => once(told([item('1', { fault: { what: 'no', mend: '' } })])))
    await describing.ask('rename it')
    describing.accept(['1'])
    expect(build.edit).not.toHaveBeenCalled()
    expect(openItems(describing.last)).toHaveLength(1)
  })

  it('keeps an item open where the edit is refused', async () => {
    const { build, describing } = page(() => once(told([item('1')])))
    build.edit.mockReturnValue(false)
    await describing.ask('rename it')
    describing.accept(['1'])
    expect(openItems(describing.last)).toHaveLength(1)
  })

  it('refuses what is still open when another wish is said', async () => {
    const { describing } = page(() => once(told([item('1')])))
    await describing.ask('rename it')
    await describing.ask('rename it otherwise')
    expect(describing.store.getState().turns[0]!.refused).toEqual(['1'])
  })

  it('ends the call when it is cancelled, and gives the words back', async () => {
    let aborted = false
    const { describing } = page(async function* (signal) {
      await new Promise((_, reject) => signal.addEventListener('abort', () => { aborted = true; reject(new Error('aborted')) }))
      yield* once(told([]))
    })
    const asked = describing.ask('rename it')
    await new Promise((done) => setTimeout(done, 0))
    describing.cancel()
    await asked
    expect(aborted).toBe(true)
    expect(describing.last!.state).toBe('cancelled')
    expect(describing.store.getState().draft).toBe('rename it')
  })

  it('tells what the model or the server could not', async () => {
    const { describing } = page(() => once({ type: 'refused', what: 'No key', mend: 'Add it.' }))
    await describing.ask('rename it')
    expect(describing.last).toMatchObject({ state: 'failed', fault: { what: 'No key', mend: 'Add it.' } })
  })
})
