import type { ReactElement } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/shallow'
import { useBuild } from '../state'
import { breakpointWords, type Breakpoint, type When } from './breakpoints'

/** The breakpoints of a node. */
export function usePoints(id: string): Breakpoint[] {
  return useStore(useBuild().breakpoints.store, useShallow((state) => state.list.filter((each) => each.node === id)))
}

/**
 * Breakpoints on a card: a dot at the corner where flow enters, and one where it leaves. Those that could be set are
 * drawn only on the card at hand: hundreds of cards have none.
 */
export function Dots({ id, points, offered }: { id: string; points: Breakpoint[]; offered: boolean }): ReactElement | null {
  const build = useBuild()
  const muted = useStore(build.breakpoints.store, (state) => state.muted)
  if (!offered && !points.length) return null
  return (
    <>
      {(['before', 'after'] as const).map((when) => {
        const point = points.find((each) => each.when === when)
        return (point || offered) && <Dot key={when} id={id} when={when} point={point} muted={muted} />
      })}
    </>
  )
}

function Dot({ id, when, point, muted }: { id: string; when: When; point: Breakpoint | undefined; muted: boolean }): ReactElement {
  const build = useBuild()
  const name = build.nameOf(id)
  const words = point ? `${breakpointWords({ ...point, enabled: point.enabled && !muted }, name)}. Click takes it away; right-click for its condition.` : `Stop ${when} ${name}`
  const look = point ? `set ${point.enabled && !muted ? '' : 'off'} ${point.condition.trim() ? 'cond' : ''}` : ''
  return (
    <button className={`bp ${when} ${look} nodrag nopan`} tabIndex={-1} title={words} aria-label={words} aria-pressed={point !== undefined} data-testid={`break-${when}-${id}`}
      onClick={(event) => {
        event.stopPropagation()
        build.announce(build.breakpoints.toggle(id, when) ? `Stops ${when} ${name}.` : `Stops ${when} ${name} no more.`)
      }}
      onDoubleClick={(event) => event.stopPropagation()}
      onContextMenu={(event) => {
        event.preventDefault()
        event.stopPropagation()
        build.set({ breakEditor: { node: id, when }, nodeMenu: null })
      }}><i /></button>
  )
}
