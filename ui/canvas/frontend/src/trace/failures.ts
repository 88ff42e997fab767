// What `GET /runs/{id}/failures` and `POST /runs/{id}/diagnosis` answer; see docs/contracts.md, "Failures".
import type { IconName } from '../style/icons'

export interface Fork {
  span: string
  changes: Record<string, unknown>
}

interface Place {
  span: string | null
  node: string | null
  visit: number | null
  item: number | null
}

export interface Finding extends Place {
  detector: string
  module: string
  severity: 'error' | 'warning' | 'info'
  evidence: string[]
  what: string
  mend: string
  /** What to tell the step's model; '' where it is not up to a model. */
  tell: string
  fork: Fork | null
}

export interface Failures {
  run_id: string
  status: string
  /** False while the run goes on: more may come. */
  complete: boolean
  findings: Finding[]
  detectors: { name: string; module: string; severity: string; title: string }[]
}

export interface Diagnosis extends Place {
  run_id: string
  module: string
  reason: string
  feedback: string
  fork: Fork | null
}

export const SEVERITY_MARKS: Record<Finding['severity'], { tone: string; icon: IconName; word: string }> = {
  error: { tone: 'st-failed', icon: 'cross', word: 'Error' },
  warning: { tone: 'st-waiting', icon: 'warning', word: 'Warning' },
  info: { tone: 'st-idle', icon: 'help', word: 'Information' },
}

/** The findings that a span has part in; all of them for the run as a whole. */
export function about(findings: Finding[], span: string | null): Finding[] {
  return span === null ? findings : findings.filter((each) => each.span === span || each.evidence.includes(span) || each.fork?.span === span)
}

/** Where it is, in words: `work, visit 2, item 3`. */
export function wordsOf(place: Place): string {
  const visit = (place.visit ?? 1) > 1 ? `visit ${place.visit}` : ''
  const item = place.item === null ? '' : `item ${place.item + 1}`
  return [place.node ?? 'the run', visit, item].filter(Boolean).join(', ')
}
