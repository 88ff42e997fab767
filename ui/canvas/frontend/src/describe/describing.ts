/** The conversation beside the canvas: wishes, what a model proposes, and what became of it. Survives a change of page. */

import { createStore } from 'zustand/vanilla'
import { ApiError } from '../api'
import type { Build } from '../build/state'
import { plural } from '../build/words'
import type { Diagnostic } from '../model/diagnostics'
import { batchOf, withDependants, withNeeds } from './accepting'
import { placed, settled } from './placing'
import type { Item, Proposal, Spent, Told } from './types'

export interface Turn {
  id: number
  wish: string
  state: 'asking' | 'proposed' | 'failed' | 'cancelled'
  /** What the model is deciding just now. */
  step: string
  spent: Spent | null
  since: number
  proposal: Proposal | null
  fault: { what: string; mend: string } | null
  accepted: string[]
  refused: string[]
  /** What accepting the rest would leave wrong; null while it is being looked at. */
  left: Diagnostic[] | null
}

export interface DescribeState {
  turns: Turn[]
  /** Null: the default one of the workspace. */
  model: string | null
  draft: string
  /** The item pointed at, in the list or on the canvas. */
  hovered: string | null
}

const CHECK_AFTER = 250

/** The items of a turn that nobody has decided on. */
export function openItems(turn: Turn | undefined): Item[] {
  const decided = new Set([...(turn?.accepted ?? []), ...(turn?.refused ?? [])])
  return turn?.proposal?.items.filter((item) => !decided.has(item.id)) ?? []
}

export class Describing {
  readonly store = createStore<DescribeState>(() => ({ turns: [], model: null, draft: '', hovered: null }))
  private control: AbortController | null = null
  private count = 0
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly build: Build) {}

  get last(): Turn | undefined {
    return this.store.getState().turns.at(-1)
  }

  private change(id: number, patch: Partial<Turn>): void {
    this.store.setState(({ turns }) => ({ turns: turns.map((turn) => (turn.id === id ? { ...turn, ...patch } : turn)) }))
  }

  /** Ask a model what it would change; items of the turn before that are still open are refused. */
  async ask(wish: string): Promise<void> {
    const text = wish.trim()
    if (!text || this.last?.state === 'asking') return
    if (openItems(this.last).length) this.refuse(openItems(this.last).map((item) => item.id))
    const id = ++this.count
    const turn: Turn = { id, wish: text, state: 'asking', step: 'Saving', spent: null, since: Date.now(), proposal: null, fault: null, accepted: [], refused: [], left: null }
    this.store.setState(({ turns }) => ({ turns: [...turns, turn], draft: '' }))
    this.control = new AbortController()
    try {
      await this.build.session.flush()
      await this.follow(id, text, this.control.signal)
    } catch (error) {
      if (this.control.signal.aborted) return
      const problem = error instanceof ApiError ? error.problem : { what: (error as Error).message, mend: '' }
      this.fail(id, problem.what, problem.mend ?? '')
    }
  }

  private async follow(id: number, wish: string, signal: AbortSignal): Promise<void> {
    const { model } = this.store.getState()
    const body = { wish, ...(model ? { model } : {}) }
    for await (const event of this.build.api.stream(`/workflows/${this.build.workflow}/describe`, body, signal)) {
      const told = event.data as Told
      if (told.type === 'step') this.change(id, { step: told.text })
      else if (told.type === 'spent') this.change(id, { spent: told })
      else if (told.type === 'refused') return this.fail(id, told.what, told.mend)
      else return this.propose(id, told)
    }
    this.fail(id, 'The server ended the answer.', 'Ask again.')
  }

  private propose(id: number, proposal: Proposal): void {
    const items = placed(this.build.doc, this.build.kinds, proposal.items)
    this.change(id, { state: 'proposed', proposal: { ...proposal, items }, spent: proposal.spent, left: proposal.left, step: '' })
    this.build.announce(items.length ? `${plural(items.length, 'change')} proposed. Nothing is changed yet.` : 'Nothing to change.')
  }

  private fail(id: number, what: string, mend: string): void {
    this.change(id, { state: 'failed', fault: { what, mend }, step: '' })
    this.build.announce(what)
  }

  /** Stop asking: the server stops the model. */
  cancel(): void {
    const turn = this.last
    if (turn?.state !== 'asking') return
    this.control?.abort()
    this.change(turn.id, { state: 'cancelled', step: '' })
    this.store.setState({ draft: turn.wish })
  }

  // --- deciding ---

  /** Make these items, and those they need, as one edit: undo takes them back together. */
  accept(ids: Iterable<string>): void {
    const turn = this.last
    const open = openItems(turn)
    const chosen = new Set([...withNeeds(open, ids)].filter((id) => !open.find((item) => item.id === id)?.fault))
    if (!turn || !chosen.size) return
    let ops
    try {
      ops = batchOf(this.build.doc, settled(this.build.doc, this.build.kinds, open, chosen), chosen)
    } catch (error) {
      this.build.say(`This no longer fits: ${(error as Error).message} Ask again for the workflow as it is now.`, 'error')
      return
    }
    if (ops.length && !this.build.edit(ops, labelOf(turn, open.filter((item) => chosen.has(item.id))))) return
    this.change(turn.id, { accepted: [...turn.accepted, ...chosen], left: null })
    this.build.announce(`${plural(chosen.size, 'change')} made. Ctrl Z takes ${chosen.size === 1 ? 'it' : 'them'} back.`)
    this.look()
  }

  /** Let these items go, and those that cannot stand without them. */
  refuse(ids: Iterable<string>): void {
    const turn = this.last
    if (!turn) return
    const gone = [...withDependants(openItems(turn), ids)]
    this.change(turn.id, { refused: [...turn.refused, ...gone], left: null })
    this.look()
  }

  hover(id: string | null): void {
    if (this.store.getState().hovered !== id) this.store.setState({ hovered: id })
  }

  /** Ask what the items still open would leave wrong. */
  private look(): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.check(), CHECK_AFTER)
  }

  private async check(): Promise<void> {
    const turn = this.last
    const open = openItems(turn).filter((item) => !item.fault)
    if (!turn || !open.length) return
    try {
      await this.build.session.flush()
      const ops = batchOf(this.build.doc, open, new Set(open.map((item) => item.id)))
      const { left } = await this.build.api.post<{ left: Diagnostic[] }>(`/workflows/${this.build.workflow}/describe/check`, { ops })
      this.change(turn.id, { left })
    } catch {
      this.change(turn.id, { left: [] }) // The canvas shows what is wrong with what was accepted; this was only a look ahead.
    }
  }
}

function labelOf(turn: Turn, items: readonly Item[]): string {
  if (items.length === 1) return items[0]!.words.slice(0, 80)
  const wish = turn.wish.length > 60 ? `${turn.wish.slice(0, 59)}…` : turn.wish
  return `“${wish}”`
}
