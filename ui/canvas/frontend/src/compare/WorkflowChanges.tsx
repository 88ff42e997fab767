import type { ReactElement } from 'react'
import type { Mode } from './TextDiff'
import type { DocumentChange } from './types'
import { ChangeBody } from './VisitParts'

const MARKS: Record<string, [sign: string, word: string]> = {
  added: ['+', 'new'], edge_added: ['+', 'new'], removed: ['−', 'gone'], edge_removed: ['−', 'gone'],
}

/** How B's workflow differs from A's: nodes, settings with their words, edges. */
export function WorkflowChanges({ changes, mode, onNode }: { changes: DocumentChange[]; mode: Mode; onNode: (id: string) => void }): ReactElement {
  if (changes.length === 0) return <p className="empty t3">The workflow is the same in both runs.</p>
  return (
    <ul className="changes" data-testid="changes">
      {changes.map((change, at) => {
        const [sign, word] = MARKS[change.sort] ?? ['~', 'changed']
        return (
          <li key={at} className={`sort-${change.sort}`}>
            <span className="sign" title={word} aria-label={word}>{sign}</span>
            <div className="grow"><ChangeBody change={change} mode={mode} /></div>
            {change.node && change.sort !== 'removed' && <button className="btn ghost sm" onClick={() => onNode(change.node!)}>Show</button>}
          </li>
        )
      })}
    </ul>
  )
}
