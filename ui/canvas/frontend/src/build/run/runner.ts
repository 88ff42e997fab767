/** Starting, following, answering and stopping a run of one workflow. Events are taken once a frame. */

import { createStore } from 'zustand/vanilla'
import { ApiError, type Api, type EventStream } from '../../api'
import type { Limits } from '../../model/document'
import type { Diagnostic } from '../../model/diagnostics'
import { choicesOf, type Changed } from '../debug/choices'
import type { Command, Edits, StopAt } from '../debug/stop'
import { advance, BLANK, OVER, unstopped, type Picture, type RunEvent, type Scene } from './events'
import { isBare, recalled, type Step } from './recall'

export interface Run {
  id: string
  number: string
  status: string
  model: string | null
  revision: number
  inputs: Record<string, unknown>
  outputs: Record<string, unknown> | null
  error: { what: string; mend: string } | null
  limits: Limits
  seconds: number
  steps: number
  input_tokens: number
  output_tokens: number
  usd: number
  started_at: number
  /** The run it was forked from or keeps visits of, what was changed, and how many visits were kept. */
  parent_id?: string | null
  changes?: { node?: string; visit?: number; only?: boolean; keep?: string }
  label?: string
  kept?: number
}

export interface Point { node: string; when: string; condition?: string }

/** How a run is started beyond its inputs. */
export interface Options {
  recorded?: boolean
  model?: string
  breakpoints?: Point[]
  /** Visits of an earlier run are kept where nothing has changed. */
  keep?: { run: string }
  /** Pinned outputs take the place of running. */
  pins?: boolean
}

/** Where and how a run is forked; the body of `POST /runs/{id}/fork`. */
export type Fork = Record<string, unknown>

export interface RunState {
  run: Run | null
  picture: Picture
  /** Whether a request to start, stop or resume is under way. */
  busy: boolean
  /** Why it could not start: for each input, and in general. */
  fields: Record<string, string>
  refused: { what: string; mend: string; diagnostics: Diagnostic[] } | null
  /** A command was refused, for the workflow was edited under the run: what can be done. */
  changed: Changed | null
}

interface InputError { field: string; what: string; mend: string }

/** Steps of the trace shown on the cards at most: the last ones. */
const STEPS = 500

export class Runner {
  readonly store = createStore<RunState>(() => ({ run: null, picture: BLANK, busy: false, fields: {}, refused: null, changed: null }))
  private stream: EventStream | null = null
  private pending: RunEvent[] = []
  private frame = 0
  private recalled: string | null = null
  private version: { run: string; nodes: Set<string> } | null = null

  constructor(
    private readonly api: Api, readonly workflow: string,
    private readonly scene: Scene, private readonly onEnd: (run: Run) => void,
    /** A command of the debugger was refused; the run goes on as it was. */
    private readonly onRefused: (words: string) => void = () => undefined,
  ) {}

  get live(): boolean {
    const { run, picture } = this.store.getState()
    return run !== null && !OVER.has(picture.status)
  }

  private set(patch: Partial<RunState>): void {
    this.store.setState(patch)
  }

  /** Find the run that is under way, or the last one, after a reload. */
  async reattach(wanted: string | null): Promise<void> {
    const id = wanted ?? (await this.api.get<{ runs: Run[] }>(`/runs?workflow=${this.workflow}&limit=1`)).runs[0]?.id
    if (id) await this.follow(id)
  }

  async start(inputs: Record<string, unknown>, options: Options = {}): Promise<boolean> {
    this.set({ busy: true, fields: {}, refused: null })
    try {
      const { run_id } = await this.api.post<{ run_id: string }>(`/workflows/${this.workflow}/runs`, { inputs, ...options })
      await this.follow(run_id)
      return true
    } catch (error) {
      this.refuse(error)
      return false
    } finally {
      this.set({ busy: false })
    }
  }

