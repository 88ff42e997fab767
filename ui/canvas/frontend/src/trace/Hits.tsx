import type { CSSProperties } from 'react'
import { isRecord } from './shapes'

export interface Hit {
  id?: string
  text: string
  kind?: string
  score: number
  similarity: number
  recency: number
  importance: number
  keyword: number
}

const PARTS = [
  ['similarity', 's-sim', 'k1'],
  ['recency', 's-rec', 'k2'],
  ['importance', 's-imp', 'k3'],
  ['keyword', 's-key', 'k4'],
] as const

/** Recalled records, each with its score as a stacked bar and the four figures that make it up. */
export function Hits({ hits }: { hits: Hit[] }) {
  if (hits.length === 0) return <p className="t3">No record was close enough.</p>
  return (
    <>
      <div className="row hits-key">
        {PARTS.map(([part, token]) => <span key={part} className="key" style={{ '--c': `var(--${token})` } as CSSProperties}><i />{part}</span>)}
      </div>
      {hits.map((hit, at) => (
        <div className="hit" key={hit.id ?? at}>
          <span className="hit-text" title={hit.text}>{hit.text}</span>
          <span>
            <span className="score" role="img" aria-label={PARTS.map(([part]) => `${part} ${hit[part].toFixed(2)}`).join(', ')}>
              {PARTS.map(([part, , tone]) => <i key={part} className={tone} style={{ width: `${100 * hit[part]}%` }} />)}
            </span>
            <span className="parts num" aria-hidden="true">{PARTS.map(([part]) => <span key={part}>{hit[part].toFixed(2).replace(/^0/, '')}</span>)}</span>
          </span>
          <b className="r num">{hit.score.toFixed(2)}</b>
        </div>
      ))}
    </>
  )
}

/** Recalled records as hits: their four parts stand beside the score, or under `parts`; null for anything else. */
export function asHits(value: unknown): Hit[] | null {
  if (!Array.isArray(value) || value.length === 0) return null
  const flat = value.map((each: unknown) => (isRecord(each) && isRecord(each['parts']) ? { ...each, ...each['parts'] } : each))
  const all = flat.every((each) => isRecord(each) && typeof each['score'] === 'number' && PARTS.every(([part]) => typeof each[part] === 'number'))
  return all ? (flat as unknown as Hit[]) : null
}
