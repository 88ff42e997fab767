import { NodeResizer, useUpdateNodeInternals, type NodeProps } from '@xyflow/react'
import { memo, useEffect, useRef, useState, type ReactElement } from 'react'
import type { End } from '../../model/connection'
import { hasFigures, HEADER, NOTE_SIZE, outcomeRows, ROW, rowCount } from '../../model/geometry'
import { runs, type Socket } from '../../model/kinds'
import { canFail } from '../../model/ports'
import { askedFor } from '../../model/subworkflow'
import { Dots, usePoints } from '../debug/Dots'
import { PinMark } from '../debug/PinMark'
import { useDebugger } from '../debug/useDebugger'
import { useBuild, useUi } from '../state'
import { Figures, Header, isKept, LiveText, stateWord, StatusBadge, TroubleFlag } from './parts'
import { PortHandle } from './Port'
import { useCard, type CardView } from './useCard'
import { Lines } from './Lines'

const FIRST_ROW = 1 + HEADER + ROW / 2
const HEAD_MIDDLE = 1 + HEADER / 2

function classes(view: CardView, selected: boolean | undefined): string {
  const tone = view.run?.state ?? (view.idle ? 'idle-run' : '')
  const trouble = view.trouble && !view.run ? (view.trouble.severity === 'error' ? 'broken' : 'warned') : ''
  return `node ${view.kind?.provides ? 'res' : ''} ${tone} ${isKept(view.run) ? 'kept' : ''} ${trouble} ${selected ? 'sel' : ''}`
}

export function cardLabel(view: CardView, pinned: boolean, points: { when: string }[]): string {
  const trouble = view.trouble ? `${view.trouble.severity}: ${view.trouble.message}` : ''
  const marks = [pinned ? 'pinned' : '', points.length ? `stops ${points.map((point) => point.when).join(' and ')} it` : '']
  return [view.name, view.line, stateWord(view), ...marks, trouble].filter(Boolean).join(', ')
}

/** React Flow measures handles at mount, and again when told: whenever a card's ports have changed. */
function useFreshHandles(id: string, view: CardView | null): void {
  const update = useUpdateNodeInternals()
  const key = view ? [...view.ports.inputs, ...view.ports.outputs].map((port) => port.name).join() + view.ports.outcomes.join('|') : ''
  const before = useRef(key)
  useEffect(() => {
    if (before.current !== key) update(id)
    before.current = key
  }, [id, key, update])
}

export const NodeCard = memo(function NodeCard({ id, selected }: NodeProps): ReactElement | null {
  const view = useCard(id)
  const focused = useUi((ui) => ui.focused === id)
  const [near, setNear] = useState(false)
  const pinned = useDebugger((state) => id in state.pins)
  const points = usePoints(id)
  useFreshHandles(id, view)
  if (!view) return null
  const { ports, kind } = view
  const rows = rowCount(ports)
  const text = view.run?.state === 'running' ? view.run.visits.at(-1)?.text : ''
  return (
    <article className={`${classes(view, selected)} ${focused ? 'focused' : ''}`} data-testid={`node-${id}`} data-state={view.idle ? 'idle' : (view.run?.state ?? '')} data-kept={isKept(view.run) || undefined}
      aria-label={cardLabel(view, pinned, points)} id={`nl-node-${id}`} onPointerEnter={() => setNear(true)} onPointerLeave={() => setNear(false)}>
      <Header id={id} view={view} small={kind?.provides != null} />
      {text && rows > 0 ? <LiveText text={text} rows={rows} /> : <Rows view={view} rows={rows} />}
      {hasFigures(kind) && <Figures view={view} pinned={pinned} />}
      {ports.sockets.length > 1 && <div className="at">{ports.sockets.map((socket) => <span key={socket.name}>{socket.name}</span>)}</div>}
      <Handles id={id} view={view} />
      <StatusBadge id={id} view={view} />
      <TroubleFlag id={id} view={view} />
      {pinned && <PinMark id={id} />}
      {runs(view.kind) && <Dots id={id} points={points} offered={near || (selected ?? false)} />}
    </article>
  )
})

