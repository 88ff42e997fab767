import { useEffect } from 'react'

/** Streamlit's own: rerun and clear the cache. */
const KEPT_FROM_STREAMLIT = new Set(['r', 'c'])

/** Single letters do something wherever the focus is, unless a text is being typed. */
export function useKeys(acts: Record<string, () => unknown>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const target = event.composedPath()[0]
      const typing = target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return
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