  /** A new run from a point of an earlier one; it is followed from here on. */
  async fork(run: string, body: Fork): Promise<boolean> {
    this.set({ busy: true, fields: {}, refused: null, changed: null })
    try {
      const { run_id } = await this.api.post<{ run_id: string }>(`/runs/${run}/fork`, body)
      await this.follow(run_id)
      return true
    } catch (error) {
      this.refuse(error)
      return false
    } finally {
      this.set({ busy: false })
    }
  }

  /** Show another run of this workflow. */
  async show(id: string): Promise<void> {
    await this.follow(id)
  }

  private refuse(error: unknown): void {
    if (!(error instanceof ApiError)) return this.set({ refused: { what: (error as Error).message, mend: 'Try again in a moment.', diagnostics: [] } })
    const errors = (error.body['errors'] ?? error.body['fields'] ?? []) as InputError[]
    const fields = Object.fromEntries(errors.filter((each) => each.field).map((each) => [each.field, `${each.what} ${each.mend}`.trim()]))
    const diagnostics = (error.body['diagnostics'] ?? []) as Diagnostic[]
    this.set({ fields, refused: { what: error.problem.what, mend: error.problem.mend ?? '', diagnostics } })
  }

  private async follow(id: string): Promise<void> {
    this.detach()
    this.set({ changed: null })
    const run = await this.api.get<Run>(`/runs/${id}`)
    this.set({ run, picture: { ...BLANK, status: OVER.has(run.status) ? 'running' : run.status }, refused: null })
    // A run that was resumed has ended before: only the end of the stream after `run.finished` is the end.
    let over = false
    const onClose = (): boolean => {
      if (over) void this.finish()
      return over
    }
    this.stream = this.api.events(`/runs/${id}/events`, ({ data }) => {
      over = data.type === 'run.finished' && OVER.has(data.status)
      this.receive(data as RunEvent)
    }, undefined, onClose)
  }

  private receive(event: RunEvent): void {
    this.pending.push(event)
    // A hidden tab gets no frames; the timer keeps the picture right.
    if (!this.frame) this.frame = document.hidden ? window.setTimeout(() => this.flush(), 100) : requestAnimationFrame(() => this.flush())
  }

  private flush(): void {
    this.frame = 0
    const events = this.pending
    this.pending = []
    if (!events.length) return
    this.set({ picture: advance(this.store.getState().picture, events, this.scene) })
    void this.recall()
  }

  /** Where the events of before are gone, the trace tells what the nodes came to. */
  private async recall(): Promise<void> {
    const { run, picture } = this.store.getState()
    if (!run || this.recalled === run.id || !isBare(picture, run.steps)) return
    this.recalled = run.id
    try {
      const { total } = await this.api.get<{ total: number }>(`/runs/${run.id}/steps?limit=1`)
      const { steps } = await this.api.get<{ steps: Step[] }>(`/runs/${run.id}/steps?offset=${Math.max(0, total - STEPS)}&limit=${STEPS}`)
      if (this.store.getState().run?.id === run.id) this.set({ picture: recalled(this.store.getState().picture, steps, this.scene) })
    } catch {
      this.recalled = null // The run is shown without them; its trace has them.
    }
  }

  private async finish(): Promise<void> {
    const { run } = this.store.getState()
    if (!run) return
    const whole = await this.api.get<Run>(`/runs/${run.id}`)
    this.flush()
    const { picture } = this.store.getState()
    const spent = { steps: whole.steps, seconds: whole.seconds, tokens: whole.input_tokens + whole.output_tokens, usd: whole.usd }
    this.set({ run: whole, changed: null, picture: { ...picture, spent, outputs: whole.outputs ?? picture.outputs, error: whole.error ?? picture.error } })
    this.onEnd(whole)
  }

  /** Put a refusal aside. */
  forgive(): void {
    this.set({ refused: null, fields: {} })
  }

  async stop(): Promise<void> {
    await this.command('/stop')
  }

  async answer(interrupt: string, answer: Record<string, unknown>): Promise<void> {
    await this.command('/answer', { interrupt, answer })
  }

