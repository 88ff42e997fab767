/** Models, secrets and memory spaces of the workspace: what settings suggest, and whether anything can run. */

import { createStore } from 'zustand/vanilla'
import { useStore } from 'zustand'
import type { Api, EventStream } from '../api'

export interface Builtin {
  state: 'absent' | 'fetching' | 'ready' | 'broken'
  bytes: number
  total: number
  seconds_left: number | null
  error: string | { what: string; mend: string } | null
}

export interface Provider { provider: string; ready: boolean; needs: string | null }

export interface ModelsState {
  default: string | null
  providers: Provider[]
  builtin: Builtin | null
  suggestions: string[]
  spaces: string[]
  error: string | null
}

const store = createStore<ModelsState>(() => ({ default: null, providers: [], builtin: null, suggestions: [], spaces: [], error: null }))
let stream: EventStream | null = null

export function useModels<T>(select: (state: ModelsState) => T): T {
  return useStore(store, select)
}

export async function loadModels(api: Api): Promise<void> {
  try {
    store.setState({ ...(await api.get<ModelsState>('/models')), error: null })
    if (store.getState().builtin?.state === 'fetching') watchFetch(api)
  } catch (error) {
    store.setState({ error: (error as Error).message })
  }
}

export async function loadSpaces(api: Api): Promise<void> {
  try {
    const spaces = await api.get<({ name: string } | string)[] | { spaces: ({ name: string } | string)[] }>('/memory/spaces')
    const list = Array.isArray(spaces) ? spaces : spaces.spaces
    store.setState({ spaces: list.map((space) => (typeof space === 'string' ? space : space.name)) })
  } catch {
    store.setState({ spaces: [] }) // Only suggestions: the field still takes any name.
  }
}

export async function fetchBuiltin(api: Api): Promise<void> {
  try {
    await api.post('/models/builtin/fetch')
    watchFetch(api)
  } catch (error) {
    store.setState({ error: (error as Error).message })
  }
}

function watchFetch(api: Api): void {
  stream?.close()
  stream = api.events('/models/builtin/events', (event) => {
    const builtin = (event.data.builtin ?? event.data) as Builtin
    store.setState({ builtin: { ...store.getState().builtin!, ...builtin } })
    if (builtin.state === 'fetching') return true
    void loadModels(api)
    return false
  })
}

export async function setDefaultModel(api: Api, reference: string): Promise<void> {
  try {
    const answer = await api.json<{ default: string }>('PUT', '/models/default', { reference })
    store.setState({ default: answer.default, error: null })
  } catch (error) {
    store.setState({ error: (error as Error).message })
  }
}

/** Whether a reference can be used now, and what it needs where not. */
export function readiness(state: ModelsState, reference: string): { ready: boolean; words: string } {
  const provider = reference.split(':')[0]!
  if (provider === 'scripted' || provider === 'recorded') return { ready: true, words: 'Answers from a script.' }
  if (provider === 'builtin' && state.builtin && state.builtin.state !== 'ready')
    return { ready: false, words: state.builtin.state === 'fetching' ? 'Being downloaded.' : 'Downloaded once, on first use.' }
  const found = state.providers.find((each) => each.provider === provider)
  if (!found) return { ready: false, words: `No provider is called ${provider}. Define it in Settings.` }
  return found.ready ? { ready: true, words: provider === 'builtin' ? 'Ready. Runs here, costs nothing.' : 'Key found.' } : { ready: false, words: found.needs ?? 'Not ready. See Settings.' }
}
