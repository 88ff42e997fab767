/** How many model calls a visit costs, with the settings as they are: "1 to max_calls + 2" -> "1 to 8 model calls". */

import type { DocNode } from './document'
import type { Kind } from './kinds'
import { configValue } from './ports'

const SUM = String.raw`[\d\s+x()-]*\d[\d\s+x()-]*`
/** A range begins with a plain number: "1 + 2 to 3 x rounds" could be read two ways, and is left as it is. */
const WHOLE = new RegExp(`^(up to )?(?:(\\d+) (to|or) )?(${SUM}?)( at most)?$`)

export function callWords(kind: Kind, node: DocNode): string {
  const first = kind.model_calls.split(/;|, and |, or |, then /)[0]!.trim()
  const told = first.replace(/\b[a-z]+(?:_[a-z]+)*\b/g, (word) => {
    const value = configValue(node, kind, word)
    return typeof value === 'number' ? String(value) : word
  })
  if (told === 'none' || told === '0') return 'no model calls'
  const [, before, low, link, sum, after] = WHOLE.exec(told) ?? []
  const most = sum === undefined ? null : evaluate(sum)
  if (most === null) return told
  if (low !== undefined && Number(low) !== most) return `${low} ${link} ${most} model calls`
  return `${before || after ? 'up to ' : ''}${most} model call${most === 1 ? '' : 's'}`
}

/** The value of a sum of products with parentheses; null where it is none. */
export function evaluate(text: string): number | null {
  const tokens = text.match(/\d+|[+\-x()]/g) ?? []
  let at = 0
  const atom = (): number => {
    const token = tokens[at++]
    if (token !== '(') return token !== undefined && /^\d+$/.test(token) ? Number(token) : NaN
    const inside = sum()
    return tokens[at++] === ')' ? inside : NaN
  }
  const product = (): number => {
    let value = atom()
    while (tokens[at] === 'x') {
      at++
      value *= atom()
    }
    return value
  }
  const sum = (): number => {
    let value = product()
    while (tokens[at] === '+' || tokens[at] === '-') value += tokens[at++] === '+' ? product() : -product()
    return value
  }
  const value = sum()
  return at === tokens.length && Number.isFinite(value) ? value : null
}
