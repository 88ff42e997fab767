/** What the keyboard and the menus do to the selection. */

import { copyNodes, pasteClip, readClip, type Clip } from '../model/clipboard'
import { removal, type Operation } from '../model/operations'
import type { EdgeSort } from '../model/edges'
import { plural } from './words'
import type { Build } from './state'

let fallback: Clip | null = null
let pastes = 0

function title(build: Build, ids: string[]): string {
  return ids.length === 1 ? build.nameOf(ids[0]!) : plural(ids.length, 'node')
}

export function removeSelection(build: Build): void {
  const ids = build.selection
  const edges = [...build.ui.getState().selectedEdges].map((id): [EdgeSort, string] => {
    const at = id.indexOf(':')
    return [id.slice(0, at) as EdgeSort, id.slice(at + 1)]
  })
  const ops: Operation[] = removal(build.doc, ids, edges)
  if (!ops.length) return
  const label = ids.length ? `Delete ${title(build, ids)}` : `Delete ${plural(ops.length, 'edge')}`
  if (!build.edit(ops, label)) return
  build.select([])
  build.announce(`${label}. Ctrl Z takes it back.`)
}

export async function copySelection(build: Build): Promise<void> {
  const ids = build.selection
  if (!ids.length) return
  fallback = copyNodes(build.doc, ids)
  pastes = 0
  build.announce(`${title(build, ids)} copied.`)
  try {
    await navigator.clipboard.writeText(JSON.stringify(fallback))
  } catch {
    // No clipboard without a secure page or permission: paste within this page still works.
  }
}

export async function cutSelection(build: Build): Promise<void> {
  await copySelection(build)
  removeSelection(build)
}

export async function paste(build: Build): Promise<void> {
  let clip = fallback
  try {
    clip = readClip(await navigator.clipboard.readText()) ?? fallback
  } catch {
    // As above: without the clipboard, what was copied on this page.
  }
  if (clip) place(build, clip, 'Paste')
  else build.say('There are no nodes on the clipboard.')
}

export function duplicateSelection(build: Build): void {
  const ids = build.selection
  if (ids.length) place(build, copyNodes(build.doc, ids), 'Duplicate')
}

function place(build: Build, clip: Clip, word: string): void {
  pastes += 1
  const by = word === 'Duplicate' ? 40 : 40 * pastes
  const pasted = pasteClip(build.doc, clip, [by, by])
  const label = `${word} ${plural(pasted.ids.length, 'node')}`
  if (!build.edit(pasted.ops, label)) return
  build.select(pasted.ids)
  build.announce(`${label}.`)
}

export function moveSelection(build: Build, dx: number, dy: number): void {
  const ids = build.selection.filter((id) => {
    const parent = build.doc.nodes[id]!.parent
    return !parent || !build.ui.getState().selected.has(parent)
  })
  const ops = ids.map((id): Operation => {
    const [x, y] = build.doc.nodes[id]!.position ?? [0, 0]
    return { op: 'move_node', id, position: [x + dx, y + dy] }
  })
  if (ops.length) build.edit(ops, `Move ${title(build, ids)}`, undefined)
}
