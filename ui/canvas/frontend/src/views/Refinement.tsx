import { useMemo, useState, type ReactElement } from 'react'
import { wordsChanged } from './figures'
import { Fold } from './Fold'
import type { Version, View } from './types'

/** Drafts one after another, each with its critique and what changed since the one before. */
export function Refinement({ view }: { view: Extract<View, { type: 'refinement' }> }): ReactElement {
  const [changes, setChanges] = useState(true)
  if (!view.versions.length) return <p className="t3 sm">No draft yet.</p>
  return (
    <div className="v-refinement">
      {view.versions.length > 1 && (
        <span className="seg" role="radiogroup" aria-label="Show drafts as">
          <button role="radio" aria-checked={changes} aria-pressed={changes} onClick={() => setChanges(true)}>Changes</button>
          <button role="radio" aria-checked={!changes} aria-pressed={!changes} onClick={() => setChanges(false)}>Whole text</button>
        </span>
      )}
      {view.versions.map((version, index) => (
        <section key={index} className="v-version">
          <h4>Draft {index + 1}{version.score !== null && <span className="t3 num"> score {version.score}</span>}</h4>
          {changes && index > 0 ? <Changed before={view.versions[index - 1]!} after={version} /> : <div className="v-draft"><Fold text={version.draft} most={900} lines={16} /></div>}
          {version.critique && <div className="v-critique"><span className="xs b">Critique</span><br /><Fold text={version.critique} /></div>}
        </section>
      ))}
    </div>
  )
}

function Changed({ before, after }: { before: Version; after: Version }): ReactElement {
  const pieces = useMemo(() => wordsChanged(before.draft, after.draft), [before.draft, after.draft])
  if (pieces.every((piece) => piece.sort === 'same')) return <p className="t3 sm">Not changed.</p>
  return (
    <div className="v-draft v-text">
      {pieces.map((piece, index) => {
        if (piece.sort === 'added') return <ins key={index}>{piece.text}</ins>
        return piece.sort === 'removed' ? <del key={index}>{piece.text}</del> : <Same key={index} text={piece.text} />
      })}
    </div>
  )
}

const KEPT = 160

/** Of a long stretch without change, its ends. */
function Same({ text }: { text: string }): ReactElement {
  const [all, setAll] = useState(false)
  if (all || text.length <= 3 * KEPT) return <>{text}</>
  return <>{text.slice(0, KEPT)}<button className="link" onClick={() => setAll(true)}> … {(text.length - 2 * KEPT).toLocaleString('en-US')} characters without change … </button>{text.slice(-KEPT)}</>
}
