/** What the palette keeps between visits in this browser: kinds used lately, families folded away. */

import { createStore } from 'zustand/vanilla'
import { useStore } from 'zustand'

const KEY = 'nodeloom.palette'
const MOST_RECENT = 5

interface Remembered { recent: string[]; folded: string[] }

function read(): Remembered {
  try {
    const { recent, folded } = JSON.parse(window.localStorage.getItem(KEY) ?? '{}') as Partial<Remembered>
    return { recent: Array.isArray(recent) ? recent : [], folded: Array.isArray(folded) ? folded : [] }
  } catch {
    return { recent: [], folded: [] } // No storage, or not ours: the palette starts plain.
  }
}

const store = createStore<Remembered>(read)
store.subscribe((state) => {
  try {
    window.localStorage.setItem(KEY, JSON.stringify(state))
  } catch {
    // A full or forbidden storage costs the memory of the palette, nothing else.
  }
})

export function useRemembered<T>(select: (state: Remembered) => T): T {
  return useStore(store, select)
}

export function used(kind: string): void {
  store.setState((before) => ({ recent: [kind, ...before.recent.filter((each) => each !== kind)].slice(0, MOST_RECENT) }))
}

export function fold(families: string[], away: boolean): void {
  store.setState((before) => ({ folded: [...before.folded.filter((each) => !families.includes(each)), ...(away ? families : [])] }))
}
