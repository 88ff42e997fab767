/** What a person decided on a stranger's permissions, and how it is said. */

import type { Permission, Preview } from './types'

/** Sorts of permission in the order they are asked about, with the icon each is drawn with. */
export const SORTS: Record<string, { icon: string; title: string }> = {
  host: { icon: 'globe', title: 'Reach the internet' },
  server: { icon: 'globe', title: 'Call an MCP server' },
  secret: { icon: 'key', title: 'Use a secret' },
  folder: { icon: 'folder', title: 'Read a folder' },
  database: { icon: 'table', title: 'Read a database' },
  search: { icon: 'search', title: 'Search the web' },
  model: { icon: 'chip', title: 'Call a model' },
  memory: { icon: 'cylinder', title: 'Use a memory space' },
  workflow: { icon: 'fork', title: 'Run other workflows' },
  snippet: { icon: 'code', title: 'Run small programs' },
  files: { icon: 'file', title: 'Keep files of its own' },
  person: { icon: 'hand', title: 'Ask you' },
}

export function titleOf(permission: Permission): string {
  return SORTS[permission.sort]?.title ?? permission.sort
}

export function toggled(refused: ReadonlySet<string>, key: string, refuse: boolean): Set<string> {
  const next = new Set(refused)
  if (refuse) next.add(key)
  else next.delete(key)
  return next
}

/** Which nodes keep the workflow from running while these are refused. */
export function blocked(permissions: Permission[], refused: ReadonlySet<string>): string[] {
  return [...new Set(permissions.filter((each) => refused.has(each.key)).flatMap((each) => each.nodes))]
}

/** Who made it and whether that is known, in a sentence. */
export function signedBy(preview: Preview): { words: string; tone: 'good' | 'warn' | 'plain' } {
  const { signature } = preview
  if (!signature) return { words: 'It is not signed.', tone: 'plain' }
  if (signature.name) return { words: `Signed by ${signature.name}, unchanged since.`, tone: 'good' }
  return { words: `Signed with the key ${signature.fingerprint}, which is not on your trust list. Unchanged since it was signed.`, tone: 'warn' }
}
