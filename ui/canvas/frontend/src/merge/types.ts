/** What the server says of a merge (`ui/api/merge.py`). */

import type { DocumentChange } from '../compare/types'
import type { Diagnostic } from '../model/diagnostics'
import type { Operation } from '../model/operations'

export type Choice = 'ours' | 'theirs' | 'both'

export interface Conflict {
  key: string
  sort: string
  what: string
  place: string
  node: string | null
  base: unknown
  ours: unknown
  theirs: unknown
  choices: Choice[]
  choice: Choice | null
}

export interface Merged {
  /** The version both began with; null where a document was named. */
  base: number | null
  document: unknown
  conflicts: Conflict[]
  /** What is wrong with the result and was with neither side. */
  brought: Diagnostic[]
  /** From ours to the result. */
  operations: Operation[]
  changes: DocumentChange[]
}

/** The workflow here that a file is a copy of. */
export interface Origin {
  id: string
  title: string
  revision: number
  base: number
  likeness: number
}
