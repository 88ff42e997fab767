import type { Operation } from './operations'

export interface Diagnostic {
  code: string
  name: string
  severity: 'error' | 'warning' | 'info'
  place: { node?: string; edge?: string; port?: string; config?: string; line?: number; column?: number }
  message: string
  remedy: string
  short?: string
  fix: { title: string; ops: Operation[] } | null
}
