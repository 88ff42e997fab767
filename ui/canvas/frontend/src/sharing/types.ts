/** What the server says of a shared workflow (`ui/api/sharing.py`). */

export type Risk = 'low' | 'medium' | 'high'

export interface Permission {
  key: string
  sort: string
  subject: string
  words: string
  risk: Risk
  nodes: string[]
}

export interface Signature {
  fingerprint: string
  public_key: string
  /** Whose key it is, by the trust list; null for an unknown one. */
  name: string | null
}

/** A stranger's workflow before anything is done with it. */
export interface Preview {
  document: { title?: string; summary?: string; authors?: string[] }
  hash: string
  miniature: string
  nodes: number
  readme: string
  examples: number
  recording: boolean
  workflows: string[]
  permissions: Permission[]
  cost: { words: string; calls: Record<string, string> }
  diagnostics: { severity: string; message: string }[]
  signature: Signature | null
}

/** What a person is told before sharing. */
export interface Leaving {
  title: string
  hash: string
  workflows: string[]
  permissions: Permission[]
  leaks: string[]
  doubts: string[]
}
