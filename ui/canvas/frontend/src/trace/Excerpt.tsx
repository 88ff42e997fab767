import type { ReactNode } from 'react'

/** An excerpt of a search, with what matched marked. */
export function Excerpt({ text }: { text: string }): ReactNode {
  return pieces(text).map((piece, at) => (piece.hit ? <mark key={at}>{piece.text}</mark> : piece.text))
}

/** The text in pieces; those between U+0002 and U+0003 matched. */
export function pieces(text: string): { text: string; hit: boolean }[] {
  return text.split('\u0002').flatMap((part, at) => {
    if (at === 0) return part ? [{ text: part, hit: false }] : []
    const [hit = '', rest = ''] = part.split('\u0003')
    return [{ text: hit, hit: true }, ...(rest ? [{ text: rest, hit: false }] : [])]
  })
}
