/** What one Build page knows of debugging beyond the run: drafts of stops, pins, and the commands over both. */

import { createStore } from 'zustand/vanilla'
import type { Document } from '../../model/document'
import { runs, type Kinds } from '../../model/kinds'
import type { Api } from '../../api'
import { OVER, type NodeRun, type Visit } from '../run/events'
import type { Options, Runner } from '../run/runner'
import { onTheWire, type Breakpoints } from './breakpoints'
import { editsOf, slotsOf, UNTOUCHED, type Command, type StopAt, type StopDraft } from './stop'

export interface Pin { node: string; outcome: string; outputs: Record<string, unknown>; span: string | null; pinned_at: number }

export interface DebuggerState {
  /** What was changed at a stop and not sent yet, by interrupt. */
  drafts: Record<string, StopDraft>
  /** The stop that is looked at, where there are several. */
  chosen: string | null
  pins: Record<string, Pin>
}

export interface Page {
  readonly api: Api
  readonly workflow: string
  readonly runner: Runner
  readonly breakpoints: Breakpoints
  readonly doc: Document
  readonly kinds: Kinds
  readonly session: { flush(): Promise<void> }
  nameOf(id: string): string
  say(text: string, tone?: 'info' | 'error'): void
  announce(text: string): void
}

export class Debugger {
  readonly store = createStore<DebuggerState>(() => ({ drafts: {}, chosen: null, pins: {} }))

  constructor(private readonly page: Page) {}

  // --- the stop ---

  /** The stop that is looked at: the chosen one, else the first. */
  get stop(): StopAt | null {
    return currentStop(this.page.runner.store.getState().picture.stops, this.store.getState().chosen)
  }

  choose(interrupt: string): void {
    this.store.setState({ chosen: interrupt })
  }

  draftOf(interrupt: string): StopDraft {
    return this.store.getState().drafts[interrupt] ?? UNTOUCHED
  }

  draft(interrupt: string, patch: Partial<StopDraft>): void {
    const { drafts } = this.store.getState()
    this.store.setState({ drafts: { ...drafts, [interrupt]: { ...(drafts[interrupt] ?? UNTOUCHED), ...patch } } })
  }

  /** On from the stop that is looked at, with what was changed there. False where a box cannot be read. */
  async command(command: Command): Promise<boolean> {
    const at = this.stop
    if (!at || this.page.runner.store.getState().busy) return false
    const { edits, valid } = editsOf(at.stop, this.draftOf(at.interrupt), slotsOf(at.stop, this.page.doc, this.page.kinds))
    if (!valid) {
      this.page.say('A value of this stop cannot be read. Mend it, or put it back as it was.', 'error')
      return false
    }
    const several = this.page.runner.store.getState().picture.stops.length > 1
    const taken = await this.page.runner.debug(command, several || edits ? at.interrupt : null, edits, this.points())
    if (taken) this.forget(at.interrupt)
    return taken
  }

  private forget(interrupt: string): void {
    const { [interrupt]: _, ...drafts } = this.store.getState().drafts
    this.store.setState({ drafts, chosen: null })
  }

  // --- runs that keep what is there ---

  points(): ReturnType<typeof onTheWire> {
    return onTheWire(this.page.breakpoints.active((node) => runs(this.page.kinds[this.page.doc.nodes[node]?.kind ?? ''])))
  }

  /** What every run from this page takes along. */
  options(more: Options = {}): Options {
    return { ...more, breakpoints: this.points(), ...(more.recorded ? {} : { pins: true }) }
  }

  /** The run whose visits can be kept: the one on the canvas, once nothing works on it. */
  get past(): { id: string; number: string } | null {
    const { run, picture } = this.page.runner.store.getState()
    return run && OVER.has(picture.status) ? run : null
  }

  /** Whether a node can be run from its last visit on. */
  visited(node: string): boolean {
    return this.past !== null && this.lastVisit(node) !== undefined
  }

  lastVisit(node: string): Visit | undefined {
    return ended(this.page.runner.store.getState().picture.nodes[node]).at(-1)
  }

  /** Run on from the node's last visit with the workflow as it is now; what came before is kept. */
  async runFrom(node: string): Promise<void> {
    await this.forkAt(node, {})
  }

  /** Run the node's last visit alone, with its recorded inputs. */
  async runAlone(node: string): Promise<void> {
    await this.forkAt(node, { only: true })
  }

  private async forkAt(node: string, more: Record<string, unknown>): Promise<void> {
    const past = this.past
    const visit = this.lastVisit(node)
    if (!past || !visit) return this.page.say(this.page.runner.live ? 'The run is still under way.' : `${this.page.nameOf(node)} has not run yet: run the workflow first.`)
    await this.page.session.flush()
    await this.page.runner.fork(past.id, { ...(visit.span ? { span: visit.span } : { node, visit: visit.visit }), document: 'edited', breakpoints: this.points(), ...more })
  }

  // --- pins ---

  async loadPins(): Promise<void> {
    try {
      const pins = await this.page.api.get<Pin[]>(`/workflows/${this.page.workflow}/pins`)
      this.store.setState({ pins: Object.fromEntries(pins.map((pin) => [pin.node, pin])) })
    } catch {
      this.store.setState({ pins: {} }) // Only marks: a start tells what it does with pins by itself.
    }
  }

  /** Pin what a visit came to: runs from this page take it instead of running the node. */
  async pin(node: string, span: string): Promise<void> {
    try {
      const pin = await this.page.api.json<Pin>('PUT', `/workflows/${this.page.workflow}/pins/${node}`, { span })
      this.store.setState({ pins: { ...this.store.getState().pins, [node]: { ...pin, node } } })
      this.page.announce(`The output of ${this.page.nameOf(node)} is pinned. Runs from here take it instead of running it.`)
    } catch (error) {
      this.page.say((error as Error).message, 'error')
    }
  }

  async unpin(node: string): Promise<void> {
    try {
      await this.page.api.send('DELETE', `/workflows/${this.page.workflow}/pins/${node}`)
      const { [node]: _, ...pins } = this.store.getState().pins
      this.store.setState({ pins })
      this.page.announce(`${this.page.nameOf(node)} runs again.`)
    } catch (error) {
      this.page.say((error as Error).message, 'error')
    }
  }
}

export function currentStop(stops: StopAt[], chosen: string | null): StopAt | null {
  return stops.find((stop) => stop.interrupt === chosen) ?? stops[0] ?? null
}

/** Visits that came to something. */
export function ended(run: NodeRun | undefined): Visit[] {
  return (run?.visits ?? []).filter((visit) => visit.outcome !== null || visit.error !== null)
}
