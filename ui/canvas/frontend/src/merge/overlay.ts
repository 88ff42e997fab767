/** What lies over the canvas to be compared or decided; one at a time for each open workflow. */

import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Build } from '../build/state'

export interface Merging {
  show: 'merge'
  /** What is merged, in words: `changed.yaml into yours`. */
  title: string
  /** The sides, as they are called within a sentence. */
  ours: string
  theirs: string
  /** Of the call: theirs, and what both began with. */
  body: Record<string, unknown>
  /** The other tab's document stands: mine is put into that one. */
  settle?: boolean
  /** What the person refused of it. */
  refused?: string[]
}

export type Overlay = { show: 'versions'; since: number; until: number } | { show: 'permissions' } | Merging

interface State { open: Overlay | null }

const stores = new WeakMap<Build, StoreApi<State>>()

function storeOf(build: Build): StoreApi<State> {
  let store = stores.get(build)
  if (!store) stores.set(build, (store = createStore<State>(() => ({ open: null }))))
  return store
}

export function showOver(build: Build, open: Overlay | null): void {
  storeOf(build).setState({ open })
}

export function useOverlay(build: Build): Overlay | null {
  return useStore(storeOf(build), (state) => state.open)
}

/** A merge asked for before its workflow is open: taken by its page. */
export const waiting = createStore<{ workflow: string; merging: Merging } | null>(() => null)
