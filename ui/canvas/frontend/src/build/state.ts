/** Everything one Build page holds: the session, the run, the kinds, and what only the screen knows. */

import type { Offered } from '../sharing/taking'
import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { Api } from '../api'
import { nodeName, type Document, type Point } from '../model/document'
import type { Diagnostic } from '../model/diagnostics'
import type { End } from '../model/connection'
import type { Kind, Kinds } from '../model/kinds'
import type { Operation } from '../model/operations'
import { Session, type SessionState } from '../model/session'
import { subworkflowOf } from '../model/subworkflow'
import { wiresOf } from '../model/wires'
import { Describing } from '../describe/describing'
import { Breakpoints, type When } from './debug/breakpoints'
import { Debugger } from './debug/debugger'
import { Runner, type Options, type RunState } from './run/runner'

export interface Offer { title: string; ops: Operation[]; label: string }

export interface UiState {
  kinds: Kinds
  selected: ReadonlySet<string>
  selectedEdges: ReadonlySet<string>
  /** The node with the canvas' roving focus. */
  focused: string | null
  /** A port pointed at, as `node/handle`: its edges are drawn in full. */
  hovered: string | null
  wiring: { from: End; fitting: ReadonlySet<string> } | null
  toast: { text: string; offer?: Offer; tone: 'info' | 'error' } | null
  dropMenu: { from: End; screen: Point; flow: Point } | null
  wireList: { node: string } | null
  tab: 'settings' | 'run' | 'stop' | 'ports' | 'note'
  drawer: boolean
  outline: boolean
  /** The versions of the workflow are shown. */
  history: boolean
  /** Say what is wanted, and look at what a model proposes. */
  describe: boolean
  help: boolean
  /** The kind whose reference is open. */
  reference: string | null
  problems: boolean
  renaming: string | null
  /** What can be done with a node, asked for at a place of the screen. */
  nodeMenu: { node: string; screen: Point } | null
  breakEditor: { node: string; when: When } | null
  /** The visit a fork is prepared from. */
  fork: { run: string; span: string } | null
  welcome: boolean
  announcement: string
  follow: boolean
  narrow: boolean
}

export type Navigate = (place: { view: string; workflow?: string | null; run?: string | null; span?: string | null }) => void

export class Build {
  readonly session: Session
  readonly runner: Runner
  readonly breakpoints: Breakpoints
  readonly debugger: Debugger
  readonly describing: Describing
  readonly ui = createStore<UiState>(() => ({
    kinds: {}, selected: new Set(), selectedEdges: new Set(), focused: null, hovered: null, wiring: null, toast: null, dropMenu: null,
    wireList: null, tab: 'settings', drawer: false, outline: false, history: false, describe: false, help: false, reference: null, problems: true, renaming: null, nodeMenu: null, breakEditor: null, fork: null,
    welcome: false, announcement: '', follow: true, narrow: false,
  }))
  root: HTMLElement | null = null
  viewport: { x: number; y: number; zoom: number } | null = null
  navigate: Navigate = () => undefined
  /** Look at a stranger's file and ask before it opens. */
  choose: (offered: Offered) => void = () => undefined

  constructor(readonly api: Api, readonly workflow: string) {
    this.session = new Session(api, workflow, storageOf())
    this.breakpoints = new Breakpoints(workflow, storageOf())
    this.runner = new Runner(api, workflow,
      {
        leadsTo: (from, to) => (wiresOf(this.session.doc).from.get(from) ?? []).some((wire) => wire.sort === 'flow' && wire.target === to),
        frameOf: (node) => subworkflowOf(this.session.doc, this.kinds, node),
      },
      (run) => this.announce(`Run ${run.number} ${run.status}.`), (words) => this.say(words, 'error'))
    this.debugger = new Debugger(this)
    this.describing = new Describing(this)
    this.breakpoints.store.subscribe(() => void this.runner.setBreakpoints(this.debugger.points()))
  }

  set(patch: Partial<UiState>): void {
    this.ui.setState(patch)
  }

  get kinds(): Kinds {
    return this.ui.getState().kinds
  }

