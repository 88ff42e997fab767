// A run replayed on its graph: where the playhead stands, and what had happened by then. No React, no DOM.
import { Observable } from './observable'
import { problemOf, type TraceReader } from './reader'
import type { Overview, Step, StepsWindow, Totals } from './types'

export const SPEEDS = [1, 4, 16, 64]
/** Milliseconds from one step to the next while playing: a long wait is cut, a short one still seen. */
export const LONGEST_WAIT = 2000
const SHORTEST_WAIT = 40
const WINDOW = 300

export interface GraphState {
  nodes: Record<string, Totals>
  /** `node.outcome` of what was followed. */
  edges: ReadonlySet<string>
  /** The outcome that the step at the playhead ended with. */
  live: string | null
  /** Seconds since the epoch at the end of that step. */
  at: number | null
}

/** The graph once step `index` has ended; `window` has to hold it. */
export function graphAt(window: StepsWindow, index: number, now: number): GraphState {
  const current = window.steps[index - window.offset]
  const at = current ? (current.ended_at ?? now) : null
  const nodes: Record<string, Totals> = { ...window.before }
  const edges = new Set(window.edges)
  for (const step of window.steps.slice(0, index - window.offset + 1)) {
    if (step.inner) continue
    nodes[step.node] = counted(nodes[step.node], step, at ?? now)
    if (step.outcome && ended(step, at ?? now)) edges.add(`${step.node}.${step.outcome}`)
  }
  return { nodes, edges, live: current && !current.inner && current.outcome ? `${current.node}.${current.outcome}` : null, at }
}

/** The graph when the run had ended, or as it is now. */
export function graphOf(overview: Overview): GraphState {
  return { nodes: overview.nodes, edges: new Set(overview.edges), live: null, at: null }
}

function counted(before: Totals | undefined, step: Step, at: number): Totals {
  const done = ended(step, at)
  const until = Math.min(step.ended_at ?? at, at)
  return {
    visits: (before?.visits ?? 0) + 1,
    seconds: (before?.seconds ?? 0) + Math.max(0, until - step.started_at),
    input_tokens: (before?.input_tokens ?? 0) + step.input_tokens,
    output_tokens: (before?.output_tokens ?? 0) + step.output_tokens,
    usd: step.usd === null ? (before?.usd ?? null) : (before?.usd ?? 0) + step.usd,
    status: done || step.ended_at === null ? step.status : 'running',
    outcome: done ? step.outcome : null,
    kept: (before?.kept ?? 0) + (step.kept ? 1 : 0),
    ended_at: done ? step.ended_at : (before?.ended_at ?? null),
    first: before?.first ?? step.id,
    last: step.id,
  }
}

function ended(step: Step, at: number): boolean {
  return step.ended_at !== null && step.ended_at <= at
}

/** How long the playhead rests on a step before it goes on to the next, in milliseconds. */
export function waitBetween(step: Step, next: Step, speed: number): number {
  const gap = 1000 * Math.max(0, (next.ended_at ?? next.started_at) - (step.ended_at ?? step.started_at))
  return Math.min(LONGEST_WAIT, Math.max(SHORTEST_WAIT, gap / speed))
}

export interface ReplayState {
  window: StepsWindow | null
  /** The step at the playhead; null: the whole run is shown. */
  step: number | null
  playing: boolean
  speed: number
  error: { what: string; mend: string } | null
}

export class Replay extends Observable<ReplayState> {
  private timer: ReturnType<typeof setTimeout> | null = null
  /** Counts the moments asked for: while the handle is dragged only the last one counts. */
  private turn = 0
  /** The steps asked for by key, as far as they are not done. */
  private steps: Promise<void> = Promise.resolve()

  constructor(
    private readonly reader: Pick<TraceReader, 'steps'>,
    /** Told of every step the playhead comes to. */
    private readonly onStep: (step: Step) => void,
  ) {
    super({ window: null, step: null, playing: false, speed: 4, error: null })
  }

  close(): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
  }

  /** Show the run as it was at a step, without telling; null for the whole run. */
  async stand(step: number | null): Promise<Step | null> {
    if (step === null) {
      this.set({ step })
      return null
    }
    const found = await this.load({ offset: Math.max(0, step - WINDOW / 2) }, step)
    if (found) this.set({ step: found.index })
    return found
  }

  /** Go to a step: the playhead moves and the page follows. */
  async go(step: number): Promise<void> {
    const total = this.state.window?.total ?? Infinity
    const found = await this.stand(Math.min(total - 1, Math.max(0, step)))
    if (found) this.onStep(found)
  }

  /** Go to the step at work at a moment, seconds since the epoch. */
  async goTo(moment: number): Promise<void> {
    const turn = ++this.turn
    const here = this.state.window?.steps ?? []
    const inside = here.length > 0 && moment >= here[0]!.started_at && (moment < here.at(-1)!.started_at || this.state.window!.offset + here.length === this.state.window!.total)
    if (!inside && (!(await this.read({ at: moment })) || turn !== this.turn)) return
    const steps = this.state.window!.steps
    const found = steps.findLast((step) => step.started_at <= moment) ?? steps[0]
    if (found) await this.go(found.index)
  }

  /** So many steps on or back; from the whole run to its first or last one. */
  by(steps: number): Promise<void> {
    this.pause()
    // One after the other: a key that is held asks for the next step before the last one is there.
    this.steps = this.steps.then(() => this.move(steps))
    return this.steps
  }

  private async move(steps: number): Promise<void> {
    const total = (this.state.window ?? (await this.read({ offset: 0 })))?.total ?? 0
    await this.go((this.state.step ?? (steps > 0 ? -1 : total)) + steps)
  }

  setSpeed(speed: number): void {
    this.set({ speed })
  }

  toggle(): void {
    if (this.state.playing) this.pause()
    else void this.play()
  }

  pause(): void {
    this.close()
    if (this.state.playing) this.set({ playing: false })
  }

  /** From the playhead on, from the first step where it stands at the end. */
  async play(): Promise<void> {
    this.set({ playing: true })
    const total = this.state.window?.total ?? (await this.read({ offset: 0 }))?.total ?? 0
    const at = this.state.step
    await this.go(at === null || at >= total - 1 ? 0 : at)
    this.next()
  }

  /** The window, read again: the run goes on. */
  async refresh(): Promise<void> {
    const { window, step } = this.state
    if (window) await this.read({ offset: step === null ? window.offset : Math.max(0, step - WINDOW / 2) })
  }

  private next(): void {
    const { window, step, playing, speed } = this.state
    if (!playing || !window || step === null) return
    const here = window.steps[step - window.offset]
    const next = window.steps[step + 1 - window.offset]
    if (step + 1 >= window.total) return this.pause()
    const wait = here && next ? waitBetween(here, next, speed) : SHORTEST_WAIT
    this.timer = setTimeout(() => void this.go(step + 1).then(() => this.next()), wait)
  }

  private async load(where: { offset: number }, step: number): Promise<Step | null> {
    const here = this.state.window?.steps[step - this.state.window.offset]
    if (here) return here
    const window = await this.read(where)
    return window?.steps[Math.min(step, window.total - 1) - window.offset] ?? null
  }

  private async read(where: { offset: number } | { at: number }): Promise<StepsWindow | null> {
    try {
      const window = await this.reader.steps(where, WINDOW)
      this.set({ window, error: null })
      return window
    } catch (error) {
      this.set({ error: problemOf(error), playing: false })
      return null
    }
  }
}
