/** Edits the server has not acknowledged yet, also kept in the browser so that a crash loses none. */

import type { Operation } from './operations'

export interface Batch {
  seq: number
  ops: Operation[]
  label: string
}

export interface Storage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
  key(index: number): string | null
  readonly length: number
}

const PREFIX = 'nodeloom.unsaved.'

export class Outbox {
  batches: Batch[] = []
  private seq = 0

  constructor(private readonly workflow: string, readonly client: string, private readonly storage: Storage | null) {}

  add(ops: Operation[], label: string): Batch {
    const batch = { seq: ++this.seq, ops, label }
    this.batches.push(batch)
    this.keep()
    return batch
  }

  replaceLast(ops: Operation[]): void {
    const last = this.batches.at(-1)!
    this.batches[this.batches.length - 1] = { ...last, ops }
    this.keep()
  }

  acknowledge(seq: number): Batch[] {
    const gone = this.batches.filter((batch) => batch.seq <= seq)
    this.batches = this.batches.filter((batch) => batch.seq > seq)
    this.keep()
    return gone
  }

  replaceAll(batches: Batch[]): void {
    this.batches = batches
    this.keep()
  }

  private keep(): void {
    const key = `${PREFIX}${this.workflow}.${this.client}`
    try {
      if (this.batches.length) this.storage?.setItem(key, JSON.stringify(this.batches))
      else this.storage?.removeItem(key)
    } catch {
      // A full or forbidden storage: the edits are still in memory and on their way to the server.
    }
  }
}

/** What earlier pages left unsaved for a workflow, by client. Sending it twice is harmless: the server counts. */
export function leftovers(workflow: string, storage: Storage | null): { client: string; batches: Batch[] }[] {
  const found: { client: string; batches: Batch[] }[] = []
  const prefix = `${PREFIX}${workflow}.`
  for (let index = 0; index < (storage?.length ?? 0); index++) {
    const key = storage!.key(index)
    if (!key?.startsWith(prefix)) continue
    try {
      found.push({ client: key.slice(prefix.length), batches: JSON.parse(storage!.getItem(key) ?? '[]') as Batch[] })
    } catch {
      storage!.removeItem(key)
    }
  }
  return found
}

export function forget(workflow: string, client: string, storage: Storage | null): void {
  storage?.removeItem(`${PREFIX}${workflow}.${client}`)
}
