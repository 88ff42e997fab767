import type { KeyboardEvent } from 'react'

/** Tab goes round within an open dialog. */
export function keepTab(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'Tab') return
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('button, input, textarea, select, summary, [tabindex="0"]')].filter((each) => !(each as HTMLButtonElement).disabled && each.offsetParent !== null)
  const end = event.shiftKey ? all[0] : all.at(-1)
  if (event.target !== end) return
  event.preventDefault()
  ;(event.shiftKey ? all.at(-1) : all[0])?.focus()
}
