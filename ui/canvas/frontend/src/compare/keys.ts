import { useEffect } from 'react'

/** Streamlit's own: rerun and clear the cache. */
const KEPT_FROM_STREAMLIT = new Set(['r', 'c'])

const FOCUSABLE = 'button:not([disabled]):not([tabindex="-1"]), [tabindex="0"], input, summary'

/** To the first thing that takes the focus in the next part of the page; Shift goes back. */
function nextRegion(event: KeyboardEvent): void {
  const inside = event.composedPath()[0] as HTMLElement
  const root = (inside.getRootNode() as Document | ShadowRoot).querySelector('.compare') ? (inside.getRootNode() as Document | ShadowRoot) : shadowOf(document)
  const regions = [...(root?.querySelectorAll<HTMLElement>('.compare [data-region]') ?? [])]
  if (regions.length === 0) return
  event.preventDefault()
  event.stopPropagation()
  const at = regions.findIndex((region) => region.contains(inside))
  const next = regions[(at + (event.shiftKey ? -1 : 1) + regions.length) % regions.length]!
  next.querySelector<HTMLElement>(FOCUSABLE)?.focus()
}

/** The shadow root with the comparison, when the focus is outside of it. */
function shadowOf(page: Document): ShadowRoot | undefined {
  return [...page.querySelectorAll('*')].map((each) => each.shadowRoot).find((root) => root?.querySelector('.compare')) ?? undefined
}

/** Single letters do something wherever the focus is, unless a text is being typed. */
export function useKeys(acts: Record<string, () => unknown>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const target = event.composedPath()[0]
      const typing = target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === 'F6') return nextRegion(event)
      const key = event.key.toLowerCase()
      if (KEPT_FROM_STREAMLIT.has(key)) event.stopPropagation()
      const act = acts[key]
      if (!act) return
      event.stopPropagation()
      act()
    }
    window.addEventListener('keydown', onKey, true)
    return () => window.removeEventListener('keydown', onKey, true)
  })
}
