/** Data edges into inputs that are gone: a prompt no longer names the variable. */

import type { Document } from './document'
import type { Kinds } from './kinds'
import type { Operation } from './operations'
import { portsOf } from './ports'
import { wiresOf } from './wires'

/** The operations that take them away from a node; none while its kind is unknown. */
export function staleWires(document: Document, kinds: Kinds, id: string): Operation[] {
  const node = document.nodes[id]
  const kind = node && kinds[node.kind]
  if (!node || !kind) return []
  const inputs = new Set(portsOf(document, node, kind).inputs.map((port) => port.name))
  return (wiresOf(document).to.get(id) ?? [])
    .filter((wire) => wire.sort === 'data' && wire.targetHandle !== null && !inputs.has(wire.targetHandle))
    .map((wire) => ({ op: 'disconnect', sort: 'data', edge: wire.text }))
}
