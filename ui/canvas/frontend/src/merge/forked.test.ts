import { describe, expect, it } from 'vitest'
import type { Api } from '../api'
import { ApiError } from '../api'
import { Session } from '../model/session'

const loaded = { revision: 1, document: { title: 'Base', nodes: { a: { kind: 'prompt' } } }, diagnostics: [] }
const theirs = { revision: 2, client: 'other', seq: 1, ops: [{ op: 'set_meta', key: 'title', value: 'Theirs' }], label: 'Rename' }

function session(): { session: Session; tell: (change: unknown) => void } {
  let tell: (change: unknown) => void = () => undefined
  const api = {
    get: async () => loaded,
    json: async () => { throw new ApiError(503, { error: { code: 'x', what: 'no', where: '', mend: '' } } as never, {}) },
    events: (_: string, on: (event: { data: unknown }) => void) => { tell = (data) => on({ data }); return { close: () => undefined } },
  }
  return { session: new Session(api as unknown as Api, 'w', null), tell: (change) => tell(change) }
}

describe('a conflict of two tabs', () => {
  it('knows what both began with, what this tab made of it and what is saved', async () => {
    const { session: one, tell } = session()
    await one.open()
    one.edit([{ op: 'set_meta', key: 'title', value: 'Mine' }], 'Rename')
    tell(theirs)
    expect(one.store.getState().conflict).not.toBeNull()
    const { base, mine, saved } = one.forked()
    expect([base.title, mine.title, saved.title]).toEqual(['Base', 'Mine', 'Theirs'])
    tell({ ...theirs, revision: 3, ops: [{ op: 'set_node', id: 'a', key: 'label', value: 'A' }] })
    expect(one.forked().base.title).toBe('Base')
    one.settle(false)
    expect([one.doc.title, one.forked().base.title]).toEqual(['Theirs', 'Theirs'])
    one.close()
  })
})
