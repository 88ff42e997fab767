// The rows of the tree that are here: a few of perhaps a hundred thousand, by their place in the list.
import type { Row } from './types'

export const BLOCK = 100
/** Rows kept in the browser; those furthest from what is looked at go first. */
export const MOST_ROWS = 3000

export class RowWindow {
  readonly rows: ReadonlyMap<number, Row>
  readonly total: number

  constructor(rows: ReadonlyMap<number, Row> = new Map(), total = 0) {
    this.rows = rows
    this.total = total
  }

  /** With the rows of an answer; where the list has another length, the others are no longer right. */
  with(offset: number, rows: Row[], total: number): RowWindow {
    const next = new Map(total === this.total ? this.rows : [])
    rows.forEach((row, at) => next.set(offset + at, row))
    return new RowWindow(next.size > MOST_ROWS ? nearest(next, offset) : next, total)
  }

  /** Without any row, of the same length: all have to be read again. */
  stale(): RowWindow {
    return new RowWindow(new Map(), this.total)
  }

  /** What to ask for so that `[first, last)` is here, in whole blocks; null where it is. */
  missing(first: number, last: number): { offset: number; limit: number } | null {
    let from = -1
    let to = -1
    for (let at = Math.max(0, first); at < Math.min(last, this.total); at++) {
      if (this.rows.has(at)) continue
      if (from < 0) from = at
      to = at
    }
    if (from < 0) return null
    const offset = from - (from % BLOCK)
    const end = Math.min(this.total, to - (to % BLOCK) + BLOCK)
    return { offset, limit: Math.min(500, end - offset) }
  }

  /** The place of a span among the rows that are here; -1 where it is not. */
  placeOf(span: string | null): number {
    for (const [at, row] of this.rows) if (row.id === span) return at
    return -1
  }
}

function nearest(rows: Map<number, Row>, place: number): Map<number, Row> {
  const near = [...rows.entries()].sort(([a], [b]) => Math.abs(a - place) - Math.abs(b - place))
  return new Map(near.slice(0, MOST_ROWS / 2))
}
