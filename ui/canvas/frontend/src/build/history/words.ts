/** Versions in words. */

import { ApiError } from '../../api'
import { plural } from '../words'
import type { Burst, Version } from './fold'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** `just now`, `4 minutes ago`, `today 09:05`, `yesterday 18:20`, `3 Nov 18:20`, `3 Nov 2025`. `at` in seconds, `now` in ms. */
export function timeWords(at: number, now: number): string {
  const then = new Date(at * 1000)
  const past = now - then.getTime()
  if (past < MINUTE) return 'just now'
  if (past < HOUR) return `${plural(Math.floor(past / MINUTE), 'minute')} ago`
  const clock = then.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
  const days = daysBetween(then, new Date(now))
  if (days < 2) return `${days === 0 ? 'today' : 'yesterday'} ${clock}`
  const sameYear = then.getFullYear() === new Date(now).getFullYear()
  const day = then.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })
  return sameYear ? `${day} ${clock}` : `${day} ${then.getFullYear()}`
}

function daysBetween(then: Date, now: Date): number {
  const midnight = (day: Date): number => new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime()
  return Math.round((midnight(now) - midnight(then)) / (24 * HOUR))
}

/** What was done in a version. */
export function labelOf(version: Version): string {
  return version.label || (version.edits === 0 ? 'Replaced whole' : 'Edited')
}

/** `v12`, or `v9 – v12` of a burst. */
export function rangeOf(burst: Burst): string {
  return burst.versions.length === 1 ? `v${burst.key}` : `v${burst.key} – v${burst.newest.revision}`
}

/** `3 edits`; nothing where the document was replaced whole. */
export function editsOf(edits: number): string {
  return edits === 0 ? '' : plural(edits, 'edit')
}

/** An error with what mends it. */
export function faultOf(error: unknown): string {
  const mend = error instanceof ApiError ? (error.problem.mend ?? '') : ''
  return [(error as Error).message, mend].filter(Boolean).join(' ')
}
