/** What views count: votes, changes of answer, how far a plan is, how far two versions differ. */

import { diffWordsWithSpace } from 'diff'
import type { Ballot, Contribution, PlanStep } from './types'

export interface Option { choice: string; weight: number; ballots: Ballot[] }

/** Options by weight, largest first; of equal weight the one chosen first. */
export function tally(ballots: readonly Ballot[]): Option[] {
  const options = new Map<string, Option>()
  for (const ballot of ballots) {
    const option = options.get(ballot.choice) ?? { choice: ballot.choice, weight: 0, ballots: [] }
    options.set(ballot.choice, { ...option, weight: option.weight + ballot.weight, ballots: [...option.ballots, ballot] })
  }
  return [...options.values()].sort((a, b) => b.weight - a.weight)
}

/** Speakers in the order they first spoke. */
export function speakersOf(rounds: readonly (readonly Contribution[])[]): string[] {
  return [...new Set(rounds.flat().map((each) => each.speaker))]
}

/** What a speaker answered before a round, where the answer in it is another; null where nothing changed. */
export function changedFrom(rounds: readonly (readonly Contribution[])[], round: number, speaker: string): string | null {
  const answerIn = (at: number): string | null => rounds[at]?.findLast((each) => each.speaker === speaker && each.answer !== null)?.answer ?? null
  const now = answerIn(round)
  if (now === null) return null
  for (let at = round - 1; at >= 0; at--) {
    const before = answerIn(at)
    if (before !== null) return before.trim() === now.trim() ? null : before
  }
  return null
}

export function doneOf(steps: readonly PlanStep[]): { done: number; failed: number; all: number } {
  return { done: steps.filter((step) => step.status === 'done').length, failed: steps.filter((step) => step.status === 'failed').length, all: steps.length }
}

/** How deep a step stands below the steps it is a part of. */
export function depthOf(steps: readonly PlanStep[], step: PlanStep): number {
  const byId = new Map(steps.map((each) => [each.id, each]))
  const seen = new Set([step.id])
  let depth = 0
  for (let up = byId.get(step.parent ?? ''); up && !seen.has(up.id); up = byId.get(up.parent ?? '')) {
    seen.add(up.id)
    depth += 1
  }
  return depth
}

export interface Piece { text: string; sort: 'same' | 'added' | 'removed' }

const MOST_WORDS = 40_000

/** The change from one version to the next, word by word; past 40,000 characters only before and after. */
export function wordsChanged(before: string, after: string): Piece[] {
  if (before.length + after.length > MOST_WORDS) return [{ text: before, sort: 'removed' }, { text: after, sort: 'added' }]
  return diffWordsWithSpace(before, after).map(({ value, added, removed }) => ({ text: value, sort: added ? 'added' : removed ? 'removed' : 'same' }))
}
