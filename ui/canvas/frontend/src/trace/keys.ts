// The keys of the page, wherever the focus is, unless a text is being typed.
import type { TraceStore } from './store'

interface Page {
  page: HTMLElement | null
  store: TraceStore
  /** Null where nothing can be forked now. */
  fork: (() => void) | null
}

/** What each key does; a key that is not here is left to others. */
function acts({ page, store, fork }: Page): Record<string, (() => void) | undefined> {
  return {
    j: () => void store.replay.by(1),
    k: () => void store.replay.by(-1),
    ' ': () => store.replay.toggle(),
    f: fork ? () => fork() : undefined,
    c: () => focus(page, '[data-testid=comment-text]'),
    '/': () => focus(page, '[data-search]'),
  }
}

export function onPageKey(event: KeyboardEvent, given: Page): void {
  const target = event.composedPath()[0]
  if (isTyping(target) || event.ctrlKey || event.metaKey || event.altKey) return
  if (inDialog(target)) return
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  if (key === 'r' || key === 'c') event.stopPropagation() // Streamlit's own: rerun, clear the cache
  if (key === ' ' && isPressed(target)) return
  const act = acts(given)[key]
  if (!act) return
  event.preventDefault()
  event.stopPropagation()
  act()
}

function focus(page: HTMLElement | null, selector: string): void {
  const field = page?.querySelector<HTMLElement>(selector)
  field?.scrollIntoView({ block: 'nearest' })
  field?.focus()
}

function isTyping(target: EventTarget | undefined): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

/** Space presses what has the focus. */
function isPressed(target: EventTarget | undefined): boolean {
  return target instanceof HTMLElement && target.closest('button, a, summary') !== null
}

function inDialog(target: EventTarget | undefined): boolean {
  return target instanceof HTMLElement && target.closest('[role=dialog]') !== null
}
