/** A merge asked for, and made: one edit of this tab, so that one undo takes it back. */

import type { Build } from '../build/state'
import type { Document } from '../model/document'
import type { Merging } from './overlay'
import type { Choice, Merged } from './types'

type Asking = Pick<Build, 'api' | 'workflow'>

/** What comes of it with these choices; `ours` is what the tab holds. */
export function readMerge(build: Asking, merging: Merging, ours: Document, choices: Record<string, Choice>): Promise<Merged> {
  return build.api.json<Merged>('POST', `/workflows/${build.workflow}/merge`, { ours, ...merging.body, choices })
}

/** Make it so. What was refused of theirs stays refused. */
export async function applyMerge(build: Build, merging: Merging, merged: Merged): Promise<void> {
  if (merging.refused?.length) await refuse(build, merging.refused)
  if (merging.settle) build.session.settle(false)
  if (!merged.operations.length) return build.say('It is all there already; nothing was changed.')
  if (!build.edit(merged.operations, `Merge ${merging.title}`)) throw new Error('The workflow was changed meanwhile; look at the merge again.')
  build.say(`Merged. Undo takes it back.`)
  await build.session.flush()
}

interface Asked { permissions: { key: string; refused: boolean }[] }

async function refuse(build: Asking, keys: readonly string[]): Promise<void> {
  const path = `/workflows/${build.workflow}/permissions`
  const { refused } = await build.api.get<Asked & { refused: string[] }>(path)
  await build.api.json('PUT', path, { refused: [...new Set([...refused, ...keys])] })
}
