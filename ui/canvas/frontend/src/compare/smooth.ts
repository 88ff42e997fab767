/** Word diffs that read well: a few words that happen to be alike between two changes are part of the change. */

import type { Piece } from '../views/figures'

/** Words between two changes that are taken into them. */
const FEW = 2

/** Mustache tags, words with the points and commas inside them, runs of spaces, and every other sign by itself. */
export function wordsOf(text: string): string[] {
  return text.match(/\s+|\{\{\{?[^{}]*\}?\}\}|[\p{L}\p{N}_]+(?:[.,'’:/-][\p{L}\p{N}_]+)*|[^\s]/gu) ?? []
}

export function smooth(pieces: readonly Piece[]): Piece[] {
  const found: Piece[] = []
  let change: { removed: string; added: string } | null = null
  const flush = (): void => {
    if (change?.removed) found.push({ text: change.removed, sort: 'removed' })
    if (change?.added) found.push({ text: change.added, sort: 'added' })
    change = null
  }
  pieces.forEach((piece, at) => {
    if (piece.sort === 'same' && !(change && isFew(piece.text) && bothChange(pieces, at))) {
      flush()
      found.push(piece)
      return
    }
    change ??= { removed: '', added: '' }
    if (piece.sort !== 'added') change.removed += piece.text
    if (piece.sort !== 'removed') change.added += piece.text
  })
  flush()
  return found
}

function isFew(text: string): boolean {
  return !text.includes('\n') && text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length <= FEW
}

/** Whether what stands around is a change on both sides, so that there is something to join. */
function bothChange(pieces: readonly Piece[], at: number): boolean {
  const before = pieces[at - 1]
  const after = pieces[at + 1]
  if (!before || !after || after.sort === 'same') return false
  // Two insertions with a word between them stay two insertions.
  const sorts = new Set([before, pieces[at - 2], after, pieces[at + 2]].filter((piece) => piece && piece.sort !== 'same').map((piece) => piece!.sort))
  return sorts.size === 2
}
