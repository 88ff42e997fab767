/** What the server makes of a wish; `docs/contracts.md`, Describe it. */

import type { Diagnostic } from '../model/diagnostics'
import type { Operation } from '../model/operations'

export interface Item {
  id: string
  ops: Operation[]
  sort: 'added' | 'removed' | 'changed' | 'joined' | 'cut' | 'moved'
  words: string
  node: string | null
  key: string | null
  before: unknown
  after: unknown
  /** Items accepted with it. */
  needs: string[]
  /** Why it cannot be accepted. */
  fault: { what: string; mend: string } | null
  /** Added by the program, so that nothing is left wrong. */
  mends: boolean
}

export interface Spent {
  calls: number
  input_tokens: number
  output_tokens: number
  usd: number | null
  seconds: number
}

export interface Proposal {
  wish: string
  model: string
  way: 'steps' | 'once'
  said: string
  items: Item[]
  left: Diagnostic[]
  permissions: string[]
  spent: Spent
  revision: number
}

export type Told =
  | { type: 'step'; text: string }
  | ({ type: 'spent' } & Spent)
  | ({ type: 'proposal' } & Proposal)
  | { type: 'refused'; what: string; mend: string }
