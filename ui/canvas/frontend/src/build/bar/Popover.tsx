import { useEffect, useRef, useState, type ReactElement, type ReactNode } from 'react'

/** A button with a menu below it; Escape and a press outside close it. */
export function Popover({ label, button, className = 'btn ghost', children, align = 'left', testid }: {
  label: string
  button: ReactNode
  className?: string
  children: (close: () => void) => ReactNode
  align?: 'left' | 'right'
  testid?: string
}): ReactElement {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    if (!open) return
    const outside = (event: Event): void => {
      if (!event.composedPath().includes(box.current!)) setOpen(false)
    }
    window.addEventListener('pointerdown', outside, true)
    box.current?.querySelector<HTMLElement>('.menu :is(button, input, a)')?.focus()
    return () => window.removeEventListener('pointerdown', outside, true)
  }, [open])
  const close = (): void => {
    setOpen(false)
    box.current?.querySelector('button')?.focus()
  }
  return (
    <span className="pop" ref={box} onKeyDown={(event) => open && event.key === 'Escape' && (event.stopPropagation(), close())}>
      <button className={className} aria-label={label} aria-haspopup="true" aria-expanded={open} title={label} data-testid={testid} onClick={() => setOpen(!open)}>{button}</button>
      {open && <div className={`menu ${align}`} onKeyDown={arrows}>{children(close)}</div>}
    </span>
  )
}

export function arrows(event: React.KeyboardEvent<HTMLDivElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  event.preventDefault()
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('button:not([disabled]), input')]
  const at = items.indexOf(event.target as HTMLElement)
  items[(at + (event.key === 'ArrowDown' ? 1 : -1) + items.length) % items.length]?.focus()
}
