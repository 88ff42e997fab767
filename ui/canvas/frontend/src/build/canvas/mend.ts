import { freeId } from '../../model/document'
import { formatEdge } from '../../model/edges'
import { nodeRect, snap } from '../../model/geometry'
import type { Operation } from '../../model/operations'
import { wiresOf } from '../../model/wires'
import type { Build, Offer } from '../state'

/** The offer to put a Join before a node where parallel branches arrive one by one. */
export function joinBetween(build: Build, target: string): Offer | undefined {
  if (!build.kinds['control.join']) return undefined
  const { doc } = build
  const id = freeId('join', (taken) => taken in doc.nodes)
  const box = nodeRect(doc, build.kinds, target)
  const node = doc.nodes[target]!
  const into = (wiresOf(doc).to.get(target) ?? []).filter((wire) => wire.sort === 'flow')
  const [x, y] = node.position ?? [box.x, box.y]
  const ops: Operation[] = [
    { op: 'add_node', id, node: { kind: 'control.join', parent: node.parent, position: [snap(x - 200), snap(y)] } },
    ...into.flatMap((wire): Operation[] => [
      { op: 'disconnect', sort: 'flow', edge: wire.text },
      { op: 'connect', sort: 'flow', edge: formatEdge('flow', { ...wire, target: id }) },
    ]),
    { op: 'connect', sort: 'flow', edge: `${id} -> ${target}` },
  ]
  return { title: 'Insert a Join', ops, label: 'Insert a Join' }
}
