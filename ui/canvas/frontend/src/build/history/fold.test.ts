import { describe, expect, it } from 'vitest'
import { bursts, joined, type Version } from './fold'
import { editsOf, labelOf, rangeOf, timeWords } from './words'

const version = (revision: number, saved_at: number, patch: Partial<Version> = {}): Version =>
  ({ revision, saved_at, label: `Edit ${revision}`, client: 'tab', edits: 1, name: '', note: '', ...patch })
const revisions = (list: Version[], published: number | null = null): number[][] =>
  bursts(list, published).map((burst) => burst.versions.map((each) => each.revision))

describe('bursts', () => {
  it('folds what one tab did within ten minutes, newest first, and adds up the edits', () => {
    const [burst, ...rest] = bursts([version(4, 1600, { edits: 3 }), version(3, 1300), version(2, 1000)], null)
    expect(rest).toEqual([])
    expect(burst).toMatchObject({ key: 2, edits: 5, newest: { revision: 4 } })
    expect(rangeOf(burst!)).toBe('v2 – v4')
  })

  it('counts the ten minutes from the newest, so that a long day is not one line', () => {
    expect(revisions([version(4, 1601), version(3, 1300), version(2, 1000)])).toEqual([[4, 3], [2]])
    expect(revisions([version(4, 1600), version(3, 1300), version(2, 1000)])).toEqual([[4, 3, 2]])
  })

  it('keeps tabs apart, also where they take turns', () => {
    expect(revisions([version(4, 40), version(3, 30, { client: 'other' }), version(2, 20)])).toEqual([[4], [3], [2]])
  })

  it('leaves alone what is named, noted, published, restored or made by the program', () => {
    const plain = [version(6, 60), version(5, 50), version(4, 40), version(3, 30)]
    expect(revisions(plain)).toEqual([[6, 5, 4, 3]])
    expect(revisions(plain, 5)).toEqual([[6], [5], [4, 3]])
    for (const patch of [{ name: 'Shown' }, { note: 'At the fair.' }, { edits: 0 }, { client: '' }])
      expect(revisions(plain.map((each) => (each.revision === 5 ? { ...each, ...patch } : each)))).toEqual([[6], [5], [4, 3]])
  })

  it('keeps its key while it grows, and is nothing of nothing', () => {
    const before = bursts([version(3, 30), version(2, 20)], null)
    const after = bursts([version(4, 40), version(3, 30), version(2, 20)], null)
    expect(after[0]!.key).toBe(before[0]!.key)
    expect(bursts([], null)).toEqual([])
  })
})

it('joins pages: none twice, newest first, the fresh one counts', () => {
  const all = joined([version(2, 20), version(1, 10)], [version(3, 30), version(2, 20, { name: 'New' })])
  expect(all.map((each) => [each.revision, each.name])).toEqual([[3, ''], [2, 'New'], [1, '']])
})

describe('words', () => {
  const now = new Date(2026, 10, 21, 12, 0).getTime()
  const at = (...parts: [number, number, number, number, number]): number => new Date(...parts).getTime() / 1000

  it.each([
    [now / 1000 - 20, 'just now'], [now / 1000 + 5, 'just now'], [now / 1000 - 60, '1 minute ago'], [now / 1000 - 59 * 60, '59 minutes ago'],
    [at(2026, 10, 21, 9, 5), 'today 09:05'], [at(2026, 10, 20, 18, 20), 'yesterday 18:20'], [at(2026, 10, 3, 18, 20), '3 Nov 18:20'], [at(2025, 10, 3, 18, 20), '3 Nov 2025'],
  ])('says when: %s', (time, words) => expect(timeWords(time, now)).toBe(words))

  it('says what was done where no label does', () => {
    expect([labelOf(version(2, 0)), labelOf(version(2, 0, { label: '' })), labelOf(version(2, 0, { label: '', edits: 0 }))]).toEqual(['Edit 2', 'Edited', 'Replaced whole'])
    expect([editsOf(0), editsOf(1), editsOf(12)]).toEqual(['', '1 edit', '12 edits'])
  })
})
