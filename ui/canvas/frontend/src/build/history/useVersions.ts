/** The versions of the open workflow as the server lists them, read again at every save. */

import { useCallback, useEffect, useState } from 'react'
import { useBuild, useSession } from '../state'
import { joined, type Version } from './fold'
import { faultOf } from './words'

const PAGE = 100

interface Listed { published: number | null; versions: Version[] }

export interface Versions {
  list: Version[] | null
  published: number | null
  /** Whether there are older ones than those read. */
  more: boolean
  fault: string
  older: () => Promise<void>
  mark: (revision: number, name: string, note: string) => Promise<boolean>
  publish: (revision: number | null) => Promise<boolean>
}

export function useVersions(): Versions {
  const build = useBuild()
  const revision = useSession((state) => state.revision)
  const [list, setList] = useState<Version[] | null>(null)
  const [published, setPublished] = useState<number | null>(null)
  const [fault, setFault] = useState('')
  const path = `/workflows/${build.workflow}/versions`

  const attempt = useCallback(async (action: () => Promise<void>): Promise<boolean> => {
    try {
      await action()
      setFault('')
      return true
    } catch (error) {
      setFault(faultOf(error))
      return false
    }
  }, [])
  const read = useCallback((query: string) => attempt(async () => {
    const listed = await build.api.get<Listed>(`${path}?limit=${PAGE}${query}`)
    setList((known) => joined(known ?? [], listed.versions))
    setPublished(listed.published)
  }), [attempt, build, path])
  useEffect(() => void read(''), [read, revision])

  const last = list?.at(-1)?.revision ?? 1
  const older = async (): Promise<void> => void (await read(`&before=${last}`))
  const mark = (of: number, name: string, note: string): Promise<boolean> => attempt(async () => {
    const marked = await build.api.json<{ name: string; note: string }>('PUT', `${path}/${of}`, { name, note })
    setList((known) => known?.map((each) => (each.revision === of ? { ...each, name: marked.name, note: marked.note } : each)) ?? null)
  })
  const publish = (of: number | null): Promise<boolean> => attempt(async () => {
    setPublished((await build.api.json<{ published: number | null }>('PUT', `${path}/published`, { revision: of })).published)
  })
  return { list, published, more: last > 1, fault, older, mark, publish }
}
