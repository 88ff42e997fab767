import { describe, expect, it } from 'vitest'
import { blocked, SORTS, signedBy, titleOf, toggled } from './decisions'
import { offeredLink, tooLarge } from './taking'
import type { Permission, Preview } from './types'

const permission = (key: string, nodes: string[]): Permission => ({ key, sort: key.split(':')[0]!, subject: '', words: '', risk: 'high', nodes })
const preview = (signature: Preview['signature']): Preview => ({ signature } as Preview)

describe('decisions', () => {
  it('refuses and grants one at a time, leaving the others', () => {
    const first = toggled(new Set(), 'host:a', true)
    expect([...toggled(first, 'memory:b', true)]).toEqual(['host:a', 'memory:b'])
    expect([...toggled(first, 'host:a', false)]).toEqual([])
    expect([...first]).toEqual(['host:a'])
  })

  it('names each blocked node once', () => {
    const asked = [permission('host:a', ['x', 'y']), permission('secret:B', ['x']), permission('memory:c', ['z'])]
    expect(blocked(asked, new Set(['host:a', 'secret:B']))).toEqual(['x', 'y'])
    expect(blocked(asked, new Set())).toEqual([])
  })

  it('has a title for every sort and says an unknown one as it is', () => {
    expect(titleOf(permission('host:a', []))).toBe(SORTS['host']!.title)
    expect(titleOf(permission('moon:a', []))).toBe('moon')
  })

  it('tells a known key from an unknown one and from none', () => {
    expect(signedBy(preview(null)).tone).toBe('plain')
    expect(signedBy(preview({ fingerprint: 'ab', public_key: '', name: null })).words).toContain('not on your trust list')
    expect(signedBy(preview({ fingerprint: 'ab', public_key: '', name: 'Ada' }))).toEqual({ words: 'Signed by Ada, unchanged since.', tone: 'good' })
  })
})

describe('taking', () => {
  it('takes a kept link once, and only one with a workflow', () => {
    const kept = new Map([['nodeloom.link', 'http://localhost/api/open#workflow=1.abc']])
    const store = { getItem: (key: string) => kept.get(key) ?? null, removeItem: (key: string) => void kept.delete(key) }
    expect(offeredLink(store)?.name).toBe('the link')
    expect(offeredLink(store)).toBeNull()
    kept.set('nodeloom.link', 'http://localhost/api/open')
    expect(offeredLink(store)).toBeNull()
  })

  it('refuses what is too large before it is sent', () => {
    expect(tooLarge({ name: 'a.png', content: { size: 30_000_000 } as Blob })).toContain('30 MB')
    expect(tooLarge({ name: 'a.png', content: { size: 3 } as Blob })).toBeNull()
  })
})
