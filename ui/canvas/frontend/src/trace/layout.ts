// The small graph above the steps: nodes in flow order, in columns, with orthogonal edges.
import type { TraceDocument } from './types'

export interface Box {
  id: string
  x: number
  y: number
  width: number
}

export interface Line {
  source: string
  outcome: string
  target: string
  back: boolean
  path: string
  label: { x: number; y: number } | null
}

export interface Layout {
  boxes: Box[]
  lines: Line[]
  width: number
  height: number
}

interface Flow {
  source: string
  outcome: string
  target: string
}

export const BOX_HEIGHT = 48
const GAP_X = 26
const GAP_Y = 14
const LOOP = 18

/** `width` and `height`: pixels of a node's box. Nodes without flow that are not in `ran` are left out. */
export function layout(document: TraceDocument, ran: ReadonlySet<string>, width: (id: string) => number, height = BOX_HEIGHT): Layout {
  const flows = flowEdges(document)
  const touched = new Set([...flows.flatMap((flow) => [flow.source, flow.target]), ...ran])
  const ids = Object.keys(document.nodes).filter((id) => touched.has(id))
  const back = backEdges(ids, flows)
  const columns = intoColumns(ids, flows.filter((flow) => !back.has(flow)))
  const loops = assignLoops(columns, [...back])
  const top = Math.max(0, ...loops.values()) * LOOP
  const boxes = place(columns, width, top, height)
  const lines = flows.map((flow) => drawLine(flow, boxes, loops.get(flow) ?? 0))
  const all = [...boxes.values()]
  const right = Math.max(0, ...all.map((box) => box.x + box.width))
  return { boxes: all, lines, width: right, height: Math.max(height, ...all.map((box) => box.y + height)) }
}

function flowEdges(document: TraceDocument): Flow[] {
  return (document.edges?.flow ?? []).flatMap((text) => {
    const [left, right] = text.split('->').map((side) => side.trim())
    const [source, outcome = 'done'] = left?.split('.') ?? []
    return source && right && source in document.nodes && right in document.nodes ? [{ source, outcome, target: right }] : []
  })
}

/** The edges that close a cycle, found depth first from the nodes nothing leads to. */
function backEdges(ids: string[], flows: Flow[]): Set<Flow> {
  const from = new Map<string, Flow[]>(ids.map((id) => [id, flows.filter((flow) => flow.source === id)]))
  const entered = new Set(flows.map((flow) => flow.target))
  const state = new Map<string, 'open' | 'closed'>()
  const back = new Set<Flow>()
  const visit = (start: string) => {
    const stack: { id: string; next: number }[] = [{ id: start, next: 0 }]
    state.set(start, 'open')
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const flow = from.get(top.id)?.[top.next++]
      if (!flow) {
        state.set(top.id, 'closed')
        stack.pop()
      } else if (state.get(flow.target) === 'open') back.add(flow)
      else if (!state.has(flow.target)) {
        state.set(flow.target, 'open')
        stack.push({ id: flow.target, next: 0 })
      }
    }
  }
  for (const id of [...ids.filter((each) => !entered.has(each)), ...ids]) if (!state.has(id)) visit(id)
  return back
}

/** Each node one column after the last of those that lead to it. */
function intoColumns(ids: string[], forward: Flow[]): string[][] {
  const waiting = new Map(ids.map((id) => [id, forward.filter((flow) => flow.target === id).length]))
  const depth = new Map(ids.map((id) => [id, 0]))
  const ready = ids.filter((id) => waiting.get(id) === 0)
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    for (const flow of forward.filter((each) => each.source === id)) {
      depth.set(flow.target, Math.max(depth.get(flow.target)!, depth.get(id)! + 1))
      waiting.set(flow.target, waiting.get(flow.target)! - 1)
      if (waiting.get(flow.target) === 0) ready.push(flow.target)
    }
  }
  const columns: string[][] = []
  for (const id of ids) (columns[depth.get(id)!] ??= []).push(id)
  return columns.filter(Boolean)
}

/** Height of each backward edge above the nodes, in steps from 1, so that none lie on each other. */
function assignLoops(columns: string[][], back: Flow[]): Map<Flow, number> {
  const at = (id: string) => columns.findIndex((column) => column.includes(id))
  const reach = (flow: Flow) => at(flow.source) - at(flow.target)
  const taken: { from: number; to: number; level: number }[] = []
  const levels = new Map<Flow, number>()
  for (const flow of [...back].sort((a, b) => reach(a) - reach(b))) {
    const [from, to] = [at(flow.target), at(flow.source)]
    let level = 1
    while (taken.some((each) => each.level === level && each.from <= to && from <= each.to)) level++
    taken.push({ from, to, level })
    levels.set(flow, level)
  }
  return levels
}

function place(columns: string[][], width: (id: string) => number, top: number, height: number): Map<string, Box> {
  const tallest = Math.max(1, ...columns.map((column) => column.length))
  const full = tallest * (height + GAP_Y) - GAP_Y
  const boxes = new Map<string, Box>()
  let x = 0
  for (const column of columns) {
    const wide = Math.max(...column.map(width))
    const used = column.length * (height + GAP_Y) - GAP_Y
    column.forEach((id, row) => {
      boxes.set(id, { id, x, y: top + (full - used) / 2 + row * (height + GAP_Y), width: wide })
    })
    x += wide + GAP_X
  }
  return boxes
}

function drawLine(flow: Flow, boxes: Map<string, Box>, level: number): Line {
  const source = boxes.get(flow.source)!
  const target = boxes.get(flow.target)!
  if (level > 0) return { ...flow, back: true, ...loopPath(source, target, level) }
  return { ...flow, back: false, ...forwardPath(source, target, flow.outcome) }
}

function loopPath(source: Box, target: Box, level: number): Pick<Line, 'path' | 'label'> {
  const apart = source === target ? 14 : 0
  const x1 = source.x + source.width / 2 + apart
  const x2 = target.x + target.width / 2 - apart
  const y = Math.min(source.y, target.y) - level * LOOP
  const r = 8
  const path = `M${x1} ${source.y} V${y + r} Q${x1} ${y} ${x1 - r} ${y} H${x2 + r} Q${x2} ${y} ${x2} ${y + r} V${target.y - 2}`
  return { path, label: { x: (x1 + x2) / 2, y } }
}

function forwardPath(source: Box, target: Box, outcome: string): Pick<Line, 'path' | 'label'> {
  const [x1, y1] = [source.x + source.width, source.y + BOX_HEIGHT / 2]
  const [x2, y2] = [target.x - 2, target.y + BOX_HEIGHT / 2]
  const mid = x2 - GAP_X / 2 + 2
  const label = outcome === 'done' || x2 - x1 < 60 ? null : { x: (x1 + mid) / 2, y: y1 }
  if (Math.abs(y1 - y2) < 1) return { path: `M${x1} ${y1} H${x2}`, label }
  const r = Math.min(8, Math.abs(y2 - y1) / 2, GAP_X / 2 - 3)
  const turn = y2 > y1 ? r : -r
  const down = `Q${mid} ${y1} ${mid} ${y1 + turn} V${y2 - turn} Q${mid} ${y2} ${mid + r} ${y2}`
  return { path: `M${x1} ${y1} H${mid - r} ${down} H${x2}`, label }
}
