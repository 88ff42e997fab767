/** Light or dark, from the luminance of Streamlit's background; followed live. */

function luminance(colour: string): number | null {
  const parts = /rgba?\(([^)]+)\)/.exec(colour)?.[1]?.split(/[ ,/]+/).map(Number)
  if (!parts || parts.length < 3) return null
  const [r, g, b] = parts.slice(0, 3).map((value) => {
    const share = value / 255
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Set `color-scheme` on the host now and whenever Streamlit's theme changes. Returns what stops it. */
export function followTheme(host: HTMLElement, onChange: () => void): () => void {
  const probe = document.createElement('span')
  probe.style.cssText = 'position:absolute;width:0;height:0;overflow:hidden;background:var(--st-background-color, Canvas)'
  probe.setAttribute('aria-hidden', 'true')
  host.parentNode!.append(probe)
  let before = ''
  const update = (): void => {
    const light = luminance(getComputedStyle(probe).backgroundColor)
    const scheme = light === null ? 'light dark' : light > 0.3 ? 'light' : 'dark'
    if (scheme === before) return
    host.style.colorScheme = before = scheme
    onChange()
  }
  update()
  // Streamlit swaps the variables in a style or class somewhere above; there is no event for it.
  const timer = setInterval(update, 400)
  return () => {
    clearInterval(timer)
    probe.remove()
  }
}
