/**
 * The working document of one workflow: the browser owns it, the server keeps it.
 *
 * Always `working = base + outbox`: `base` is the server's document at `revision`, the outbox what it has not
 * acknowledged. Edits of another tab move `base` and the outbox is replayed on top.
 */

import { createStore } from 'zustand/vanilla'
import { ApiError, Unreachable, type Api, type EventStream } from '../api'
import { complete, type Document } from './document'
import type { Diagnostic } from './diagnostics'
import { applyBatch, targetOf, type Operation } from './operations'
import { forget, leftovers, Outbox, type Batch, type Storage } from './outbox'

interface Step {
  forward: Operation[]
  inverse: Operation[]
  label: string
  merge?: string
  at: number
  /** Instead of operations: the revisions whose documents stood before and after. */
  whole?: { before: number; after: number }
}

export interface Conflict {
  /** Labels of my edits that fit on top of the other tab's, and of those that do not. */
  fit: string[]
  lost: string[]
}

export type Sync = 'loading' | 'saved' | 'saving' | 'offline' | 'conflict' | 'refused' | 'gone'

export interface SessionState {
  doc: Document | null
  revision: number
  diagnostics: Diagnostic[]
  sync: Sync
  waiting: number
  undo: string | null
  redo: string | null
  conflict: Conflict | null
  problem: { what: string; mend: string } | null
}

interface Loaded { revision: number; document: unknown; diagnostics?: Diagnostic[] }
interface Change { revision: number; client: string; seq: number; ops: Operation[]; label: string; diagnostics?: Diagnostic[] }
interface Saved { revision: number; acked: number; diagnostics: Diagnostic[] }

const DEBOUNCE = 150
const CEILING = 600
const RETRY = 3000
const MERGE_WITHIN = 1200
const HISTORY = 200

export class Session {
  readonly client = Math.random().toString(36).slice(2, 10)
  readonly store = createStore<SessionState>(() => ({
    doc: null, revision: 0, diagnostics: [], sync: 'loading', waiting: 0, undo: null, redo: null, conflict: null, problem: null,
  }))
  private readonly outbox: Outbox
  private base: Document | null = null
  /** In a conflict: the document that both tabs began with. */
  private parting: Document | null = null
  private past: Step[] = []
  private travelling = false
  private hurried: ('Undo' | 'Redo')[] = []
  private future: Step[] = []
  private inFlight = 0
  /** A version is being restored: edits made meanwhile wait until its document is here. */
  private replacing: 'no' | 'asked' | 'sent' = 'no'
  private timer: ReturnType<typeof setTimeout> | undefined
  private firstQueued: number | null = null
  private changes: EventStream | null = null

  constructor(readonly api: Api, readonly workflow: string, private readonly storage: Storage | null) {
    this.outbox = new Outbox(workflow, this.client, storage)
  }

  get doc(): Document {
    return this.store.getState().doc!
  }

  private set(patch: Partial<SessionState>): void {
    this.store.setState(patch)
  }

  // --- opening ---

  async open(): Promise<void> {
    try {
      await this.sendLeftovers()
      const loaded = await this.api.get<Loaded>(`/workflows/${this.workflow}`)
      this.take(loaded)
      this.listen()
    } catch (error) {
      this.report(error)
      if (error instanceof Unreachable) this.timer = setTimeout(() => void this.open(), RETRY)
    }
  }

  close(): void {
    this.changes?.close()
    this.changes = null
    clearTimeout(this.timer)
    if (this.outbox.batches.length) void this.flush()
  }

  /** A page shown again: follow the server from where this tab is. */
  reopen(): void {
    if (this.base && !this.changes) this.listen()
  }

  private take(loaded: Loaded): void {
    this.base = complete(loaded.document)
    this.set({ revision: loaded.revision, diagnostics: loaded.diagnostics ?? [], sync: 'saved', problem: null })
    this.replay()
  }

