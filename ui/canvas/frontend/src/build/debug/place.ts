/** Where a small window beside a card goes: right of it, kept on the screen. */

import type { CSSProperties } from 'react'
import type { Build } from '../state'

export function placeBeside(build: Build, node: string, width: number, height: number): CSSProperties {
  const card = build.root?.querySelector(`#nl-node-${node}`)?.getBoundingClientRect()
  return placed(card ? card.right + 10 : innerWidth / 2, card ? card.top : innerHeight / 3, width, height)
}

export function placed(left: number, top: number, width: number, height: number): CSSProperties {
  return { left: Math.max(8, Math.min(left, innerWidth - width - 8)), top: Math.max(8, Math.min(top, innerHeight - height - 8)) }
}
