import { describe, expect, it } from 'vitest'
import type { Build } from '../build/state'
import { complete } from '../model/document'
import { applyMerge, readMerge } from './apply'
import type { Merging } from './overlay'
import type { Merged } from './types'

const OPS = [{ op: 'set_meta' as const, key: 'title' as const, value: 'Both' }]
const merged = (operations: Merged['operations']): Merged => ({ base: 1, document: {}, conflicts: [], brought: [], operations, changes: [] })
const merging: Merging = { show: 'merge', title: 'a.yaml into yours', ours: 'mine', theirs: 'theirs', body: { theirs: { title: 'T' }, base_revision: 1 } }

function fake(fits = true) {
  const done: unknown[] = []
  const build = {
    workflow: 'w',
    api: {
      get: async () => ({ permissions: [], refused: ['host:a'] }),
      json: async (method: string, path: string, body: unknown) => { done.push([method, path, body]); return merged([]) },
    },
    session: { settle: (keep: boolean) => done.push(['settle', keep]), flush: async () => { done.push('flush') } },
    edit: (ops: unknown, label: string) => { done.push(['edit', ops, label]); return fits },
    say: (text: string) => done.push(['say', text]),
  }
  return { build: build as unknown as Build, done }
}

describe('a merge', () => {
  it('is asked for with what the tab holds and the choices made', async () => {
    const { build, done } = fake()
    const ours = complete({ title: 'Mine' })
    await readMerge(build, merging, ours, { title: 'theirs' })
    expect(done).toEqual([['POST', '/workflows/w/merge', { ours, theirs: { title: 'T' }, base_revision: 1, choices: { title: 'theirs' } }]])
  })

  it('is made as one edit that is saved', async () => {
    const { build, done } = fake()
    await applyMerge(build, merging, merged(OPS))
    expect(done).toEqual([['edit', OPS, 'Merge a.yaml into yours'], ['say', 'Merged. Undo takes it back.'], 'flush'])
  })

  it('keeps what was refused before and adds what was refused of theirs', async () => {
    const { build, done } = fake()
    await applyMerge(build, { ...merging, refused: ['host:b'] }, merged(OPS))
    expect(done[0]).toEqual(['PUT', '/workflows/w/permissions', { refused: ['host:a', 'host:b'] }])
  })

  it('of two tabs stands on what the other saved', async () => {
    const { build, done } = fake()
    await applyMerge(build, { ...merging, settle: true }, merged(OPS))
    expect(done.slice(0, 2)).toEqual([['settle', false], ['edit', OPS, 'Merge a.yaml into yours']])
  })

  it('says so where nothing is new, or where it no longer fits', async () => {
    const { build, done } = fake(false)
    await applyMerge(build, merging, merged([]))
    expect(done).toEqual([['say', 'It is all there already; nothing was changed.']])
    await expect(applyMerge(build, merging, merged(OPS))).rejects.toThrow('changed meanwhile')
  })
})
