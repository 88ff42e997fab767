import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Api, ApiError, Unreachable } from '../api'
import { complete, type Document } from './document'
import { applyBatch, type Operation } from './operations'
import type { Batch } from './outbox'
import { Session } from './session'

/** The server's side of the contract, in memory. */
class Server {
  document: Document = complete({ title: 'One', nodes: { a: { kind: 'prompt' } } })
  revision = 1
  log: { revision: number; client: string; seq: number; ops: Operation[]; label: string }[] = []
  acknowledged = new Map<string, number>()
  down = false
  loseAnswers = 0
  listeners: ((data: unknown) => void)[] = []

  patch(client: string, batches: Batch[], revision: number) {
    const last = this.acknowledged.get(client) ?? 0
    const fresh = batches.filter((batch) => batch.seq > last)
    if (fresh.length && revision !== this.revision) {
      const since = this.log.filter((each) => each.revision > revision)
      throw new ApiError(409, { code: 'conflict', what: 'behind' }, { revision: this.revision, batches: since, document: this.document })
    }
    for (const batch of fresh) {
      this.document = applyBatch(this.document, batch.ops).document
      this.revision += 1
      const entry = { ...batch, client, revision: this.revision }
      this.log.push(entry)
      this.listeners.forEach((listener) => listener({ ...entry, diagnostics: [] }))
    }
    this.acknowledged.set(client, Math.max(last, batches.at(-1)!.seq))
    return { revision: this.revision, acked: batches.at(-1)!.seq, diagnostics: [] }
  }
}

class FakeApi extends Api {
  constructor(readonly server: Server) {
    super('', '')
  }
  override async json<T>(method: string, _: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    if (this.server.down) throw new Unreachable()
    if (method === 'GET') return { revision: this.server.revision, document: this.server.document, diagnostics: [] } as T
    const { client, batches } = body as { client: string; batches: Batch[] }
    const answer = this.server.patch(client, structuredClone(batches), Number(headers!['If-Match']))
    if (this.server.loseAnswers-- > 0) throw new Unreachable()
    return answer as T
  }
  override events(_: string, onEvent: (event: { id: string; type: string; data: unknown }) => boolean | void) {
    const listener = (data: unknown): void => void onEvent({ id: '', type: 'message', data })
    this.server.listeners.push(listener)
    return { close: () => { this.server.listeners = this.server.listeners.filter((each) => each !== listener) } }
  }
}

class Memory implements Storage {
  [name: string]: unknown
  map = new Map<string, string>()
  get length() { return this.map.size }
  key(index: number) { return [...this.map.keys()][index] ?? null }
  getItem(key: string) { return this.map.get(key) ?? null }
  setItem(key: string, value: string) { this.map.set(key, value) }
  removeItem(key: string) { this.map.delete(key) }
  clear() { this.map.clear() }
}

let server: Server
let storage: Memory
const open = async (): Promise<Session> => {
  const session = new Session(new FakeApi(server), 'w', storage)
  await session.open()
  return session
}
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(10_000)
const title = (value: string): Operation[] => [{ op: 'set_meta', key: 'title', value }]
const setting = (key: string, value: unknown): Operation[] => [{ op: 'set_config', id: 'a', key, value }]

beforeEach(() => {
  vi.useFakeTimers()
  server = new Server()
  storage = new Memory()
})

