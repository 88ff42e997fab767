import type { ReactElement } from 'react'
import { Icon } from '../../style/icons'
import { useBuild } from '../state'

/** On a card whose output is pinned: runs from this page take it instead of running the node. */
export function PinMark({ id }: { id: string }): ReactElement {
  const build = useBuild()
  const words = `The output of ${build.nameOf(id)} is pinned: runs from this page take it instead of running it. Scheduled and API runs do not.`
  return (
    <button className="pinmark nodrag nopan" tabIndex={-1} title={words} aria-label={words} data-testid={`pin-${id}`}
      onClick={(event) => {
        event.stopPropagation()
        build.select([id])
        build.set({ nodeMenu: { node: id, screen: [event.clientX, event.clientY] } })
      }}><Icon name="pin" size={12} /></button>
  )
}
