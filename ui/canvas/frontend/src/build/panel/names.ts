/** Names the workspace knows, for the pickers: read when a picker is first drawn, and again each time it opens. */

import { createStore } from 'zustand/vanilla'
import { useStore } from 'zustand'
import type { Api } from '../../api'
import type { Named } from './schema'

export interface Name { value: string; words: string }

interface Saved { id: string; title: string }
interface Grant { name: string; path: string; sort?: string }
interface Secret { name: string; source: string }

const store = createStore<Partial<Record<Named, Name[]>>>(() => ({}))

const isDatabase = (grant: Grant): boolean => (grant.sort ? grant.sort === 'database' : /\.(db|sqlite3?|db3)$/i.test(grant.path))

const READERS: Partial<Record<Named, (api: Api) => Promise<Name[]>>> = {
  workflow: async (api) => (await api.get<Saved[]>('/workflows')).map(({ id, title }) => ({ value: id, words: title })),
  folder: async (api) => (await api.get<Grant[]>('/grants')).filter((grant) => !isDatabase(grant)).map(({ name, path }) => ({ value: name, words: path })),
  database: async (api) => (await api.get<Grant[]>('/grants')).filter(isDatabase).map(({ name, path }) => ({ value: name, words: path })),
  secret: async (api) => (await api.get<Secret[]>('/secrets')).map(({ name, source }) => ({ value: name, words: source === 'stored' ? 'in Settings' : 'in the environment' })),
}

/** Only suggestions: a field takes any name, so a list that cannot be read stays empty. */
export async function loadNames(api: Api, sort: Named): Promise<void> {
  const read = READERS[sort]
  if (!read) return
  try {
    store.setState({ [sort]: await read(api) })
  } catch {
    store.setState({ [sort]: [] })
  }
}

const NONE: Name[] = []

export function useNames(sort: Named): Name[] {
  return useStore(store, (state) => state[sort] ?? NONE)
}
