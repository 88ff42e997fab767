// Which run came from which: the line that leads to a run, and the forks that go out from it.
import type { Relative } from './types'

export interface Family {
  /** From the first run to this one. */
  line: Relative[]
  /** Forked from this run. */
  children: Relative[]
  /** Forked from a run of the line, this run and its children left out. */
  others: Relative[]
}

export function familyOf(id: string, relatives: readonly Relative[]): Family {
  const byId = new Map(relatives.map((each) => [each.id, each]))
  const line: Relative[] = []
  for (let at = byId.get(id); at && !line.includes(at); at = byId.get(at.parent_id ?? '')) line.unshift(at)
  const children = relatives.filter((each) => each.parent_id === id)
  const known = new Set([...line, ...children])
  return { line, children, others: relatives.filter((each) => !known.has(each)) }
}
