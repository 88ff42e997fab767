// Loads a run and keeps it fresh while it goes on. The view subscribes; nothing here knows React.
import { type Api, ApiError, type EventStream } from '../api'
import type { Kind } from '../model/kinds'
import { Trace } from './model'
import type { Run, Span, SpanPage, TraceDocument } from './types'

const PAGE = 500
const REFRESH_MS = 400
const GOING_ON = new Set(['queued', 'running', 'waiting'])

interface Page {
  after: string
  next: string | null
  spans: Span[]
}

export interface TraceState {
  run: Run | null
  document: TraceDocument | null
  kinds: Record<string, Kind>
  trace: Trace
  /** All spans there are have been read. */
  complete: boolean
  error: { what: string; mend: string } | null
}

export class TraceStore {
  state: TraceState = { run: null, document: null, kinds: {}, trace: new Trace([]), complete: false, error: null }
  private pages: Page[] = []
  private readonly listeners = new Set<() => void>()
  private readonly whole = new Map<string, Promise<Span>>()
  private stream: EventStream | null = null
  private timer: ReturnType<typeof setTimeout> | null = null
  private refreshing = false
  private closed = false

  constructor(
    private readonly api: Api,
    readonly runId: string,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  readonly snapshot = (): TraceState => this.state

  async open(): Promise<void> {
    this.closed = false
    try {
      const [run, kinds] = await Promise.all([this.api.get<Run>(`/runs/${this.runId}`), this.api.get<Kind[]>('/kinds')])
      const document = await this.api.get<TraceDocument>(`/runs/${this.runId}/document`)
      this.set({ run, document, kinds: Object.fromEntries(kinds.map((kind) => [kind.kind, kind])) })
      if (GOING_ON.has(run.status)) this.watch()
      await this.refresh()
    } catch (error) {
      this.fail(error)
    }
  }

  close(): void {
    this.closed = true
    this.stream?.close()
    if (this.timer) clearTimeout(this.timer)
  }

  /** A span with its long values; kept once it has ended. */
  span(id: string): Promise<Span> {
    const known = this.whole.get(id)
    if (known) return known
    const asked = this.api.get<Span>(`/runs/${this.runId}/spans/${id}`)
    this.whole.set(id, asked)
    asked.then(
      (span) => span.ended_at === null && this.whole.delete(id),
      () => this.whole.delete(id),
    )
    return asked
  }

  private watch(): void {
    // A run that was resumed has ended before: only the end of the stream after `run.finished` is the end.
    let over = false
    this.stream = this.api.events(
      `/runs/${this.runId}/events`,
      (event) => {
        if (event.data.type !== 'node.token') this.soon()
        over = event.data.type === 'run.finished' && event.data.status !== 'waiting'
      },
      () => this.soon(),
      () => over,
    )
  }

  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null
      void this.refresh().catch((error: unknown) => this.fail(error))
    }, REFRESH_MS)
  }

  /** Reads the pages that can still change: those with an open span, and what comes after the last. */
  private async refresh(): Promise<void> {
    if (this.refreshing) return this.soon()
    this.refreshing = true
    try {
      if (this.pages.length > 0) this.set({ run: await this.api.get<Run>(`/runs/${this.runId}`) })
      let after: string | null = ''
      for (let index = 0; after !== null && !this.closed; index++) {
        const page: Page = settled(this.pages[index]) ? this.pages[index]! : await this.read(after)
        if (page !== this.pages[index]) this.put(index, page)
        after = page.next
      }
      this.set({ complete: true, error: null })
    } finally {
      this.refreshing = false
    }
  }

  private async read(after: string): Promise<Page> {
    const query = after === '' ? '' : `&after=${encodeURIComponent(after)}`
    const page = await this.api.get<SpanPage>(`/runs/${this.runId}/spans?limit=${PAGE}${query}`)
    return { after, next: page.next === null || page.spans.length === 0 ? null : String(page.next), spans: page.spans }
  }

  private put(index: number, page: Page): void {
    this.pages = [...this.pages.slice(0, index), page, ...this.pages.slice(index + 1)]
    this.set({ trace: new Trace(this.pages.flatMap((each) => each.spans)) })
  }

  private fail(error: unknown): void {
    const problem = error instanceof ApiError ? error.problem : null
    const what = problem?.what ?? 'The server does not answer.'
    this.set({ error: { what, mend: problem?.mend ?? 'What was read so far stays here; it goes on when the server is back.' } })
    if (problem === null && !this.closed) this.timer ??= setTimeout(() => this.again(), 3000)
  }

  private again(): void {
    this.timer = null
    void (this.state.document === null ? this.open() : this.refresh().catch((error: unknown) => this.fail(error)))
  }

  private set(change: Partial<TraceState>): void {
    if (this.closed) return
    this.state = { ...this.state, ...change }
    for (const listener of this.listeners) listener()
  }
}

function settled(page: Page | undefined): boolean {
  return page !== undefined && page.next !== null && page.spans.every((span) => span.ended_at !== null)
}
