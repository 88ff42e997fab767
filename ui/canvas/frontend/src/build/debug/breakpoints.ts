/** Where a run of this workflow stops. Kept in the browser, by workflow; never in the document. */

import { createStore } from 'zustand/vanilla'

export type When = 'before' | 'after'

export interface Breakpoint {
  node: string
  when: When
  /** CEL over inputs, state, visit, item and, after a node, outputs; empty: always. */
  condition: string
  enabled: boolean
}

export interface BreakpointState {
  list: readonly Breakpoint[]
  /** All of them are passed over, and kept. */
  muted: boolean
}

interface Shelf { getItem(key: string): string | null; setItem(key: string, value: string): void; removeItem(key: string): void }

export class Breakpoints {
  readonly store
  private readonly key: string

  constructor(workflow: string, private readonly shelf: Shelf | null) {
    this.key = `nodeloom.breakpoints.${workflow}`
    this.store = createStore<BreakpointState>(() => readBreakpoints(shelf?.getItem(this.key) ?? null))
  }

  private write(patch: Partial<BreakpointState>): void {
    this.store.setState(patch)
    const state = this.store.getState()
    try {
      if (state.list.length || state.muted) this.shelf?.setItem(this.key, JSON.stringify(state))
      else this.shelf?.removeItem(this.key)
    } catch {
      // A full or forbidden storage: they hold until the page is closed.
    }
  }

  at(node: string, when: When): Breakpoint | undefined {
    return this.store.getState().list.find((each) => each.node === node && each.when === when)
  }

  /** Set one where none is, else take it away. True where one is now. */
  toggle(node: string, when: When): boolean {
    if (this.at(node, when)) this.remove(node, when)
    else this.put({ node, when, condition: '', enabled: true })
    return this.at(node, when) !== undefined
  }

  /** Set it, in place of the one at the same side of the same node. */
  put(breakpoint: Breakpoint): void {
    const { list } = this.store.getState()
    const there = this.at(breakpoint.node, breakpoint.when)
    this.write({ list: there ? list.map((each) => (each === there ? breakpoint : each)) : [...list, breakpoint] })
  }

  remove(node: string, when: When): void {
    this.write({ list: this.store.getState().list.filter((each) => each.node !== node || each.when !== when) })
  }

  clear(): void {
    this.write({ list: [] })
  }

  mute(muted: boolean): void {
    this.write({ muted })
  }

  /** Those that hold in a run, of nodes that are there. */
  active(exists: (node: string) => boolean): Breakpoint[] {
    const { list, muted } = this.store.getState()
    return muted ? [] : list.filter((each) => each.enabled && exists(each.node))
  }
}

/** What was kept; whatever is not a breakpoint is left out. */
export function readBreakpoints(text: string | null): BreakpointState {
  try {
    const kept = JSON.parse(text ?? '{}') as { list?: unknown; muted?: unknown }
    const list = Array.isArray(kept.list) ? kept.list.filter(isBreakpoint) : []
    return { list, muted: kept.muted === true }
  } catch {
    return { list: [], muted: false }
  }
}

function isBreakpoint(value: unknown): value is Breakpoint {
  const each = value as Breakpoint | null
  return typeof each?.node === 'string' && (each.when === 'before' || each.when === 'after') && typeof each.condition === 'string' && typeof each.enabled === 'boolean'
}

/** As they go to the server. */
export function onTheWire(list: readonly Breakpoint[]): { node: string; when: When; condition?: string }[] {
  return list.map(({ node, when, condition }) => (condition.trim() ? { node, when, condition: condition.trim() } : { node, when }))
}

/** "Stops before Plan, only if visit > 1". */
export function breakpointWords(breakpoint: Breakpoint, name: string): string {
  const condition = breakpoint.condition.trim() ? `, only if ${breakpoint.condition.trim()}` : ''
  return `${breakpoint.enabled ? 'Stops' : 'Off: would stop'} ${breakpoint.when} ${name}${condition}`
}