  /** Run on after a stop, a spent limit or a failure. */
  async resume(limits?: Partial<Limits>): Promise<void> {
    await this.command('/resume', limits ? { limits } : {})
  }

  /** On from a stop, or from all of them; `edits` are put in there. */
  async debug(command: Command, interrupt: string | null, edits: Edits | null, breakpoints: Point[]): Promise<boolean> {
    const { run } = this.store.getState()
    if (!run) return false
    const body = { command, breakpoints: await this.ofRun(run.id, breakpoints), ...(interrupt ? { interrupt } : {}), ...(edits ? { edits } : {}) }
    return await this.command('/debug', body)
  }

  /** Stop before the next visit. */
  async pause(): Promise<void> {
    await this.command('/debug', { command: 'pause' })
  }

  /** Where the run that is under way stops from now on. */
  async setBreakpoints(breakpoints: Point[]): Promise<void> {
    const { run } = this.store.getState()
    if (!run || !this.live) return
    try {
      await this.api.json('PUT', `/runs/${run.id}/breakpoints`, { breakpoints: await this.ofRun(run.id, breakpoints) })
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) return // It has ended meanwhile.
      this.onRefused(wordsOf(error))
    }
  }

  /** Those at nodes of the version that the run began with: the canvas may have others since. */
  private async ofRun(id: string, breakpoints: Point[]): Promise<Point[]> {
    if (this.version?.run !== id) {
      const document = await this.api.get<{ nodes?: Record<string, unknown> }>(`/runs/${id}/document`)
      this.version = { run: id, nodes: new Set(Object.keys(document.nodes ?? {})) }
    }
    const { nodes } = this.version
    return breakpoints.filter((point) => nodes.has(point.node))
  }

  /** Make the refused call again in another way. */
  async again(more: Record<string, unknown>): Promise<void> {
    const { changed } = this.store.getState()
    if (changed) await this.command(changed.path, { ...changed.body, ...more })
  }

  /** Leave the run where it is. */
  leave(): void {
    this.set({ changed: null })
  }

  /** A command was taken: what it answered is gone. Events came in meanwhile, maybe of the next stop. */
  private took(path: string, body: Record<string, unknown>, open: StopAt[]): void {
    const { picture } = this.store.getState()
    if (path === '/answer') this.set({ picture: { ...picture, asks: picture.asks.filter((ask) => ask.interrupt !== body['interrupt']) } })
    if (path !== '/debug' || body['command'] === 'pause') return
    const next = unstopped(picture, (stop) => open.includes(stop) && (!body['interrupt'] || stop.interrupt === body['interrupt']))
    const goesOn = next.status === 'waiting' && !next.stops.length && !next.asks.length
    this.set({ picture: goesOn ? { ...next, status: 'running' } : next })
  }

  private async command(path: string, body: Record<string, unknown> = {}): Promise<boolean> {
    const { run, picture } = this.store.getState()
    if (!run) return false
    this.set({ busy: true, changed: null })
    try {
      await this.api.post(`/runs/${run.id}${path}`, body)
      this.took(path, body, picture.stops)
      if (path === '/resume') await this.follow(run.id)
      return true
    } catch (error) {
      const choices = error instanceof ApiError ? choicesOf(error.body) : []
      if (error instanceof ApiError && choices.length) this.set({ changed: { what: error.problem.what, mend: error.problem.mend ?? '', choices, path, body } })
      else if (path === '/debug') this.onRefused(wordsOf(error))
      else this.refuse(error)
      return false
    } finally {
      this.set({ busy: false })
    }
  }

  detach(): void {
    this.stream?.close()
    this.stream = null
    this.pending = []
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof ApiError)) return (error as Error).message
  const first = (error.body['errors'] as InputError[] | undefined)?.[0]
  return first ? `${first.field}: ${first.what} ${first.mend}`.trim() : `${error.problem.what} ${error.problem.mend ?? ''}`.trim()
}
