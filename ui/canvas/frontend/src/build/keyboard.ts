/**
 * The canvas' keyboard. Single letters count only while the canvas has the focus. Keys are taken from the window,
 * for deleting a node drops the focus to the page; `composedPath` is read because the shadow root retargets.
 */

import { useReactFlow } from '@xyflow/react'
import { useEffect, useRef } from 'react'
import { cutSelection, copySelection, duplicateSelection, moveSelection, paste, removeSelection } from './actions'
import { FIT } from './canvas/ZoomBar'
import { useLayout } from './canvas/layout'
import { step, type Direction } from './canvas/walk'
import { jumpTo, sorted } from './Problems'
import { reveal } from './palette/place'
import { runs } from '../model/kinds'
import type { When } from './debug/breakpoints'
import type { Command } from './debug/stop'
import { useBuild, type Build } from './state'

type Flow = ReturnType<typeof useReactFlow>
const REGIONS = ['bar', 'palette', 'canvas', 'problems', 'drawer', 'settings', 'describe', 'history']
const ARROWS: Record<string, Direction> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' }
const DELTA: Record<Direction, [number, number]> = { left: [-20, 0], right: [20, 0], up: [0, -20], down: [0, 20] }

export function useKeyboard(onRun: () => void, onRunChanged: () => void): void {
  const build = useBuild()
  const flow = useReactFlow()
  const layout = useLayout()
  const last = useRef('canvas')
  useEffect(() => {
    const regionOf = (path: EventTarget[]): string | null => {
      const found = path.find((each) => each instanceof HTMLElement && each.dataset['region']) as HTMLElement | undefined
      return found?.dataset['region'] ?? null
    }
    const seen = (event: Event): void => {
      const path = event.composedPath()
      last.current = build.root && path.includes(build.root) ? (regionOf(path) ?? last.current) : isPage(path[0]) ? last.current : ''
    }
    const onKey = (event: KeyboardEvent): void => {
      const path = event.composedPath()
      const here = build.root !== null && path.includes(build.root)
      const adrift = isPage(path[0]) && last.current !== ''
      if (!here && !adrift) return
      const target = path[0] as HTMLElement
      const typing = here && (['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName) || target.isContentEditable)
      const region = here ? regionOf(path) : last.current
      if (anywhere(build, flow, event, region, onRun, onRunChanged)) return done(event)
      if (typing || path.some((each) => each instanceof HTMLElement && each.matches('.menu, [role="dialog"]'))) return
      const key = event.key.toLowerCase()
      if (region === 'canvas' && inCanvas(build, flow, event, target, layout)) return done(event)
      if ((event.ctrlKey || event.metaKey) && edits(build, key, event.shiftKey)) return done(event)
      // Streamlit's own: r reruns the script, c clears its cache.
      if ((key === 'r' || key === 'c') && !event.ctrlKey && !event.metaKey) event.stopImmediatePropagation()
    }
    window.addEventListener('pointerdown', seen, true)
    window.addEventListener('focusin', seen, true)
    window.addEventListener('keydown', onKey, true)
    return () => {
      window.removeEventListener('pointerdown', seen, true)
      window.removeEventListener('focusin', seen, true)
      window.removeEventListener('keydown', onKey, true)
    }
  }, [build, flow, layout, onRun, onRunChanged])
}

/** Where the focus falls when what had it is gone. */
function isPage(target: EventTarget | undefined): boolean {
  return target === document.body || target === document.documentElement || target === document
}

function done(event: KeyboardEvent): void {
  event.preventDefault()
  event.stopImmediatePropagation()
}

function focusRegion(build: Build, region: string): void {
  const element = build.root?.querySelector<HTMLElement>(`[data-region="${region}"]`)
  const inner = region === 'canvas' ? element : [...(element?.querySelectorAll<HTMLElement>('input, button:not([disabled]), [tabindex="0"], textarea, select') ?? [])].find((each) => each.offsetParent !== null)
  ;(inner ?? element)?.focus()
}

/** Keys that work in every part of the page. */
function anywhere(build: Build, flow: Flow, event: KeyboardEvent, region: string | null, onRun: () => void, onRunChanged: () => void): boolean {
  if (event.key === 'F6') {
    const present = REGIONS.filter((name) => build.root?.querySelector(`[data-region="${name}"]`))
    const at = present.indexOf(region ?? '')
    focusRegion(build, present[(at + (event.shiftKey ? -1 : 1) + present.length) % present.length]!)
    return true
  }
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) return (event.shiftKey ? onRunChanged() : onRun(), true)
  if (debugKeys(build, event)) return true
  if (event.key === 'F8') return (nextProblem(build, flow, event.shiftKey ? -1 : 1), true)
  return false
}

const STEPS: Record<string, Command> = { F5: 'continue', F8: 'continue', F10: 'over', F11: 'into', 'Shift F11': 'out' }

/** Breakpoints at any time; the ways on only while the run is stopped: the browser has those keys too. */
function debugKeys(build: Build, event: KeyboardEvent): boolean {
  const key = `${event.shiftKey ? 'Shift ' : ''}${event.key}`
  if (key === 'F9') return toggleBreakpoints(build, 'before')
  if (key === 'Shift F9') return editBreakpoint(build)
  if (!build.debugger.stop || event.ctrlKey || event.metaKey || event.altKey) return false
  if (key === 'Shift F5') return (void build.runner.stop(), true)
  const command = STEPS[key]
  if (command) void build.debugger.command(command)
  return command !== undefined
}

function toggleBreakpoints(build: Build, when: When): boolean {
  const nodes = build.selection.filter((id) => runs(build.kindOf(id)))
  if (!nodes.length) return (build.say('Select a node first; then F9 lets runs stop before it.'), true)
  const set = nodes.map((id) => build.breakpoints.toggle(id, when))
  build.announce(`${set.at(-1) ? 'Stops' : 'No stop'} ${when} ${nodes.map((id) => build.nameOf(id)).join(', ')}.`)
  return true
}

function editBreakpoint(build: Build): boolean {
  const node = build.selection.find((id) => runs(build.kindOf(id)))
  if (node) build.set({ breakEditor: { node, when: build.breakpoints.at(node, 'after') && !build.breakpoints.at(node, 'before') ? 'after' : 'before' } })
  return node !== undefined
}

function openMenu(build: Build): boolean {
  const node = build.selection.at(-1)
  const card = node && build.root?.querySelector(`#nl-node-${node}`)?.getBoundingClientRect()
  if (node && card) build.set({ nodeMenu: { node, screen: [card.left + 24, card.top + 32] } })
  return Boolean(node && card)
}

let problemAt = -1

function nextProblem(build: Build, flow: Flow, by: number): void {
  const list = sorted(build.session.store.getState().diagnostics)
  if (!list.length) return build.announce('No problems.')
  problemAt = (problemAt + by + list.length) % list.length
  jumpTo(build, flow, list[problemAt]!)
}

function edits(build: Build, key: string, shift: boolean): boolean {
  if (key === 'z' && !shift) return (build.undo(), true)
  if ((key === 'z' && shift) || key === 'y') return (build.redo(), true)
  return false
}

function inCanvas(build: Build, flow: Flow, event: KeyboardEvent, target: HTMLElement, layout: () => Promise<void>): boolean {
  const key = event.key.toLowerCase()
  if (event.ctrlKey || event.metaKey) return withControl(build, key, event.shiftKey)
  const direction = ARROWS[event.key]
  if (direction) return arrow(build, flow, direction, event)
  if (target.tagName === 'BUTTON' && (event.key === 'Enter' || event.key === ' ')) return false
  switch (event.key) {
    case 'Delete': case 'Backspace': return (removeSelection(build), true)
    case 'F2': return rename(build)
    case 'Escape': return escape(build)
    case 'ContextMenu': return openMenu(build)
    case 'F10': return event.shiftKey && openMenu(build)
    case 'Enter': return (openSettings(build), true)
    case '?': return (build.set({ help: true }), true)
    case '+': case '=': return (void flow.zoomIn({ duration: 120 }), true)
    case '-': return (void flow.zoomOut({ duration: 120 }), true)
    case '0': return (void flow.fitView(FIT), true)
    case '1': return (void flow.zoomTo(1, { duration: 120 }), true)
    case '/': return (build.root?.querySelector<HTMLElement>('[data-testid="palette-search"]')?.focus(), true)
  }
  if (key === 'l') return (void layout(), true)
  if (key === 'o') return (build.set({ outline: !build.ui.getState().outline }), true)
  if (key === 'd') return (build.set({ describe: !build.ui.getState().describe }), true)
  if (key === 'h') return (build.set({ history: !build.ui.getState().history }), true)
  if (key === 'e') return startWiring(build)
  if (key === 'b') return toggleBreakpoints(build, event.shiftKey ? 'after' : 'before')
  return false
}

function withControl(build: Build, key: string, shift: boolean): boolean {
  switch (key) {
    case 'a': return (build.select(Object.keys(build.doc.nodes)), true)
    case 'c': return (void copySelection(build), true)
    case 'x': return (void cutSelection(build), true)
    case 'v': return (void paste(build), true)
    case 'd': return (duplicateSelection(build), true)
    default: return edits(build, key, shift)
  }
}

function arrow(build: Build, flow: Flow, direction: Direction, event: KeyboardEvent): boolean {
  if (event.shiftKey) {
    const [dx, dy] = DELTA[direction]
    moveSelection(build, dx, dy)
    return true
  }
  const from = build.selection.at(-1) ?? build.ui.getState().focused
  const to = step(build.doc, build.kinds, from && build.doc.nodes[from] ? from : null, direction, event.altKey)
  if (to) {
    build.select([to])
    reveal(build, flow, to)
    build.announce(build.root?.querySelector(`#nl-node-${to}`)?.getAttribute('aria-label') ?? build.nameOf(to))
  }
  return true
}

function rename(build: Build): boolean {
  const one = build.selection[0]
  if (one) build.set({ renaming: one })
  return true
}

function escape(build: Build): boolean {
  const ui = build.ui.getState()
  if (ui.dropMenu || ui.wireList || ui.nodeMenu || ui.breakEditor) build.set({ dropMenu: null, wireList: null, nodeMenu: null, breakEditor: null })
  else if (build.runner.live) stopAsking(build)
  else build.select([])
  return true
}

let stopAskedAt = 0

/** Escape stops a run at the second press. */
function stopAsking(build: Build): void {
  if (Date.now() - stopAskedAt < 4000) return void build.runner.stop()
  stopAskedAt = Date.now()
  build.say('Press Esc again to stop the run. Finished steps are kept.')
}

function openSettings(build: Build): void {
  if (!build.selection.length) return
  build.set({ tab: 'settings' })
  requestAnimationFrame(() => focusRegion(build, 'settings'))
}

function startWiring(build: Build): boolean {
  const one = build.selection[0]
  if (one) build.set({ wireList: { node: one } })
  else build.say('Select a node first; then E lists what it can be joined to.')
  return true
}