describe('a session', () => {
  it('shows an edit at once and saves it soon after, in one request', async () => {
    const session = await open()
    session.edit(title('Two'), 'Rename')
    session.edit(setting('k', 1), 'Set')
    expect(session.doc.title).toBe('Two')
    expect(session.store.getState().sync).toBe('saving')
    await settle()
    expect(session.store.getState()).toMatchObject({ sync: 'saved', revision: 3, waiting: 0 })
    expect(server.document).toEqual(session.doc)
  })

  it('says that it is offline, keeps the edits, and sends them when the server is back', async () => {
    const session = await open()
    server.down = true
    session.edit(title('Two'), 'Rename')
    await vi.advanceTimersByTimeAsync(500)
    expect(session.store.getState()).toMatchObject({ sync: 'offline', waiting: 1 })
    server.down = false
    await settle()
    expect(session.store.getState().sync).toBe('saved')
    expect(server.document.title).toBe('Two')
  })

  it('does not apply an edit twice when the answer was lost', async () => {
    const session = await open()
    server.loseAnswers = 1
    session.edit([{ op: 'add_node', id: 'b', node: { kind: 'prompt' } }], 'Add')
    await settle()
    expect(session.store.getState()).toMatchObject({ sync: 'saved', waiting: 0, revision: 2 })
    expect(server.log).toHaveLength(1)
  })

  it('sends what an earlier page could not', async () => {
    const first = await open()
    server.down = true
    first.edit(title('Two'), 'Rename')
    first.edit(setting('k', 1), 'Set')
    server.down = false
    const second = await open()
    expect(second.doc.title).toBe('Two')
    expect(second.doc.nodes['a']!.config).toEqual({ k: 1 })
    expect(second.store.getState().sync).toBe('saved')
  })

  it('follows another tab live', async () => {
    const [one, two] = [await open(), await open()]
    one.edit(title('Two'), 'Rename')
    await settle()
    expect(two.doc.title).toBe('Two')
    expect(two.store.getState().revision).toBe(2)
  })

  it('puts its edits on top of another tab’s where they touch different things', async () => {
    const [one, two] = [await open(), await open()]
    one.edit(title('Two'), 'Rename')
    two.edit(setting('k', 1), 'Set')
    await settle()
    expect(one.doc).toEqual(two.doc)
    expect(one.doc).toEqual(server.document)
    expect(server.document).toMatchObject({ title: 'Two', nodes: { a: { config: { k: 1 } } } })
  })

  it('asks where both tabs changed the same thing, and keeps or drops as told', async () => {
    const [one, two] = [await open(), await open()]
    one.edit(title('Two'), 'Rename')
    two.edit(title('Three'), 'Rename too')
    await settle()
    const loser = [one, two].find((each) => each.store.getState().sync === 'conflict')!
    expect(loser.store.getState().conflict).toEqual({ fit: [expect.stringContaining('Rename')], lost: [] })
    const wanted = loser.doc.title
    loser.settle(true)
    await settle()
    expect(server.document.title).toBe(wanted)
    expect([one.doc.title, two.doc.title]).toEqual([wanted, wanted])
  })

  it('names an edit that no longer fits, and saves the others', async () => {
    const [one, two] = [await open(), await open()]
    one.edit([{ op: 'remove_node', id: 'a' }], 'Delete a')
    await vi.advanceTimersByTimeAsync(100)
    two.edit(setting('k', 1), 'Set k')
    two.edit(title('Mine'), 'Rename')
    await settle()
    expect(two.store.getState().conflict).toEqual({ fit: ['Rename'], lost: ['Set k'] })
    two.settle(true)
    await settle()
    expect(server.document).toMatchObject({ title: 'Mine', nodes: {} })
    expect(two.store.getState().sync).toBe('saved')
  })

  it('undoes and redoes, and both are saved', async () => {
    const session = await open()
    session.edit(title('Two'), 'Rename')
    await settle()
    expect(session.undo()).toBe('Undo: Rename')
    expect(session.doc.title).toBe('One')
    session.redo()
    await settle()
    expect(server.document.title).toBe('Two')
  })

  it('joins keystrokes of one field into one step', async () => {
    const session = await open()
    for (const value of ['h', 'he', 'hey']) session.edit(setting('prompt', value), 'Set prompt', 'config:a:prompt')
    await settle()
    session.undo()
    expect(session.doc.nodes['a']!.config).toEqual({})
    await settle()
    expect(server.document.nodes['a']!.config).toEqual({})
  })

  it('says why a step cannot be undone after another tab changed what it touches', async () => {
    const [one, two] = [await open(), await open()]
    one.edit(setting('k', 1), 'Set k')
    await settle()
    two.edit([{ op: 'remove_node', id: 'a' }], 'Delete')
    await settle()
    expect(one.undo()).toMatch('no longer fits')
  })
})
