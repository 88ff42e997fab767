import { useMemo, type ReactElement } from 'react'
import { asText, piecesOf } from '../compare/diff'
import type { Merging } from './overlay'
import type { Choice, Conflict } from './types'

/** Characters of a value that are shown. */
const MOST = 600

interface Props {
  conflict: Conflict
  names: Pick<Merging, 'ours' | 'theirs'>
  onChoose: (choice: Choice) => void
  onShow: () => void
}

/** One place that both changed: the two values, marked against what both began with, and the choice. */
export function ConflictCard({ conflict, names, onChoose, onShow }: Props): ReactElement {
  const titles: Record<Choice, string> = { ours: capital(names.ours), theirs: capital(names.theirs), both: 'Both' }
  return (
    <section className={`conflict${conflict.choice ? ' decided' : ''}`} aria-label={conflict.place} data-testid={`conflict-${conflict.key}`}>
      <div className="row">
        <span className="conflict-sign" aria-hidden="true">{conflict.choice ? '✓' : '?'}</span>
        <b className="sm grow">{said(conflict, names)}</b>
        {conflict.node && <button className="btn ghost sm" onClick={onShow}>Show</button>}
      </div>
      <div className="conflict-values">
        {(['ours', 'theirs'] as const).map((side) => (
          <div key={side} className={conflict.choice === side || conflict.choice === 'both' ? 'taken' : ''}>
            <span className="xs t3">{titles[side]}</span>
            <Value base={conflict.base} value={conflict[side]} removed={conflict.sort === 'removed' && conflict[side] === null} />
          </div>
        ))}
      </div>
      <span className="seg" role="group" aria-label={`Choose for ${conflict.place}`}>
        {conflict.choices.map((choice) => (
          <button key={choice} aria-pressed={conflict.choice === choice} data-testid={`choose-${choice}`} onClick={() => onChoose(choice)}>{titles[choice]}</button>
        ))}
      </span>
    </section>
  )
}

/** The server says ours and theirs; a person knows them by name. */
function said(conflict: Conflict, names: Pick<Merging, 'ours' | 'theirs'>): string {
  return capital(conflict.what.replace(/\bours\b/g, names.ours).replace(/\btheirs\b/g, names.theirs))
}

interface Shown { kind: string; label?: string; note?: string; config?: Record<string, unknown> }

function isNode(value: unknown): value is Shown {
  return typeof value === 'object' && value !== null && typeof (value as Shown).kind === 'string'
}

/** A node in few words: what it is, and its settings. */
function NodeValue({ node }: { node: Shown }): ReactElement {
  const settings = Object.entries(node.config ?? {})
  return (
    <div className="sm conflict-value">
      <b>{node.label || node.kind}</b>{node.label && <span className="t3"> {node.kind}</span>}
      {node.note && <p>{node.note}</p>}
      {settings.map(([key, value]) => <p key={key}><span className="t3">{key.replaceAll('_', ' ')}:</span> {asText(value).slice(0, MOST)}</p>)}
    </div>
  )
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function Value({ base, value, removed }: { base: unknown; value: unknown; removed: boolean }): ReactElement {
  const [before, now] = [asText(base), asText(value)]
  const pieces = useMemo(() => piecesOf({ name: '', left: before, right: now }).filter((piece) => piece.sort !== 'removed'), [before, now])
  if (isNode(value)) return <NodeValue node={value} />
  if (removed) return <p className="sm t3">removed</p>
  if (value === null || value === undefined || now === '') return <p className="sm t3">nothing</p>
  if (now.length > MOST || typeof value !== 'string') return <p className="sm conflict-value">{now.length > MOST ? `${now.slice(0, MOST)} …` : now}</p>
  return <p className="sm conflict-value hist-words">{pieces.map((piece, at) => (piece.sort === 'added' && before ? <ins key={at}>{piece.text}</ins> : <span key={at}>{piece.text}</span>))}</p>
}
