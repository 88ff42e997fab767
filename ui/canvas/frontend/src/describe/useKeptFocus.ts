import { useEffect, useRef, type RefObject } from 'react'

/** What had the focus goes when it is decided on: the next change gets it, and at the end the field for a wish. */
export function useKeptFocus(panel: RefObject<HTMLElement | null>, decided: number): (event: { target: EventTarget }) => void {
  const at = useRef(0)
  useEffect(() => {
    const root = panel.current?.getRootNode() as ShadowRoot | Document | undefined
    if (!decided || !root || (root.activeElement && root.activeElement !== document.body)) return
    const left = [...panel.current!.querySelectorAll<HTMLElement>('.desc-item')]
    const next = left[Math.min(at.current, left.length - 1)]?.querySelector<HTMLElement>('.yes, .no')
    ;(next ?? panel.current!.querySelector<HTMLElement>('textarea'))?.focus()
  }, [panel, decided])
  return ({ target }) => {
    const line = (target as HTMLElement).closest('.desc-item')
    if (line?.parentElement) at.current = [...line.parentElement.children].indexOf(line)
  }
}
