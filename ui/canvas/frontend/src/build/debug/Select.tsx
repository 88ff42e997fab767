import type { ReactElement } from 'react'
import { Icon } from '../../style/icons'

/** One of a few: value and words. */
export function Select({ value, options, onChange, testid, label }: { value: string; options: [string, string][]; onChange: (value: string) => void; testid: string; label: string }): ReactElement {
  return (
    <span className="select">
      <select className="in" aria-label={label} data-testid={testid} value={value} onChange={(event) => onChange(event.target.value)}>{options.map(([each, words]) => <option key={each} value={each}>{words}</option>)}</select>
      <Icon name="down" size={14} />
    </span>
  )
}
