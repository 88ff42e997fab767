// A run open in the inspector: what is read of it, what is looked at, and keeping both fresh while it goes on.
import { type Api, ApiError, type EventStream } from '../api'
import type { Kind } from '../model/kinds'
import { Observable } from './observable'
import { problemOf, TraceReader } from './reader'
import { Replay } from './replay'
import { Tree } from './tree'
import { Trials } from './trials'
import type { Around, Comment, Overview, Relative, Row, Run, TraceDocument } from './types'

const REFRESH_MS = 400
const AGAIN_MS = 3000
/** Milliseconds between two spans of which everything is read while the playhead runs. */
const PANEL_MS = 180
export const GOING_ON: ReadonlySet<string> = new Set(['queued', 'running', 'waiting'])

export interface TraceState {
  run: Run | null
  document: TraceDocument | null
  kinds: Record<string, Kind>
  overview: Overview | null
  relatives: Relative[]
  selected: string | null
  /** Of the selected span, as soon as it is here. */
  around: Around | null
  error: { what: string; mend: string } | null
}

const NOTHING: TraceState = { run: null, document: null, kinds: {}, overview: null, relatives: [], selected: null, around: null, error: null }

export class TraceStore extends Observable<TraceState> {
  readonly reader: TraceReader
  readonly tree: Tree
  readonly replay: Replay
  readonly trials: Trials
  private stream: EventStream | null = null
  private timer: ReturnType<typeof setTimeout> | null = null
  private panel: ReturnType<typeof setTimeout> | null = null
  private refreshing = false
  private closed = false
  /** The reader has chosen a span: till then a run that goes on shows what it works on. */
  private chosen = false

  constructor(private readonly api: Api, readonly runId: string) {
    super(NOTHING)
    this.reader = new TraceReader(api, runId)
    this.tree = new Tree(this.reader)
    this.trials = new Trials(api, runId)
    this.replay = new Replay(this.reader, (step) => this.follow(step.id))
  }

  async open(span: string | null): Promise<void> {
    this.closed = false
    try {
      const quick = Promise.all([this.reader.row(), this.reader.overview(), span ? this.tree.show(span) : this.tree.refresh()])
      const slow = Promise.all([this.reader.kinds(), this.reader.document()])
      const [run, overview] = await quick
      this.put({ run, overview })
      if (GOING_ON.has(run.status)) this.watch()
      const first = span ?? overview.show
      if (first) void this.select(first, span !== null)
      void this.findRelatives()
      if (!GOING_ON.has(run.status)) void this.trials.open()
      const [kinds, document] = await slow
      this.put({ document, kinds: Object.fromEntries(kinds.map((kind) => [kind.kind, kind])) })
    } catch (error) {
      this.fail(error)
    }
  }

  close(): void {
    this.closed = true
    this.stream?.close()
    this.tree.close()
    this.replay.close()
    this.trials.close()
    for (const timer of [this.timer, this.panel]) if (timer) clearTimeout(timer)
  }

  /** Look at a span: the tree, the graph and the panel follow. */
  async select(span: string, byReader = true): Promise<void> {
    if (byReader) this.chosen = true
    this.replay.pause()
    this.put({ selected: span, ...(byReader ? { error: null } : {}) })
    void this.tree.show(span)
    await this.readAround(span)
    const around = this.state.around
    if (this.state.selected === span && around) await this.replay.stand(around.row.depth === 0 ? null : around.step)
  }

  /** Open or close a row; what was selected below a row that closes gives the selection to it. */
  async toggle(row: Row, open: boolean): Promise<void> {
    const inside = this.state.around?.path.some((each) => each.id === row.id) && this.state.selected !== row.id
    if (!open && inside) await this.select(row.id)
    await this.tree.toggle(row, open)
  }

  async comment(span: string, text: string, author: string): Promise<void> {
    await this.reader.comment(span, text, author)
    await this.commented(span)
  }

  async editComment(comment: Comment, text: string): Promise<void> {
    await this.reader.editComment(comment.id, text)
    await this.commented(comment.span)
  }

  async removeComment(comment: Comment): Promise<void> {
    await this.reader.removeComment(comment.id)
    await this.commented(comment.span)
  }

  private async commented(span: string): Promise<void> {
    await Promise.all([this.readAround(span), this.tree.refresh()])
  }

  /** The playhead came to a step. */
  private follow(span: string): void {
    this.chosen = true
    this.put({ selected: span })
    void this.tree.show(span)
    if (!this.replay.snapshot().playing) return void this.readAround(span)
    this.panel ??= setTimeout(() => {
      this.panel = null
      if (this.state.selected) void this.readAround(this.state.selected)
    }, PANEL_MS)
  }

  private async readAround(span: string): Promise<void> {
    try {
      const around = await this.reader.around(span)
      if (this.state.selected === span) this.put({ around })
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) return this.fail(error)
      // A link to a span that is gone: say so, and show the run all the same.
      this.put({ error: problemOf(error) })
      const show = this.state.overview?.show
      if (show && show !== span) await this.select(show, false)
    }
  }

  private async findRelatives(): Promise<void> {
    try {
      const relatives = await this.reader.lineage()
      this.put({ relatives })
    } catch (error) {
      if (!(error instanceof ApiError)) this.fail(error) // a run without relatives to tell of is no fault
    }
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

  /** What can have changed, read again: figures, rows in sight, steps, and the span looked at. */
  private async refresh(): Promise<void> {
    if (this.refreshing) return this.soon()
    this.refreshing = true
    try {
      const [run, overview] = await Promise.all([this.reader.row(), this.reader.overview()])
      this.put({ run, overview, error: null })
      await Promise.all([this.tree.refresh(), this.replay.refresh()])
      if (!this.chosen && overview.show && overview.show !== this.state.selected) await this.select(overview.show, false)
      else if (this.state.selected && this.state.around?.row.ended_at === null) await this.readAround(this.state.selected)
    } finally {
      this.refreshing = false
    }
  }

  private fail(error: unknown): void {
    this.put({ error: problemOf(error) })
    if (!(error instanceof ApiError) && !this.closed) this.timer ??= setTimeout(() => this.again(), AGAIN_MS)
  }

  private again(): void {
    this.timer = null
    void (this.state.document === null ? this.open(this.state.selected) : this.refresh().catch((error: unknown) => this.fail(error)))
  }

  private put(change: Partial<TraceState>): void {
    if (!this.closed) this.set(change)
  }
}
