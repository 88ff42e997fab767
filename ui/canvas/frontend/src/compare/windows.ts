/** A long list read in windows: what is there, and which windows to ask for. */

export const WINDOW = 200

export class Windows<T> {
  private readonly rows = new Map<number, T[]>()
  private readonly asked = new Set<number>()

  constructor(readonly total: number) {}

  /** The row at `index`; undefined while its window is not there. */
  at(index: number): T | undefined {
    return this.rows.get(Math.floor(index / WINDOW))?.[index % WINDOW]
  }

  /** Offsets of the windows around rows `[first, last)` that nobody has asked for yet; they count as asked from now on. */
  wanted(first: number, last: number): number[] {
    const found: number[] = []
    for (let window = Math.floor(first / WINDOW); window * WINDOW < Math.min(last, this.total); window++) {
      if (this.asked.has(window)) continue
      this.asked.add(window)
      found.push(window * WINDOW)
    }
    return found
  }

  put(offset: number, rows: T[]): void {
    this.rows.set(offset / WINDOW, rows)
  }

  /** The window could not be read: it may be asked for again. */
  failed(offset: number): void {
    this.asked.delete(offset / WINDOW)
  }
}