  get doc(): Document {
    return this.session.doc
  }

  kindOf(id: string): Kind | undefined {
    return this.kinds[this.doc.nodes[id]?.kind ?? '']
  }

  nameOf(id: string): string {
    return nodeName(id, this.doc.nodes[id], this.kindOf(id)?.title)
  }

  edit(ops: Operation[], label: string, merge?: string): boolean {
    try {
      this.session.edit(ops, label, merge)
      return true
    } catch (error) {
      this.say(`${label}: ${(error as Error).message}`, 'error')
      return false
    }
  }

  say(text: string, tone: 'info' | 'error' = 'info', offer?: Offer): void {
    this.set({ toast: offer ? { text, tone, offer } : { text, tone }, announcement: text })
  }

  /** Run the workflow as it is now; the cards and the drawer show how it goes. */
  async launch(inputs: Record<string, unknown>, options: Options = {}): Promise<void> {
    this.set({ drawer: true, tab: 'run', welcome: false })
    await this.session.flush()
    await this.runner.start(inputs, this.debugger.options(options))
  }

  async launchFrom(node: string): Promise<void> {
    this.set({ drawer: true, tab: 'run', welcome: false })
    await this.debugger.runFrom(node)
  }

  async launchAlone(node: string): Promise<void> {
    this.set({ drawer: true, tab: 'run', welcome: false })
    await this.debugger.runAlone(node)
  }

  focusCanvas(): void {
    this.root?.querySelector<HTMLElement>('[data-region="canvas"]')?.focus()
  }

  announce(text: string): void {
    this.set({ announcement: text })
  }

  select(ids: Iterable<string>, edges: Iterable<string> = []): void {
    const selected = new Set(ids)
    const { tab } = this.ui.getState()
    const one = selected.size === 1 ? [...selected][0]! : null
    this.set({ selected, selectedEdges: new Set(edges), focused: one ?? this.ui.getState().focused, tab: one && tab === 'note' ? 'settings' : tab })
  }

  undo(): void {
    this.spoken(this.session.undo())
  }

  redo(): void {
    this.spoken(this.session.redo())
  }

  private spoken(message: string | null): void {
    if (!message) return
    if (message.startsWith('“')) this.say(message, 'error')
    else this.announce(message)
  }

  /** Of the nodes selected, those still in the document. */
  get selection(): string[] {
    return [...this.ui.getState().selected].filter((id) => this.doc.nodes[id])
  }
}

function storageOf(): globalThis.Storage | null {
  try {
    return window.localStorage
  } catch {
    return null
  }
}

export const BuildContext = createContext<Build | null>(null)

export function useBuild(): Build {
  return useContext(BuildContext)!
}

export function useUi<T>(select: (state: UiState) => T): T {
  return useStore(useBuild().ui, select)
}

export function useSession<T>(select: (state: SessionState) => T): T {
  return useStore(useBuild().session.store, select)
}

export function useRun<T>(select: (state: RunState) => T): T {
  return useStore(useBuild().runner.store, select)
}

/** The document; only for parts that are drawn when it is there. */
export function useDoc<T>(select: (document: Document) => T): T {
  return useSession(ofPart((state) => state.doc!, select))
}

/** A selector that looks again only when its part of the state is another: hundreds of cards ask at every change. */
function ofPart<S, P, T>(part: (state: S) => P, select: (part: P) => T): (state: S) => T {
  let seen: { part: P; value: T } | null = null
  return (state) => {
    const now = part(state)
    if (!seen || seen.part !== now) seen = { part: now, value: select(now) }
    return seen.value
  }
}

const NONE: Diagnostic[] = []
const byNode = new WeakMap<Diagnostic[], Map<string | undefined, Diagnostic[]>>()

export function diagnosticsOf(diagnostics: Diagnostic[], id: string): Diagnostic[] {
  let found = byNode.get(diagnostics)
  if (!found) byNode.set(diagnostics, (found = Map.groupBy(diagnostics, (each) => each.place.node)))
  return found.get(id) ?? NONE
}
