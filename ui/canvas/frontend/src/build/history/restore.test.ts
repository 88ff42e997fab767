import { beforeEach, expect, it, vi } from 'vitest'
import { Api, ApiError } from '../../api'
import { complete, type Document } from '../../model/document'
import { applyBatch, type Operation } from '../../model/operations'
import type { Batch } from '../../model/outbox'
import { Session } from '../../model/session'

/** A server that keeps every version. */
class Server extends Api {
  versions: Document[] = [complete({ title: 'One', nodes: {} })]
  listeners: ((event: { id: string; type: string; data: unknown }) => void)[] = []
  refuse = false
  /** What a restoration waits for. */
  held: Promise<void> = Promise.resolve()

  constructor() {
    super('', '')
  }
  get revision(): number {
    return this.versions.length
  }
  get titles(): string[] {
    return this.versions.map((each) => each.title)
  }
  save(document: Document, client: string, seq: number, ops: Operation[], label: string): void {
    this.versions.push(document)
    this.listeners.forEach((listener) => listener({ id: '', type: 'message', data: { revision: this.revision, client, seq, ops, label, diagnostics: [] } }))
  }
  override async json<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    if (method === 'GET') return { revision: this.revision, document: this.versions.at(-1), diagnostics: [] } as T
    if (this.refuse) throw new ApiError(422, { code: 'no', what: 'It cannot be saved.' }, {})
    if (method === 'POST') await this.held
    if (headers!['If-Match'] !== String(this.revision)) throw new ApiError(409, { code: 'conflict', what: 'behind' }, {})
    if (method === 'POST') {
      const of = Number(path.match(/versions\/(\d+)\/restore$/)![1])
      this.save(this.versions[of - 1]!, '', this.revision + 1, [], `Restore v${of}`)
      return { revision: this.revision } as T
    }
    const { client, batches } = body as { client: string; batches: Batch[] }
    for (const { seq, ops, label } of structuredClone(batches)) this.save(applyBatch(this.versions.at(-1)!, ops).document, client, seq, ops, label)
    return { revision: this.revision, acked: batches.at(-1)!.seq, diagnostics: [] } as T
  }
  override events(_: string, onEvent: (event: { id: string; type: string; data: unknown }) => boolean | void) {
    this.listeners.push((event) => void onEvent(event))
    return { close: () => undefined }
  }
}

let server: Server
const open = async (): Promise<Session> => {
  const session = new Session(server, 'w', null)
  await session.open()
  return session
}
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(10_000)
const rename = (session: Session, title: string): void => session.edit([{ op: 'set_meta', key: 'title', value: title }], `Title ${title}`)

beforeEach(() => {
  vi.useFakeTimers()
  server = new Server()
})

it('sends what waits, then restores; both are versions', async () => {
  const session = await open()
  rename(session, 'Two')
  await session.restore(1)
  expect(server.titles).toEqual(['One', 'Two', 'One'])
  expect(session.doc.title).toBe('One')
  expect(session.store.getState()).toMatchObject({ revision: 3, sync: 'saved', waiting: 0, undo: 'Restore v1', redo: null })
})

it('is taken back by undo, before which the earlier edits can be undone too, and done again by redo', async () => {
  const session = await open()
  rename(session, 'Two')
  rename(session, 'Three')
  await session.restore(1)
  expect(session.undo()).toBe('Undo: Restore v1')
  await settle()
  expect(session.doc.title).toBe('Three')
  session.undo()
  expect(session.doc.title).toBe('Two')
  session.redo()
  await settle()
  session.redo()
  await settle()
  expect(session.doc.title).toBe('One')
  expect(server.titles.at(-1)).toBe('One')
  expect(session.store.getState()).toMatchObject({ undo: 'Restore v1', redo: null, sync: 'saved' })
})

it('loses no undo or redo that is pressed while one is on its way', async () => {
  const session = await open()
  rename(session, 'Two')
  rename(session, 'Three')
  await session.restore(1)
  session.undo()
  expect(session.undo()).toBeNull()
  await settle()
  expect(session.doc.title).toBe('Two')
  session.redo()
  session.redo()
  session.undo()
  session.undo()
  await settle()
  expect(session.doc.title).toBe('Two')
})

it('reaches the other tabs, whose edits come on top', async () => {
  const [mine, other] = [await open(), await open()]
  rename(mine, 'Two')
  await settle()
  await mine.restore(1)
  await settle()
  expect(other.doc.title).toBe('One')
  rename(other, 'Theirs')
  await settle()
  expect([mine.doc.title, server.titles.at(-1)]).toEqual(['Theirs', 'Theirs'])
})

it('restores nothing where another tab was faster, and says so', async () => {
  const session = await open()
  server.versions.push(complete({ title: 'Elsewhere', nodes: {} }))
  await expect(session.restore(1)).rejects.toThrow('changed in another tab')
  expect(server.titles).toEqual(['One', 'Elsewhere'])
  expect(session.doc.title).toBe('Elsewhere')
})

it('restores nothing while an edit cannot be saved, and keeps the edit', async () => {
  const session = await open()
  server.refuse = true
  rename(session, 'Two')
  await expect(session.restore(1)).rejects.toThrow('not saved yet')
  expect(server.titles).toEqual(['One'])
  expect(session.doc.title).toBe('Two')
})

it('lets an edit made meanwhile come after it', async () => {
  const session = await open()
  rename(session, 'Two')
  await settle()
  let free = (): void => undefined
  server.held = new Promise((done) => { free = done })
  const restored = session.restore(1)
  await settle()
  session.edit([{ op: 'set_meta', key: 'summary', value: 'Said meanwhile' }], 'Summary')
  await settle()
  expect([server.revision, session.undo()]).toEqual([2, null])
  free()
  await restored
  await settle()
  expect(session.doc).toMatchObject({ title: 'One', summary: 'Said meanwhile' })
  expect(server.versions.at(-1)).toMatchObject({ title: 'One', summary: 'Said meanwhile' })
})