function Rows({ view, rows }: { view: CardView; rows: number }): ReactElement {
  const inputs = view.ports.inputs.filter((port) => !view.ports.frameInputs.includes(port.name))
  const outputs = view.ports.outputs.filter((port) => !view.ports.frameOutputs.includes(port.name))
  const outcomes = outcomeRows(view.ports)
  return (
    <>
      {Array.from({ length: rows }, (_, row) => {
        const input = inputs[row]
        const output = outputs[row]
        const outcome = outcomes[row - outputs.length]
        const stub = input && view.stubs.get(input.name)
        return (
          <div className="pr" key={row}>
            <span className="ell" title={input?.description}>{input && <span className={input.required ? '' : 'optional'}>{input.name}</span>}{stub && <span className="stub"> ← {stub}</span>}</span>
            <span className="ell out">{output?.name}{!output && outcome && <b className="t2">{outcome}</b>}</span>
          </div>
        )
      })}
    </>
  )
}

function Handles({ id, view }: { id: string; view: CardView }): ReactElement {
  const { ports, kind, joined } = view
  const inputs = ports.inputs.filter((port) => !ports.frameInputs.includes(port.name))
  const outputs = ports.outputs.filter((port) => !ports.frameOutputs.includes(port.name))
  const rows = outcomeRows(ports)
  const single = ports.outcomes.filter((name) => name !== 'each')
  const end = (sort: End['sort'], side: End['side'], name: string): End => ({ node: id, sort, side, name })
  const is = (key: string): boolean => joined.has(key)
  return (
    <>
      {ports.entry && <PortHandle end={end('flow', 'in', 'in')} joined={is('flow-in-in')} top={HEAD_MIDDLE} title="Runs after…" />}
      {rows.length === 0 && single.map((name) => (
        <PortHandle key={name} end={end('flow', 'out', name)} joined={is(`flow-out-${name}`)} top={HEAD_MIDDLE} title={`${name}: what runs next`} />
      ))}
      {rows.map((name, index) => (
        <PortHandle key={name} end={end('flow', 'out', name)} joined={is(`flow-out-${name}`)} top={FIRST_ROW + (outputs.length + index) * ROW} title={`${name}: what runs then`} />
      ))}
      {inputs.map((port, index) => (
        <PortHandle key={port.name} end={end('data', 'in', port.name)} type={port.type} joined={is(`data-in-${port.name}`)} top={FIRST_ROW + index * ROW}
          title={`${port.name}, ${port.type}${port.required ? '' : ', optional'}${port.description ? `. ${port.description}` : ''}`} />
      ))}
      {outputs.map((port, index) => (
        <PortHandle key={port.name} end={end('data', 'out', port.name)} type={port.type} joined={is(`data-out-${port.name}`)} top={FIRST_ROW + index * ROW}
          title={`${port.name}, ${port.type}${port.description ? `. ${port.description}` : ''}`} />
      ))}
      {canFail(kind) && !kind?.frame && (
        <PortHandle end={end('flow', 'out', 'error')} joined={is('flow-out-error')} top={1 + HEADER + rowCount(ports) * ROW + 12} title="error: what runs when this fails" />
      )}
      {ports.sockets.map((socket, index) => (
        <PortHandle key={socket.name} end={end('attach', 'in', socket.name)} sort={socket.sort} joined={is(`attach-in-${socket.name}`)}
          left={`${((index + 0.5) / ports.sockets.length) * 100}%`} title={socketWords(socket)} />
      ))}
      {kind?.provides && <PortHandle end={end('attach', 'out', 'self')} sort={kind.provides} joined={is('attach-out-self')} title={`Attach this ${kind.provides} to a node above`} />}
    </>
  )
}

function socketWords(socket: Socket): string {
  const sort = socket.sort === 'workflow' ? 'sub-workflow' : socket.sort
  const asked = socket.sort === 'workflow' ? `. It ${askedFor(socket)}` : ''
  return `${socket.name}: attach a ${sort}${socket.many ? ' or several' : ''}${socket.required ? '' : ', optional'}${socket.description ? `. ${socket.description.replace(/\.$/, '')}` : ''}${asked}`
}

