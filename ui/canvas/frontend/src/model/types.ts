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

type Check = (value: unknown) => string | null
const isRecord = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object' && !Array.isArray(value)

/** What a value is, as a person says it. */
export function spokenValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  return { string: 'text', number: 'a number', boolean: 'yes or no' }[typeof value as string] ?? 'a record'
}

function listOf(what: string, key: string): Check {
  return (value) => {
    if (!Array.isArray(value)) return `This is ${spokenValue(value)}; ${what} are a list of records.`
    const wrong = value.findIndex((each) => !isRecord(each) || !(key in each))
    return wrong < 0 ? null : `Item ${wrong + 1} has no “${key}”.`
  }
}

const of = (is: boolean, value: unknown, wanted: string): string | null => (is ? null : `This is ${spokenValue(value)}; ${wanted} is needed.`)

const CHECKS: Record<string, Check> = {
  text: (value) => of(typeof value === 'string', value, 'text'),
  number: (value) => of(typeof value === 'number' && Number.isFinite(value), value, 'a number'),
  boolean: (value) => of(typeof value === 'boolean', value, 'yes or no'),
  record: (value) => of(isRecord(value), value, 'a record'),
  messages: listOf('messages', 'role'),
  documents: listOf('documents', 'text'),
  plan: (value) => (isRecord(value) && Array.isArray(value['steps']) ? null : 'A plan is a record with a list of “steps”.'),
  any: () => null,
}

/** Why a value is not of a type; null where it is. The same rule as `conforms` in `nodes/types.py`. */
export function misfit(value: unknown, type: string): string | null {
  const item = itemType(type)
  if (item === null) return (CHECKS[type] ?? CHECKS['any']!)(value)
  if (!Array.isArray(value)) return `This is ${spokenValue(value)}; ${spokenType(type)} is needed.`
  const wrong = value.findIndex((each) => misfit(each, item) !== null)
  return wrong < 0 ? null : `Item ${wrong + 1}: ${misfit(value[wrong], item)!}`
}