  private async sendLeftovers(): Promise<void> {
    for (const { client, batches } of leftovers(this.workflow, this.storage)) {
      if (client === this.client || !batches.length) continue
      const { revision } = await this.api.get<Loaded>(`/workflows/${this.workflow}`)
      try {
        await this.patch(client, batches, revision)
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 422) throw error
        const count = batches.length === 1 ? 'One edit' : `${batches.length} edits`
        this.set({ problem: { what: `${count} from before the reload no longer fit and were left out.`, mend: error.problem.what } })
      }
      forget(this.workflow, client, this.storage)
    }
  }

  private listen(): void {
    const after = this.store.getState().revision
    this.changes?.close()
    this.changes = this.api.events(`/workflows/${this.workflow}/changes?after=${after}`, (event) => {
      this.receive(event.data as Change)
    })
  }

  // --- editing ---

  /** Apply an edit, remember how to take it back, and send it. Edits with the same `merge` key join for a moment. */
  edit(ops: Operation[], label: string, merge?: string): void {
    if (!ops.length || !this.store.getState().doc) return
    const applied = applyBatch(this.doc, ops)
    const last = this.past.at(-1)
    const now = Date.now()
    const lastBatch = this.outbox.batches.at(-1)
    const joins = merge && last?.merge === merge && now - last.at < MERGE_WITHIN && lastBatch && lastBatch.seq > this.inFlight
    if (joins) {
      last.forward = ops
      last.at = now
      this.outbox.replaceLast(ops)
    } else {
      const step: Step = { forward: ops, inverse: applied.inverse, label, at: now }
      if (merge) step.merge = merge
      this.past = [...this.past, step].slice(-HISTORY)
      this.outbox.add(ops, label)
    }
    this.future = []
    this.changed(applied.document)
  }

  undo(): string | null {
    return this.travel(this.past, this.future, 'Undo')
  }

  redo(): string | null {
    return this.travel(this.future, this.past, 'Redo')
  }

  private travel(from: Step[], to: Step[], word: 'Undo' | 'Redo'): string | null {
    if (this.replacing !== 'no') {
      if (this.travelling) this.hurried.push(word)
      return null
    }
    const step = from.pop()
    if (!step) return null
    if (step.whole) return this.travelWhole(step, word === 'Undo' ? step.whole.before : step.whole.after, from, to, word)
    try {
      const ops = word === 'Undo' ? step.inverse : step.forward
      const applied = applyBatch(this.doc, ops)
      to.push({ ...step, ...(word === 'Undo' ? {} : { inverse: applied.inverse }), at: 0 })
      this.outbox.add(ops, `${word} ${step.label}`)
      this.changed(applied.document)
      return `${word}: ${step.label}`
    } catch {
      this.set({ undo: this.past.at(-1)?.label ?? null, redo: this.future.at(-1)?.label ?? null })
      return `“${step.label}” no longer fits: the workflow was changed in another tab.`
    }
  }

  private changed(document: Document): void {
    const { sync } = this.store.getState()
    this.set({
      doc: document, waiting: this.outbox.batches.length,
      undo: this.past.at(-1)?.label ?? null, redo: this.future.at(-1)?.label ?? null,
      sync: sync === 'saved' ? 'saving' : sync,
    })
    if (sync !== 'conflict') this.schedule()
  }

  // --- versions ---

  /** Make the workflow what it was at a revision: a new version, which undo takes back. Throws what stands against it. */
  async restore(revision: number): Promise<void> {
    const label = `Restore v${revision}`
    const before = await this.replaceBy(revision)
    this.past = [...this.past, { forward: [], inverse: [], label, at: 0, whole: { before, after: revision } }].slice(-HISTORY)
    this.future = []
    this.set({ undo: label, redo: null })
  }

  /** The undos and redos that were asked for while one was still on its way: no key press is lost. */
  private catchUp(): void {
    this.travelling = false
    while (this.hurried.length && this.replacing === 'no') {
      if (this.hurried.shift() === 'Undo') this.undo()
      else this.redo()
    }
  }

  /** Taking a restoration back restores what stood before it. */
  private travelWhole(step: Step, revision: number, from: Step[], to: Step[], word: 'Undo' | 'Redo'): string {
    const put = (pile: Step[]): void => {
      pile.push(step)
      this.set({ undo: this.past.at(-1)?.label ?? null, redo: this.future.at(-1)?.label ?? null })
    }
    this.travelling = true
    this.replaceBy(revision).then(() => {
      put(to)
      this.catchUp()
    }, (error: Error) => {
      put(from)
      this.travelling = false
      this.hurried = []
      this.set({ problem: { what: `${word} ${step.label}: ${error.message}`, mend: '' } })
    })
    return `${word}: ${step.label}`
  }

  /** The revision that stood until now. */
  private async replaceBy(revision: number): Promise<number> {
    if (this.replacing !== 'no') throw new Error('Another version is being restored; wait a moment.')
    this.replacing = 'asked'
    try {
      if (!(await this.sent())) throw new Error('Edits of this tab are not saved yet, so that nothing was restored.')
      this.replacing = 'sent'
      const present = this.store.getState().revision
      await this.api.json('POST', `/workflows/${this.workflow}/versions/${revision}/restore`, undefined, { 'If-Match': String(present) })
      await this.reload()
      return present
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) throw error
      await this.reload()
      throw new Error('The workflow was changed in another tab meanwhile, so that nothing was restored. Look at it, then restore again.')
    } finally {
      this.replacing = 'no'
      if (this.outbox.batches.length) this.schedule()
    }
  }

  /** Send what waits; false where the server does not take it. */
  private async sent(): Promise<boolean> {
    while (this.inFlight || this.outbox.batches.length) {
      await this.flush()
      if (!['saved', 'saving'].includes(this.store.getState().sync)) return false
      if (this.inFlight) await new Promise((done) => setTimeout(done, 30))
    }
    return this.store.getState().sync === 'saved'
  }

  // --- saving ---

  private schedule(): void {
    const now = Date.now()
    this.firstQueued ??= now
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.flush(), Math.max(0, Math.min(DEBOUNCE, this.firstQueued + CEILING - now)))
  }

  /** Send everything unacknowledged; one request at a time. */
  async flush(): Promise<void> {
    clearTimeout(this.timer)
    this.firstQueued = null
    const batches = [...this.outbox.batches]
    if (this.inFlight || this.replacing === 'sent' || !batches.length || !this.base || this.store.getState().conflict) return
    this.inFlight = batches.at(-1)!.seq
    try {
      const saved = await this.patch(this.client, batches, this.store.getState().revision)
      this.acknowledge(saved.acked, saved.revision, saved.diagnostics)
    } catch (error) {
      this.failed(error)
    } finally {
      this.inFlight = 0
    }
    if (this.outbox.batches.length && this.store.getState().sync === 'saving') this.schedule()
  }

  /** Send the edits again at once: the button beside the offline words. */
  retry(): void {
    this.set({ sync: 'saving', problem: null })
    void this.flush()
  }

  private patch(client: string, batches: Batch[], revision: number): Promise<Saved> {
    const headers = { 'If-Match': String(revision) }
    return this.api.json<Saved>('PATCH', `/workflows/${this.workflow}`, { client, batches }, headers)
  }

  private acknowledge(seq: number, revision: number, diagnostics: Diagnostic[] | undefined): void {
    for (const batch of this.outbox.acknowledge(seq)) this.base = applyBatch(this.base!, batch.ops).document
    const waiting = this.outbox.batches.length
    const patch: Partial<SessionState> = { revision: Math.max(revision, this.store.getState().revision), waiting, problem: null }
    if (diagnostics && this.differ(diagnostics)) patch.diagnostics = diagnostics
    this.set({ ...patch, sync: waiting ? 'saving' : 'saved' })
  }

  /** Whether findings are other than those shown; every card looks again when they are replaced. */
  private differ(diagnostics: Diagnostic[]): boolean {
    return JSON.stringify(diagnostics) !== JSON.stringify(this.store.getState().diagnostics)
  }

  private failed(error: unknown): void {
    if (error instanceof ApiError && error.status === 409 && Array.isArray(error.body['batches']))
      return this.overtaken(error.body as unknown as { revision: number; batches: Change[]; document?: unknown })
    // The stream of changes may have told that they arrived, though the answer was lost.
    if (error instanceof Unreachable && !this.outbox.batches.length) return
    this.report(error)
    if (this.store.getState().sync === 'offline') this.timer = setTimeout(() => void this.flush(), RETRY)
  }

  private report(error: unknown): void {
    if (error instanceof ApiError) {
      const problem = { what: error.problem.what, mend: error.problem.mend ?? '' }
      this.set({ problem, sync: error.status === 404 ? 'gone' : error.status >= 500 ? 'offline' : 'refused' })
    } else if (error instanceof Unreachable) {
      this.set({ sync: 'offline', problem: { what: error.message, mend: '' } })
    } else throw error
  }

  // --- another tab ---

  private receive(change: Change): void {
    const { revision } = this.store.getState()
    if (change.revision <= revision) {
      if (change.diagnostics && change.revision === revision && this.differ(change.diagnostics)) this.set({ diagnostics: change.diagnostics })
      return
    }
    if (change.client === this.client) return this.acknowledge(change.seq, change.revision, change.diagnostics)
    // Without operations the document was replaced whole.
    if (change.revision > revision + 1 || !change.ops.length) return void this.reload()
    this.overtaken({ revision: change.revision, batches: [change] })
  }

  private async reload(): Promise<void> {
    try {
      this.take(await this.api.get<Loaded>(`/workflows/${this.workflow}`))
      if (this.outbox.batches.length) this.schedule()
    } catch (error) {
      this.report(error)
    }
  }

  /** The server went ahead by these batches: take them, and put what is mine on top. */
  private overtaken(news: { revision: number; batches: Change[]; document?: unknown }): void {
    this.parting ??= this.base
    const mine = news.batches.filter((batch) => batch.client === this.client)
    const others = news.batches.filter((batch) => batch.client !== this.client)
    this.outbox.acknowledge(Math.max(0, ...mine.map((batch) => batch.seq)))
    this.base = news.document
      ? complete(news.document)
      : others.reduce((document, batch) => applyBatch(document, batch.ops).document, this.base!)
    const diagnostics = news.batches.at(-1)?.diagnostics
    this.set({ revision: news.revision, ...(diagnostics ? { diagnostics } : {}) })
    const conflict = this.compare(others)
    if (conflict) this.set({ conflict, sync: 'conflict' })
    else if (!this.store.getState().conflict) this.parting = null
    this.replay()
    if (!conflict && this.outbox.batches.length) this.schedule()
  }

  /** A conflict where an edit of mine no longer fits, or touches what the other tab touched too. */
  private compare(others: Change[]): Conflict | null {
    const touched = new Set(others.flatMap((batch) => batch.ops.map(targetOf)))
    const conflict: Conflict = { fit: [], lost: [] }
    let document = this.base!
    let overlap = false
    for (const batch of this.outbox.batches) {
      try {
        document = applyBatch(document, batch.ops).document
        conflict.fit.push(batch.label)
        overlap ||= batch.ops.some((op) => touched.has(targetOf(op)))
      } catch {
        conflict.lost.push(batch.label)
      }
    }
    return conflict.lost.length || overlap ? conflict : null
  }

  /** In a conflict: what both tabs began with, what this one made of it, and what is saved now. */
  forked(): { base: Document; mine: Document; saved: Document } {
    const base = this.parting ?? this.base!
    let mine = base
    for (const batch of this.outbox.batches) {
      try {
        mine = applyBatch(mine, batch.ops).document
      } catch {
        // Made on top of the other tab's edits, which are not in it.
      }
    }
    return { base, mine, saved: this.base! }
  }

  /** Read the findings again: what the workflow may do was decided anew. */
  async look(): Promise<void> {
    const { diagnostics } = await this.api.get<Loaded>(`/workflows/${this.workflow}`)
    if (diagnostics && this.differ(diagnostics)) this.set({ diagnostics })
  }

  /** The reader has looked: keep my edits that fit, or drop them all. */
  settle(keep: boolean): void {
    this.parting = null
    const fitting: Batch[] = []
    let document = this.base!
    for (const batch of keep ? this.outbox.batches : []) {
      try {
        document = applyBatch(document, batch.ops).document
        fitting.push(batch)
      } catch {
        // Named as lost in the notice the reader has just answered.
      }
    }
    this.outbox.replaceAll(fitting)
    this.past = []
    this.future = []
    this.set({ conflict: null, problem: null, sync: fitting.length ? 'saving' : 'saved' })
    this.replay()
    if (fitting.length) this.schedule()
  }

  private replay(): void {
    let document = this.base!
    for (const batch of this.outbox.batches) {
      try {
        document = applyBatch(document, batch.ops).document
      } catch {
        // Counted in `conflict.lost`; the reader decides.
      }
    }
    this.set({
      doc: document, waiting: this.outbox.batches.length,
      undo: this.past.at(-1)?.label ?? null, redo: this.future.at(-1)?.label ?? null,
    })
  }
}
