import { Icon } from '../style/icons'
import type { Mark } from './words'

/** A state by colour, icon and word. */
export function StateChip({ mark }: { mark: Mark }) {
  const tone = mark.tone === 'idle' || mark.tone === 'skipped' ? '' : mark.tone
  return (
    <span className={`chip ${tone}`}>
      <Icon name={mark.icon} size={12} className={mark.icon === 'arc' ? 'spin' : ''} />
      {mark.word}
    </span>
  )
}
