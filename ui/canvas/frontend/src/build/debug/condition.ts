/** What can be said of a CEL condition without evaluating it: the server has the last word. Pure. */

import type { When } from './breakpoints'

export const MOST = 2000
const WORDS = new Set(['true', 'false', 'null', 'in', 'int', 'uint', 'double', 'bool', 'string', 'bytes', 'list', 'map', 'null_type', 'type'])
const TOKEN = /[rRbB]{0,2}"(?:\\.|[^"\\])*"|[rRbB]{0,2}'(?:\\.|[^'\\])*'|\d[\w.]*|[A-Za-z_]\w*|[()[\]{}]|["']|\S/g
const STRINGS = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g
const MACROS = new Set(['all', 'exists', 'exists_one', 'map', 'filter'])
const CLOSES: Record<string, string> = { ')': '(', ']': '[', '}': '{' }

/** What a condition may read at a side of a node. */
export function namesAt(when: When): string[] {
  return ['inputs', ...(when === 'after' ? ['outputs'] : []), 'state', 'visit', 'item']
}

/** What is plainly wrong with a condition; null where nothing is, and for none. */
export function conditionTrouble(text: string, when: When): string | null {
  if (text.trim() === '') return null
  if (text.length > MOST) return `A condition has ${MOST} characters at most; this has ${text.length}.`
  const tokens = text.match(TOKEN) ?? []
  return unclosed(tokens) ?? unfinished(text.trim()) ?? unknown(tokens, when)
}

function unclosed(tokens: string[]): string | null {
  const open: string[] = []
  for (const token of tokens) {
    if (token === '"' || token === "'") return `The text that begins with ${token} does not end.`
    if ('([{'.includes(token)) open.push(token)
    else if (CLOSES[token] && open.pop() !== CLOSES[token]) return `“${token}” closes nothing.`
  }
  return open.length ? `“${open.at(-1)}” is not closed.` : null
}

function unfinished(text: string): string | null {
  const end = /(&&|\|\||[<>=!]=|[-+*/%<>=!?:,.&|])$/.exec(text)?.[0]
  if (end) return `Something has to follow “${end}”.`
  return /[^=!<>]=[^=]/.test(text.replace(STRINGS, '""')) ? 'Two values are compared by ==, not by =.' : null
}

function unknown(tokens: string[], when: When): string | null {
  const bound = new Set(tokens.flatMap((token, at) => (MACROS.has(token) && tokens[at - 1] === '.' ? [tokens[at + 2] ?? ''] : [])))
  const known = namesAt(when)
  const read = tokens.find((token, at) => /^[A-Za-z_]\w*$/.test(token) && tokens[at - 1] !== '.' && tokens[at + 1] !== '(' && !isKey(tokens, at) && !WORDS.has(token) && !bound.has(token) && !known.includes(token))
  if (read === undefined) return null
  if (namesAt('after').includes(read)) return `“${read}” is there only after the node has run.`
  return `“${read}” is not known here. There are ${known.join(', ')}: write inputs.${read} for the input of that name.`
}

/** `{key: value}` of a message or map. */
function isKey(tokens: string[], at: number): boolean {
  return tokens[at + 1] === ':' && (tokens[at - 1] === '{' || tokens[at - 1] === ',')
}