/** A frame: a card whose body holds other nodes. */
export const FrameCard = memo(function FrameCard({ id, selected }: NodeProps): ReactElement | null {
  const build = useBuild()
  const view = useCard(id)
  const [near, setNear] = useState(false)
  const pinned = useDebugger((state) => id in state.pins)
  const points = usePoints(id)
  useFreshHandles(id, view)
  if (!view) return null
  const { ports, joined } = view
  const top = 1 + HEADER + rowCount(ports) * ROW
  const end = (sort: End['sort'], side: End['side'], name: string): End => ({ node: id, sort, side, name })
  const inside = (index: number): number => top + 30 + index * ROW
  const type = (name: string): string => [...ports.inputs, ...ports.outputs].find((port) => port.name === name)?.type ?? 'any'
  return (
    <article className={`${classes(view, selected)} frame`} data-testid={`node-${id}`} data-state={view.run?.state ?? ''} data-kept={isKept(view.run) || undefined} aria-label={cardLabel(view, pinned, points)} id={`nl-node-${id}`}
      onPointerEnter={() => setNear(true)} onPointerLeave={() => setNear(false)}>
      <NodeResizer isVisible={selected ?? false} minWidth={320} minHeight={180} lineClassName="rz" handleClassName="rzh"
        onResizeEnd={(_, box) => build.edit([{ op: 'move_node', id, position: relative(build, id, box), size: [Math.round(box.width), Math.round(box.height)] }], `Resize ${view.name}`)} />
      <Header id={id} view={view} />
      <Rows view={view} rows={rowCount(ports)} />
      <div className="body">
        <span className="in-names">{['each', ...ports.frameOutputs].map((name) => <span key={name}>{name}</span>)}</span>
        <span className="out-names">{ports.frameInputs.map((name) => <span key={name}>{name}</span>)}</span>
      </div>
      <Handles id={id} view={view} />
      <PortHandle inner end={end('flow', 'out', 'each')} joined={joined.has('flow-out-each')} top={inside(0)} title={view.kind?.provides ? 'each: where the sub-workflow begins' : 'each: runs for every item'} />
      {ports.frameOutputs.map((name, index) => (
        <PortHandle inner key={name} end={end('data', 'out', name)} type={type(name)} joined={joined.has(`data-out-${name}`)} top={inside(index + 1)} title={`${name}, inside the frame`} />
      ))}
      {ports.frameInputs.map((name, index) => (
        <PortHandle inner key={name} end={end('data', 'in', name)} type={type(name)} joined={joined.has(`data-in-${name}`)} top={inside(index)} title={`${name}, collected from inside`} />
      ))}
      <StatusBadge id={id} view={view} />
      <TroubleFlag id={id} view={view} />
      {pinned && <PinMark id={id} />}
      {runs(view.kind) && <Dots id={id} points={points} offered={near || (selected ?? false)} />}
    </article>
  )
})

function relative(build: ReturnType<typeof useBuild>, id: string, box: { x: number; y: number }): [number, number] {
  return build.doc.nodes[id] ? [Math.round(box.x), Math.round(box.y)] : [0, 0]
}

export const NoteCard = memo(function NoteCard({ id, selected }: NodeProps): ReactElement | null {
  const build = useBuild()
  const view = useCard(id)
  const focused = useUi((ui) => ui.focused === id)
  if (!view) return null
  const text = String(view.node.config['text'] ?? '')
  const size = view.node.size ?? NOTE_SIZE
  return (
    <article className={`note ${selected ? 'sel' : ''} ${focused ? 'focused' : ''}`} data-testid={`node-${id}`} aria-label={`Note: ${view.name}`} id={`nl-node-${id}`} style={{ width: size[0], height: size[1] }}>
      <NodeResizer isVisible={selected ?? false} minWidth={120} minHeight={60} lineClassName="rz" handleClassName="rzh"
        onResizeEnd={(_, box) => build.edit([{ op: 'move_node', id, position: [Math.round(box.x), Math.round(box.y)], size: [Math.round(box.width), Math.round(box.height)] }], 'Resize the note')} />
      {view.node.label && <b>{view.name}</b>}
      <Lines text={text || 'Write in the panel on the right.'} />
    </article>
  )
})
