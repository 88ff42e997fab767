import { useEffect, useRef, type ReactElement } from 'react'
import { arrows } from '../bar/Popover'
import { useBuild, useUi } from '../state'
import { NodeActions } from './NodeActions'
import { placed } from './place'

/** What can be done with a card, at the pointer; Shift F10 opens it beside the selected one. */
export function NodeMenu(): ReactElement | null {
  const menu = useUi((ui) => ui.nodeMenu)
  return menu ? <Menu key={menu.node} {...menu} /> : null
}

function Menu({ node, screen }: { node: string; screen: [number, number] }): ReactElement | null {
  const build = useBuild()
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    box.current?.querySelector<HTMLElement>('button:not([disabled])')?.focus()
    const outside = (event: Event): void => {
      if (!event.composedPath().includes(box.current!)) build.set({ nodeMenu: null })
    }
    window.addEventListener('pointerdown', outside, true)
    window.addEventListener('wheel', outside, true)
    return () => {
      window.removeEventListener('pointerdown', outside, true)
      window.removeEventListener('wheel', outside, true)
    }
  }, [build])
  const close = (): void => {
    build.set({ nodeMenu: null })
    build.focusCanvas()
  }
  if (!build.doc.nodes[node]) return null
  return (
    <div className="menu drop node-menu" ref={box} style={placed(screen[0], screen[1], 272, 390)} aria-label={build.nameOf(node)} data-testid="node-menu"
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Escape' || event.key === 'Tab') { event.preventDefault(); close() }
        else arrows(event)
      }}>
      <NodeActions id={node} close={close} />
    </div>
  )
}
