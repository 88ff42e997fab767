/** The workflow was edited under a run so that what it would run next is gone: what can be done. Pure. */

export type Choice =
  | { choice: 'pinned'; title: string; call: { version: 'pinned' } }
  | { choice: 'fork'; title: string; after: string | null; call: Record<string, unknown> }
  | { choice: 'map'; title: string; gone: string[]; nodes: string[]; suggested: Record<string, string>; call: Record<string, unknown> }

/** A call that was refused, to be made again in another way. */
export interface Changed { what: string; mend: string; choices: Choice[]; path: string; body: Record<string, unknown> }

export function choicesOf(body: Record<string, unknown>): Choice[] {
  return Array.isArray(body['choices']) ? (body['choices'] as Choice[]).filter((each) => ['pinned', 'fork', 'map'].includes(each.choice)) : []
}

/** The nodes that are gone, each with what it is now; null while one has nothing. */
export function mapped(choice: Extract<Choice, { choice: 'map' }>, chosen: Record<string, string>): Record<string, string> | null {
  const map = Object.fromEntries(choice.gone.map((old) => [old, chosen[old] ?? choice.suggested[old] ?? '']))
  const all = Object.values(map)
  return all.every(Boolean) && new Set(all).size === all.length ? map : null
}
