import { useEffect, useState } from 'react'
import type { Piece } from '../views/figures'
import { changesOf, textOf } from './changes'
import { problemOf, type TraceReader } from './reader'
import type { StateAround } from './types'

/** The state variables around a step, or why they could not be read; null meanwhile, or where there are none. */
export function useStateAround(reader: TraceReader, span: string, has: boolean): StateAround | string | null {
  const [found, setFound] = useState<{ span: string; state: StateAround | string } | null>(null)
  useEffect(() => {
    let stale = false
    const take = (state: StateAround | string) => stale || setFound({ span, state })
    if (has) reader.state(span).then(take, (error: unknown) => take(problemOf(error).what))
    return () => void (stale = true)
  }, [reader, span, has])
  return found?.span === span ? found.state : null
}

/** What the step changed in the state, word by word, and what it left as it was. */
export function StateDiff({ state }: { state: StateAround }) {
  const changes = changesOf(state)
  const rest = Object.keys(state.after).filter((name) => !state.changed.includes(name))
  return (
    <>
      {changes.length === 0 && <p className="t3 sm">This step changed nothing.</p>}
      <dl className="df state-diff">
        {changes.map((each) => (
          <div key={each.name} data-variable={each.name}>
            <dt>{each.name}</dt>
            <dd>{each.same ? <><span className="t3">written again: </span>{each.pieces.map((piece) => piece.text)}</> : each.pieces.map((piece, at) => <PieceText key={at} piece={piece} />)}</dd>
          </div>
        ))}
      </dl>
      {rest.length > 0 && (
        <details className="quiet">
          <summary>{rest.length === 1 ? '1 variable as before' : `${rest.length} variables as before`}</summary>
          <dl className="df">{rest.map((name) => <div key={name}><dt>{name}</dt><dd>{textOf(state.after[name])}</dd></div>)}</dl>
        </details>
      )}
    </>
  )
}

function PieceText({ piece }: { piece: Piece }) {
  if (piece.sort === 'added') return <ins>{piece.text}</ins>
  return piece.sort === 'removed' ? <del>{piece.text}</del> : <>{piece.text}</>
}
