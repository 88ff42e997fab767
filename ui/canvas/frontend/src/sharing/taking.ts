/** Taking in what a stranger hands on: a file, a picture, or a link in the address. */

import { ApiError, type Api } from '../api'
import type { Origin } from '../merge/types'
import type { Preview } from './types'

export const LARGEST = 20_000_000
const FRAGMENT = '#workflow='
const KEPT_LINK = 'nodeloom.link'

export interface Offered {
  /** What it is called: the file's name, or 'the link'. */
  name: string
  content: Blob
}

/** What lies in a drop or a file field: its first file. Null where there is none. */
export function offeredFile(files: FileList | null | undefined): Offered | null {
  const file = files?.[0]
  return file ? { name: file.name, content: file } : null
}

/** The link that led here, which `/api/open` kept. Null where none did. Taken once. */
export function offeredLink(kept: Pick<Storage, 'getItem' | 'removeItem'>): Offered | null {
  const link = kept.getItem(KEPT_LINK)
  kept.removeItem(KEPT_LINK)
  return link?.includes(FRAGMENT) ? { name: 'the link', content: new Blob([link]) } : null
}

export function tooLarge(offered: Offered): string | null {
  if (offered.content.size <= LARGEST) return null
  return `${offered.name} has ${Math.round(offered.content.size / 1e6)} MB; at most ${LARGEST / 1e6} MB are read.`
}

export async function look(api: Api, offered: Offered): Promise<Preview> {
  const response = await api.send('POST', '/import/look', await text(offered), OCTETS)
  return (await response.json()) as Preview
}

/** The workflow here that a file is a copy of; null for a stranger. */
export async function originOf(api: Api, offered: Offered): Promise<Origin | null> {
  const response = await api.send('POST', '/import/origin', await text(offered), OCTETS)
  return ((await response.json()) as { origin: Origin | null }).origin
}

export async function take(api: Api, offered: Offered, refused: Iterable<string>, trustAs: string): Promise<string> {
  const query = new URLSearchParams()
  for (const key of refused) query.append('refused', key)
  if (trustAs.trim()) query.set('trust_as', trustAs.trim())
  const response = await api.send('POST', `/import?${query}`, await text(offered), OCTETS)
  return ((await response.json()) as { id: string }).id
}

/** A refusal in words, with how to mend it. */
export function why(error: unknown): string {
  if (error instanceof ApiError) return `${error.problem.what} ${error.problem.mend ?? ''}`.trim()
  return error instanceof Error ? error.message : String(error)
}

const OCTETS = { 'Content-Type': 'application/octet-stream' }

async function text(offered: Offered): Promise<ArrayBuffer> {
  return offered.content.arrayBuffer()
}
