import { useEffect, useMemo, useState, type ReactElement } from 'react'
import { asText, likeness, piecesOf } from '../../compare/diff'
import type { DocumentChange } from '../../compare/types'
import { useBuild } from '../state'
import { plural } from '../words'
import { faultOf } from './words'

const SIGNS: Record<string, [sign: string, word: string]> = {
  added: ['+', 'new'], edge_added: ['+', 'new'], removed: ['−', 'gone'], edge_removed: ['−', 'gone'],
}
/** A longer value stands below its sentence, as on the server. */
const SHORT = 40
/** Texts with less in common read better one below the other. */
const UNLIKE = 0.2
/** Characters kept at both ends of a long stretch without change. */
const KEPT = 120

/** What was done between two versions, in words. */
export function Changes({ since, revision }: { since: number; revision: number }): ReactElement {
  const build = useBuild()
  const [changes, setChanges] = useState<DocumentChange[] | null>(null)
  const [fault, setFault] = useState('')
  useEffect(() => {
    let left = false
    setFault('')
    build.api.get<DocumentChange[]>(`/workflows/${build.workflow}/versions/${revision}/changes?since=${since}`)
      .then((found) => !left && setChanges(found), (error: unknown) => !left && setFault(faultOf(error)))
    return () => { left = true }
  }, [build, since, revision])
  if (fault) return <p className="sm st-failed" role="alert">{fault}</p>
  if (!changes) return <p className="sm t3">Comparing…</p>
  if (changes.length === 0) return <p className="sm t2">Nothing but the layout, if anything.</p>
  return (
    <>
      <p className="sm t3">{plural(changes.length, 'change')}</p>
      <ChangeLines changes={changes} />
    </>
  )
}

/** Changes one below the other, with the words that changed. */
export function ChangeLines({ changes }: { changes: readonly DocumentChange[] }): ReactElement {
  return <ul className="hist-changes" data-testid="history-changes">{changes.map((change, at) => <Line key={at} change={change} />)}</ul>
}

function Line({ change }: { change: DocumentChange }): ReactElement {
  const [sign, word] = SIGNS[change.sort] ?? ['~', 'changed']
  const [before, after] = [asText(change.before), asText(change.after)]
  const both = change.before !== null && change.after !== null
  return (
    <li className={change.sort}>
      <span className="hist-sign" title={word} aria-label={word}>{sign}</span>
      <div className="grow"><p>{change.what}</p>{both && Math.max(before.length, after.length) > SHORT && <Words before={before} after={after} />}</div>
    </li>
  )
}

function Words({ before, after }: { before: string; after: string }): ReactElement {
  const pieces = useMemo(() => piecesOf({ name: '', left: before, right: after }), [before, after])
  if (likeness(pieces) < UNLIKE) return <div className="hist-words"><p><del>{shortened(before)}</del></p><p><ins>{shortened(after)}</ins></p></div>
  return (
    <p className="hist-words">
      {pieces.map(({ text, sort }, at) => (sort === 'added' ? <ins key={at}>{text}</ins> : sort === 'removed' ? <del key={at}>{text}</del> : <span key={at}>{shortened(text)}</span>))}
    </p>
  )
}

function shortened(text: string): string {
  return text.length <= 3 * KEPT ? text : `${text.slice(0, KEPT)} … ${text.slice(-KEPT)}`
}
