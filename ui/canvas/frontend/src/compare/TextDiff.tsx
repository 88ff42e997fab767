import { useMemo, useState, type ReactElement } from 'react'
import type { Piece } from '../views/figures'
import { likeness, type Part, piecesOf, tally } from './diff'
import { counted } from './words'

export type Mode = 'words' | 'sides'

/** Texts with less in common read better one below the other. */
const UNLIKE = 0.2
const KEPT = 240

/** One part of two values: word by word, or beside each other. */
export function PartDiff({ part, mode }: { part: Part; mode: Mode }): ReactElement {
  const pieces = useMemo(() => piecesOf(part), [part])
  if (part.left === undefined || part.right === undefined) return <Rows left={part.left} right={part.right} />
  if (part.left === part.right) return <p className="tx t2"><Same text={part.left} /></p>
  if (mode === 'sides') return <Beside pieces={pieces} />
  if (likeness(pieces) < UNLIKE) return <Rows left={part.left} right={part.right} />
  return <p className="tx"><Pieces pieces={pieces} /></p>
}

/** `16 words added, 3 removed` */
export function tallyWords(part: Part): string {
  if (part.left === part.right) return 'equal'
  if (part.left === undefined) return 'only in B'
  if (part.right === undefined) return 'only in A'
  const { added, removed } = tally(piecesOf(part))
  const said = [added > 0 && `${counted(added, 'word')} added`, removed > 0 && `${removed}${added > 0 ? '' : removed === 1 ? ' word' : ' words'} removed`].filter(Boolean)
  return said.join(', ') || 'other spaces or signs'
}

function Rows({ left, right }: { left: string | undefined; right: string | undefined }): ReactElement {
  return (
    <div className="ab">
      {left !== undefined && <><span className="tag a">A</span><Whole text={left} /></>}
      {right !== undefined && <><span className="tag b">B</span><Whole text={right} /></>}
    </div>
  )
}

function Whole({ text }: { text: string }): ReactElement {
  return <span className="tx">{text === '' ? <span className="t3">empty</span> : <Same text={text} what="more" />}</span>
}

function Beside({ pieces }: { pieces: Piece[] }): ReactElement {
  return (
    <div className="beside">
      <div><span className="tag a">A</span><p className="tx"><Pieces pieces={pieces.filter((piece) => piece.sort !== 'added')} /></p></div>
      <div><span className="tag b">B</span><p className="tx"><Pieces pieces={pieces.filter((piece) => piece.sort !== 'removed')} /></p></div>
    </div>
  )
}

function Pieces({ pieces }: { pieces: Piece[] }): ReactElement {
  return (
    <>
      {pieces.map((piece, at) => {
        if (piece.sort === 'added') return <ins key={at}>{piece.text}</ins>
        return piece.sort === 'removed' ? <del key={at}>{piece.text}</del> : <Same key={at} text={piece.text} />
      })}
    </>
  )
}

/** Of a long stretch without change, its ends; the rest on demand. */
function Same({ text, what = 'alike' }: { text: string; what?: 'alike' | 'more' }): ReactElement {
  const [all, setAll] = useState(false)
  if (all || text.length <= 3 * KEPT) return <>{text}</>
  return <>{text.slice(0, KEPT)}<button className="link more" onClick={() => setAll(true)}> … {(text.length - 2 * KEPT).toLocaleString('en-US')} characters {what} … </button>{text.slice(-KEPT)}</>
}
