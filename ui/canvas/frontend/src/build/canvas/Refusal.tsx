import { useConnection } from '@xyflow/react'
import type { ReactElement } from 'react'
import { judge, parseHandle } from '../../model/connection'
import { useBuild, useUi } from '../state'

/** Why the handle under the pointer does not take the wire, said at the pointer. */
export function Refusal(): ReactElement | null {
  const build = useBuild()
  const wiring = useUi((ui) => ui.wiring)
  const target = useConnection((connection) => (connection.inProgress && connection.toHandle ? `${connection.toHandle.nodeId}\t${connection.toHandle.id}` : ''))
  const at = useConnection((connection) => (connection.inProgress ? `${Math.round(connection.pointer?.x ?? 0)},${Math.round(connection.pointer?.y ?? 0)}` : ''))
  if (!wiring || !target) return null
  const [node, handle] = target.split('\t') as [string, string]
  const to = parseHandle(node, handle)
  const verdict = to && judge(build.doc, build.kinds, wiring.from, to)
  if (!verdict || verdict.ok || (to.node === wiring.from.node && to.name === wiring.from.name)) return null
  const [x, y] = at.split(',').map(Number) as [number, number]
  return <p className="refusal" role="status" data-testid="refusal" style={{ left: x + 16, top: y + 14 }}>{verdict.why}</p>
}
