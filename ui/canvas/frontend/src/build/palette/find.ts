/** What the palette lists: kinds by family, or, for a query, the best matches first. */

import type { Kind } from '../../model/kinds'
import { FAMILY_TITLES } from '../../style/icons'

export interface Section { family: string; kinds: Kind[] }

/** Kinds by family in palette order. */
export function byFamily(kinds: Kind[]): Section[] {
  return Object.keys(FAMILY_TITLES).map((family) => ({ family, kinds: kinds.filter((kind) => kind.family === family) })).filter((section) => section.kinds.length > 0)
}

export interface Found { kind: Kind; rank: number; source: boolean }

/** Where a word counts: in the title most, then name and summary, family, source, and the reference text least. */
const PLACES: ((kind: Kind) => string)[] = [
  (kind) => kind.title,
  (kind) => `${kind.kind.replaceAll(/[._]/g, ' ')} ${kind.kind} ${kind.summary}`,
  (kind) => `${kind.family} ${FAMILY_TITLES[kind.family] ?? ''} ${kind.provides ?? ''}`,
  (kind) => kind.source,
  (kind) => kind.doc,
]
const SOURCE = 3

const texts = new WeakMap<Kind, string[]>()

function textsOf(kind: Kind): string[] {
  let known = texts.get(kind)
  if (!known) texts.set(kind, (known = PLACES.map((place) => place(kind).toLowerCase())))
  return known
}

/** Lower is better; null where the word stands nowhere. A word that begins a word beats one inside it. */
function rankOf(kind: Kind, word: string): number | null {
  const place = textsOf(kind).findIndex((text) => text.includes(word))
  if (place < 0) return null
  const text = textsOf(kind)[place]!
  const begins = text.startsWith(word) ? 0 : text.includes(` ${word}`) ? 1 : 2
  return place * 3 + begins
}

/** The kinds in which every word of the query stands, best first; those of one rank in palette order. */
export function search(kinds: Kind[], query: string): Found[] {
  const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean)
  return kinds.flatMap((kind): Found[] => {
    const ranks = words.map((word) => rankOf(kind, word))
    if (ranks.includes(null)) return []
    const rank = (ranks as number[]).reduce((sum, each) => sum + each, 0)
    return [{ kind, rank, source: (ranks as number[]).some((each) => Math.floor(each / 3) >= SOURCE) }]
  }).sort((a, b) => a.rank - b.rank)
}

/** What is told of a kind when the pointer rests on it. */
export function about(kind: Kind): string {
  const calls = kind.model_calls === 'none' || kind.provides ? '' : `Model calls: ${kind.model_calls}`
  return [`${kind.title}: ${kind.summary}`, calls, kind.source && `Source: ${kind.source}`, 'Drag, or press Enter to add'].filter(Boolean).join('\n')
}
