import { Icon } from '../style/icons'
import type { TrialMark } from './trials'

const SAYS: Record<TrialMark, { word: string; title: string }> = {
  decisive: { word: 'decided', title: 'Corrected here, the run came to what it should' },
  trying: { word: 'trying', title: 'A correction of this step is being tried on a fork' },
  tried: { word: 'tried', title: 'A correction of this step did not turn the outcome' },
}

/** What trying a correction of a step came to. */
export function TrialSign({ mark, short = false }: { mark: TrialMark; short?: boolean }) {
  const { word, title } = SAYS[mark]
  const icon = mark === 'decisive' ? 'flag' : mark === 'trying' ? 'arc' : 'fork'
  return <span className={`trial-sign ${mark}`} title={title} data-trial={mark}><Icon name={icon} size={12} className={mark === 'trying' ? 'spin' : ''} />{(!short || mark === 'decisive') && word}</span>
}
