/** One handle: a 24 px target around the shape of its sort. */

import { Handle, Position } from '@xyflow/react'
import type { CSSProperties, ReactElement } from 'react'
import { handleId, type End } from '../../model/connection'
import type { AttachSort } from '../../model/kinds'
import { Chevron, PortShape, SocketShape } from '../../style/icons'
import { useBuild, useUi } from '../state'

const SIDES = { flow: { in: Position.Left, out: Position.Right }, data: { in: Position.Left, out: Position.Right }, attach: { in: Position.Bottom, out: Position.Top } }

export function PortHandle({ end, type = 'any', sort = 'model', joined, top, left, inner = false, title }: {
  end: End
  type?: string
  /** Of a socket or a resource: the sort it takes or is. */
  sort?: AttachSort
  joined: boolean
  top?: number
  left?: string
  /** On the inner side of a frame: a way out stands at the left, a way in at the right. */
  inner?: boolean
  title: string
}): ReactElement {
  const build = useBuild()
  const id = handleId(end)
  const key = `${end.node}/${id}`
  const wiring = useUi((ui) => (ui.wiring ? (ui.wiring.fitting.has(key) ? 'fits' : same(ui.wiring.from, end) ? 'source' : 'fades') : ''))
  const style: CSSProperties = { ...(top === undefined ? {} : { top }), ...(left === undefined ? {} : { left }) }
  return (
    <Handle type={end.side === 'out' ? 'source' : 'target'} id={id} position={SIDES[end.sort][end.side]} style={style}
      className={`h h-${end.sort} ${end.sort === 'attach' ? `s-${sort}` : ''} ${inner ? 'inner' : ''} ${wiring} ${end.name === 'error' && end.sort === 'flow' ? 'h-error' : ''} ${joined ? 'joined' : ''}`}
      data-testid={`handle-${end.node}-${end.sort}-${end.side}-${end.name}`} title={title}
      onPointerEnter={() => build.set({ hovered: key })} onPointerLeave={() => build.set({ hovered: null })}>
      {end.sort === 'flow' && <Chevron joined={joined} {...(end.name === 'error' ? { tone: 'failed' as const } : {})} />}
      {end.sort === 'data' && <PortShape type={type} joined={joined} />}
      {end.sort === 'attach' && end.side === 'in' && <SocketShape sort={sort} joined={joined} />}
    </Handle>
  )
}

function same(a: End, b: End): boolean {
  return a.node === b.node && a.sort === b.sort && a.side === b.side && a.name === b.name
}
