/** Figures in words: seconds with one decimal, thousands with a comma, dollars to where they matter. */

export function seconds(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  if (value > 0 && value < 0.95) return `${value.toFixed(2)} s`
  return value < 600 ? `${value.toFixed(1)} s` : `${Math.round(value / 60)} min`
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

export function tokens(value: number): string {
  return `${count(value)} tok`
}

export function dollars(value: number): string {
  if (value === 0) return '$0'
  const cents = Math.round(value * 1e6) % 1e4 === 0
  return `$${value.toFixed(value >= 1 || cents ? 2 : 4)}`
}

export function bytes(value: number): string {
  return value > 9e8 ? `${(value / 1e9).toFixed(1)} GB` : `${Math.round(value / 1e6)} MB`
}

export function plural(amount: number, word: string): string {
  return `${count(amount)} ${word}${amount === 1 ? '' : 's'}`
}

/** A value as text to show. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return value === null || value === undefined ? '' : JSON.stringify(value, null, 2)
}
