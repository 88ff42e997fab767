/** Starting, following, answering and stopping a run of one workflow. Events are taken once a frame. */

import { createStore } from 'zustand/vanilla'
import { ApiError, type Api, type EventStream } from '../../api'
import type { Limits } from '../../model/document'
import type { Diagnostic } from '../../model/diagnostics'
import { advance, BLANK, OVER, type Picture, type RunEvent, type Scene } from './events'

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
}

export interface RunState {
  run: Run | null
  picture: Picture
  /** Whether a request to start, stop or resume is under way. */
  busy: boolean
  /** Why it could not start: for each input, and in general. */
  fields: Record<string, string>
  refused: { what: string; mend: string; diagnostics: Diagnostic[] } | null
}

interface InputError { field: string; what: string; mend: string }

export class Runner {
  readonly store = createStore<RunState>(() => ({ run: null, picture: BLANK, busy: false, fields: {}, refused: null }))
  private stream: EventStream | null = null
  private pending: RunEvent[] = []
  private frame = 0

  constructor(
    private readonly api: Api, readonly workflow: string,
    private readonly scene: Scene, private readonly onEnd: (run: Run) => void,
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

  async start(inputs: Record<string, unknown>, options: { recorded?: boolean; model?: string } = {}): Promise<boolean> {
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

  private refuse(error: unknown): void {
    if (!(error instanceof ApiError)) return this.set({ refused: { what: (error as Error).message, mend: 'Try again in a moment.', diagnostics: [] } })
    const errors = (error.body['errors'] ?? error.body['fields'] ?? []) as InputError[]
    const fields = Object.fromEntries(errors.filter((each) => each.field).map((each) => [each.field, `${each.what} ${each.mend}`.trim()]))
    const diagnostics = (error.body['diagnostics'] ?? []) as Diagnostic[]
    this.set({ fields, refused: { what: error.problem.what, mend: error.problem.mend ?? '', diagnostics } })
  }

  private async follow(id: string): Promise<void> {
    this.detach()
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
    if (events.length) this.set({ picture: advance(this.store.getState().picture, events, this.scene) })
  }

  private async finish(): Promise<void> {
    const { run } = this.store.getState()
    if (!run) return
    const whole = await this.api.get<Run>(`/runs/${run.id}`)
    this.flush()
    const { picture } = this.store.getState()
    const spent = { steps: whole.steps, seconds: whole.seconds, tokens: whole.input_tokens + whole.output_tokens, usd: whole.usd }
    this.set({ run: whole, picture: { ...picture, spent, outputs: whole.outputs ?? picture.outputs, error: whole.error ?? picture.error } })
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
    if (!(await this.command('/answer', { interrupt, answer }))) return
    const { picture } = this.store.getState() // events came in meanwhile
    this.set({ picture: { ...picture, asks: picture.asks.filter((ask) => ask.interrupt !== interrupt) } })
  }

  /** Run on after a stop, a spent limit or a failure. */
  async resume(limits?: Partial<Limits>): Promise<void> {
    const { run } = this.store.getState()
    if (run && (await this.command('/resume', limits ? { limits } : {}))) await this.follow(run.id)
  }

  private async command(path: string, body: unknown = {}): Promise<boolean> {
    const { run } = this.store.getState()
    if (!run) return false
    this.set({ busy: true })
    try {
      await this.api.post(`/runs/${run.id}${path}`, body)
      return true
    } catch (error) {
      this.refuse(error)
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
