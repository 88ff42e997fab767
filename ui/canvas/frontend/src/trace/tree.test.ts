import { describe, expect, test, vi } from 'vitest'
import type { TreeQuery } from './reader'
import { Tree } from './tree'
import type { Row, TreeWindow } from './types'

const row = (id: string, more: Partial<Row> = {}): Row => ({ id, children: 0, below: 0, depth: 1, hit: null, ...more }) as Row

/** A server with one long list; what it was asked is kept. */
function server(total = 1000, answer: Partial<TreeWindow> = {}) {
  const asked: TreeQuery[] = []
  const tree = async (query: TreeQuery): Promise<TreeWindow> => {
    asked.push(query)
    const at = query.reveal ?? query.mark
    const place = at ? Number(at.slice(1)) : null
    const offset = query.reveal && place !== null && place >= query.offset + query.limit ? place - 10 : query.offset
    const count = Math.max(0, Math.min(query.limit, total - offset))
    const rows = Array.from({ length: count }, (_, index) => row(`s${offset + index}`, { hit: query.q && (offset + index) % 7 === 3 ? 'x' : null }))
    return { rows, offset, total, spans: total, at: place, opened: query.reveal ? ['s0'] : [], found: query.q ? 4 : null, searched: total, of: total, ...answer }
  }
  return { asked, tree }
}

describe('the tree', () => {
  test('reads only what is looked at, and once', async () => {
    const { asked, tree } = server()
    const store = new Tree({ tree })
    await store.refresh()
    store.look(430, 460)
    store.look(430, 460)
    await vi.waitFor(() => expect(store.snapshot().window.rows.has(430)).toBe(true))
    expect(asked.map((query) => query.offset)).toEqual([0, 400])
  })

  test('opens all above a span that is not in sight, and remembers it as open', async () => {
    const { asked, tree } = server()
    const store = new Tree({ tree })
    await store.show('s700')
    expect(store.snapshot().at).toBe(700)
    await store.refresh()
    expect(asked.at(-1)!.opened).toEqual(['s0'])
    expect(asked.at(-1)!.mark).toBe('s700')
  })

  test('a closed row is told to the server until it is opened again', async () => {
    const { asked, tree } = server()
    const store = new Tree({ tree })
    await store.refresh()
    await store.toggle(row('s3'), false)
    expect(asked.at(-1)!.closed).toEqual(['s3'])
    await store.toggle(row('s3'), true)
    expect(asked.at(-1)).toMatchObject({ closed: [], opened: ['s3'] })
  })

  test('asks again until all spans were searched', async () => {
    vi.useFakeTimers()
    let searched = 200
    const { asked, tree } = server(1000)
    const store = new Tree({ tree: async (query) => ({ ...(await tree(query)), searched: (searched += 400), of: 1000 }) })
    store.search('house')
    await vi.advanceTimersByTimeAsync(1000)
    vi.useRealTimers()
    expect(asked.filter((query) => query.q === 'house').length).toBe(2)
    expect(store.snapshot()).toMatchObject({ found: 4, searched: 1000 })
  })

  test('an answer to an older question is dropped', async () => {
    let release: (answer: TreeWindow) => void = () => undefined
    const { tree } = server(50)
    const late = new Promise<TreeWindow>((done) => (release = done))
    let first = true
    const store = new Tree({ tree: (query) => { if (!first) return tree(query); first = false; return late } })
    const asked = store.refresh()
    await store.toggle(row('s3'), false)
    release({ ...(await tree({ offset: 0, limit: 1, opened: [], closed: [] })), total: 7 })
    await asked
    expect(store.snapshot().window.total).toBe(50)
  })

  test('goes from hit to hit, and round at the end', async () => {
    const { tree } = server(20)
    const store = new Tree({ tree })
    store.search('x')
    await vi.waitFor(() => expect(store.snapshot().found).toBe(4))
    expect((await store.nextHit(-1, 1))?.id).toBe('s3')
    expect((await store.nextHit(3, 1))?.id).toBe('s10')
    expect((await store.nextHit(17, 1))?.id).toBe('s3')
    expect((await store.nextHit(3, -1))?.id).toBe('s17')
  })

  test('says what the server said', async () => {
    const store = new Tree({ tree: () => Promise.reject(new Error('down')) })
    await store.refresh()
    expect(store.snapshot().error?.what).toBe('The server does not answer.')
  })
})
