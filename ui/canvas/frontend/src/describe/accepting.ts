/** From items to one batch of operations; the same rule as `graphs/describing/accepting.py`. */

import type { Document } from '../model/document'
import { applyBatch, removal, type Operation } from '../model/operations'
import type { Item } from './types'

/** The items chosen and those they need. */
export function withNeeds(items: readonly Item[], chosen: Iterable<string>): Set<string> {
  const byId = new Map(items.map((item) => [item.id, item]))
  const found = new Set<string>()
  const open = [...chosen]
  while (open.length) {
    const id = open.pop()!
    if (found.has(id) || !byId.has(id)) continue
    found.add(id)
    open.push(...byId.get(id)!.needs)
  }
  return found
}

/** The items that cannot stand without those refused, and these. */
export function withDependants(items: readonly Item[], refused: Iterable<string>): Set<string> {
  const found = new Set(refused)
  for (let grown = true; grown;) {
    const more = items.filter((item) => !found.has(item.id) && item.needs.some((need) => found.has(need)))
    for (const item of more) found.add(item.id)
    grown = more.length > 0
  }
  return found
}

/** One item on the document as it is now: a node goes with the edges it has by then; what is gone is not cut again. */
export function opsNow(document: Document, item: Item): Operation[] {
  const removed = item.ops.find((op) => op.op === 'remove_node')
  if (removed) return removal(document, [removed.id])
  return item.ops.filter((op) => op.op !== 'disconnect' || document.edges[op.sort].includes(op.edge))
}

/** The batch for the items chosen. Throws OperationError where the document has changed so that one does not fit. */
export function batchOf(document: Document, items: readonly Item[], chosen: ReadonlySet<string>): Operation[] {
  const made: Operation[] = []
  let current = document
  for (const item of items) {
    if (!chosen.has(item.id) || item.fault) continue
    const ops = opsNow(current, item)
    current = applyBatch(current, ops).document
    made.push(...ops)
  }
  return made
}

/** The document with every item that fits, but with the nodes that would be removed still there: what is drawn. */
export function preview(document: Document, items: readonly Item[]): Document {
  let current = document
  for (const item of items) {
    if (item.fault || item.sort === 'removed') continue
    try {
      current = applyBatch(current, opsNow(current, item)).document
    } catch {
      // Another edit stands against it: accepting it says so, drawing leaves it out.
    }
  }
  return current
}
