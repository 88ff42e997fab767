/** The data types of ports; the same grammar and rule as `nodes/types.py`. */

export const SCALARS = ['text', 'number', 'boolean', 'record', 'messages', 'documents', 'plan', 'any'] as const

/** `T` of `list[T]`; null for every other type. */
export function itemType(expression: string): string | null {
  return /^list\[(.+)\]$/.exec(expression)?.[1] ?? null
}

export function isType(expression: string): boolean {
  const item = itemType(expression)
  return item === null ? (SCALARS as readonly string[]).includes(expression) : isType(item)
}

const MADE_OF: Record<string, string> = { documents: 'list[record]', messages: 'list[record]', plan: 'record' }

/** Whether a port of type `source` may feed one of type `target`. Nothing is converted in silence. */
export function fits(source: string, target: string): boolean {
  if (source === target || source === 'any' || target === 'any') return true
  const made = MADE_OF[source] ?? source
  if (made === target) return true
  const from = itemType(made)
  const to = itemType(target)
  return from !== null && to !== null && fits(from, to)
}

/** The name of a type's colour and shape: `list` for every list. */
export function typeFamily(expression: string): string {
  return itemType(expression) === null ? expression : 'list'
}

/** A type in at most four letters or so, for the word under an edge. */
export function shortType(expression: string): string {
  return expression === 'documents' ? 'docs' : expression === 'messages' ? 'msgs' : expression
}

/** A type as a person says it: "a plan", "text", "a list of text". */
export function spokenType(expression: string): string {
  const item = itemType(expression)
  if (item !== null) return `a list of ${item}`
  const plural = ['text', 'messages', 'documents']
  if (expression === 'any') return 'any value'
  return plural.includes(expression) ? expression : `a ${expression}`
}
