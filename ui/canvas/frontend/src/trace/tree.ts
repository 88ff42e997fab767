// The tree as the reader has it: what is open, what is searched for, and the rows around where they look.
import { Observable } from './observable'
import { problemOf, type TraceReader } from './reader'
import { RowWindow } from './window'
import type { Row, TreeWindow } from './types'

const ASK_AGAIN_MS = 60

export interface TreeState {
  window: RowWindow
  query: string
  /** Spans that hold the words; null where nothing is searched for. */
  found: number | null
  searched: number
  of: number
  /** Place of the selected span; null where it is not to be seen. */
  at: number | null
  /** Changes when the selected row is to be scrolled to. */
  scroll: number
  error: { what: string; mend: string } | null
}

export class Tree extends Observable<TreeState> {
  private opened = new Set<string>()
  private closed = new Set<string>()
  private selected: string | null = null
  private turn = 0
  private asked = ''
  private sight: [number, number] = [0, 60]
  private timer: ReturnType<typeof setTimeout> | null = null

  constructor(private readonly reader: Pick<TraceReader, 'tree'>) {
    super({ window: new RowWindow(), query: '', found: null, searched: 0, of: 0, at: null, scroll: 0, error: null })
  }

  close(): void {
    this.turn++
    if (this.timer) clearTimeout(this.timer)
  }

  /** Rows `[first, last)` are looked at: reads what is missing of them. */
  look(first: number, last: number): void {
    this.sight = [first, last]
    const missing = this.state.window.missing(first, last)
    if (missing) void this.read(missing)
  }

  /** Select a span; unless it is in sight already, everything above it opens and it is scrolled to. */
  async show(span: string): Promise<void> {
    this.selected = span
    const at = this.state.window.placeOf(span)
    if (at >= 0) return this.set({ at, scroll: this.state.scroll + 1 })
    await this.reveal()
    this.set({ scroll: this.state.scroll + 1 })
  }

  /** The row at a place, read where it is not here. */
  async rowAt(place: number): Promise<Row | null> {
    const at = Math.min(this.state.window.total - 1, Math.max(0, place))
    const missing = this.state.window.missing(at, at + 1)
    if (missing) await this.read(missing)
    return this.state.window.rows.get(at) ?? null
  }

  /** The next row from a place that the search found, forwards or backwards; goes round at the end. */
  async nextHit(from: number, by: 1 | -1): Promise<Row | null> {
    const total = this.state.window.total
    for (let step = 1; step <= total; step++) {
      const row = await this.rowAt((((from + by * step) % total) + total) % total)
      if (row?.hit) return row
    }
    return null
  }

  async toggle(row: Row, open: boolean): Promise<void> {
    const [to, from] = open ? [this.opened, this.closed] : [this.closed, this.opened]
    to.add(row.id)
    from.delete(row.id)
    this.turn++
    await this.read(this.block(), true)
  }

  search(query: string): void {
    this.turn++
    this.set({ query, ...(query.trim() ? {} : { found: null }) })
    if (this.timer) clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.read({ offset: 0, limit: 200 }, true), query.trim() ? 160 : 0)
  }

  /** What is in sight, read again: the run goes on. */
  refresh(): Promise<void> {
    return this.read(this.block(), true)
  }

  private block(): { offset: number; limit: number } {
    const offset = Math.max(0, this.sight[0] - (this.sight[0] % 100))
    return { offset, limit: Math.min(500, Math.max(100, this.sight[1] - offset + 50)) }
  }

  private async reveal(): Promise<void> {
    const answer = await this.ask({ ...this.block(), ...(this.selected ? { reveal: this.selected } : {}) })
    if (!answer) return
    for (const span of answer.opened) {
      this.opened.add(span)
      this.closed.delete(span)
    }
    this.take(answer, true)
  }

  /** `anew`: the rows that are here are no longer right. */
  private async read(part: { offset: number; limit: number }, anew = false): Promise<void> {
    const key = `${this.turn} ${part.offset} ${part.limit}`
    if (!anew && key === this.asked) return
    this.asked = key
    const answer = await this.ask({ ...part, ...(this.selected ? { mark: this.selected } : {}) })
    if (key === this.asked) this.asked = ''
    if (answer) this.take(answer, anew)
  }

  /** The server's answer; null where it failed, or what was asked for is no longer wanted. */
  private async ask(part: { offset: number; limit: number; reveal?: string; mark?: string }): Promise<TreeWindow | null> {
    const turn = this.turn
    const q = this.state.query.trim()
    try {
      const answer = await this.reader.tree({ ...part, opened: [...this.opened], closed: [...this.closed], ...(q ? { q } : {}) })
      return turn === this.turn ? answer : null
    } catch (error) {
      if (turn === this.turn) this.set({ error: problemOf(error) })
      return null
    }
  }

  private take(answer: TreeWindow, anew: boolean): void {
    const window = (anew ? new RowWindow() : this.state.window).with(answer.offset, answer.rows, answer.total)
    this.set({ window, at: answer.at, found: answer.found, searched: answer.searched, of: answer.of, error: null })
    if (answer.found !== null && answer.searched < answer.of) this.askAgain()
  }

  /** The index grows with each question: ask until all of it was searched. */
  private askAgain(): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.refresh(), ASK_AGAIN_MS)
  }
}
