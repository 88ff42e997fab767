/** Tiles (family silhouette + glyph), line icons, port shapes. Path data only; colour comes from tokens. */

import type { CSSProperties, ReactElement } from 'react'
import type { AttachSort } from '../model/kinds'
import { typeFamily } from '../model/types'
import glyphs from './glyphs.json'
import lucide from './lucide.json'

export const SILHOUETTES: Record<string, string> = {
  planning: 'M3 3h13l6 9-6 9H3a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z',
  memory: 'M3 5.5C3 3.5 7 2 12 2s9 1.5 9 3.5v13c0 2-4 3.5-9 3.5s-9-1.5-9-3.5z',
  tools: 'M4.5 2h15A2.5 2.5 0 0 1 22 4.5v15a2.5 2.5 0 0 1-2.5 2.5h-15A2.5 2.5 0 0 1 2 19.5v-15A2.5 2.5 0 0 1 4.5 2z',
  search: 'M11.2 1.6a1.3 1.3 0 0 1 1.6 0l9.2 6.9a1.4 1.4 0 0 1 .5 1.6l-3.4 11.1a1.3 1.3 0 0 1-1.2.9H6.1a1.3 1.3 0 0 1-1.2-.9L1.5 10.1a1.4 1.4 0 0 1 .5-1.6z',
  deliberation: 'M5 2h14a3 3 0 0 1 3 3v11a3 3 0 0 1-3 3h-5.5l-4.3 3.6a.8.8 0 0 1-1.3-.6V19H5a3 3 0 0 1-3-3V5a3 3 0 0 1 3-3z',
  workflows: 'M5 1.5h9.5L21 8v13a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 21V3A1.5 1.5 0 0 1 5 1.5z',
  simulation: 'M6.3 3h11.4a1.5 1.5 0 0 1 1.4 1l4 15a1.5 1.5 0 0 1-1.4 2H2.3a1.5 1.5 0 0 1-1.4-2l4-15a1.5 1.5 0 0 1 1.4-1z',
  reflection: 'M12 1.5a10.5 10.5 0 1 1 0 21 10.5 10.5 0 0 1 0-21z',
  teams: 'M7 2h10a1 1 0 0 1 .9.5l5 9a1 1 0 0 1 0 1l-5 9a1 1 0 0 1-.9.5H7a1 1 0 0 1-.9-.5l-5-9a1 1 0 0 1 0-1l5-9A1 1 0 0 1 7 2z',
  control: 'M12 .8a1.5 1.5 0 0 1 1.1.4l9.7 9.7a1.5 1.5 0 0 1 0 2.2l-9.7 9.7a1.5 1.5 0 0 1-2.2 0L1.2 13.1a1.5 1.5 0 0 1 0-2.2l9.7-9.7A1.5 1.5 0 0 1 12 .8z',
  guards: 'M12 1l9.5 3.5V11c0 6-3.5 9.8-9.5 12C6 20.8 2.5 17 2.5 11V4.5z',
  resources: 'M8 4.5h8a7.5 7.5 0 0 1 0 15H8a7.5 7.5 0 0 1 0-15z',
}

/** In the order of the palette. */
export const FAMILY_TITLES: Record<string, string> = {
  planning: 'Planning', search: 'Search', memory: 'Memory', tools: 'Tools', reflection: 'Reflection', deliberation: 'Deliberation', teams: 'Teams',
  control: 'Control', guards: 'Guards', workflows: 'Workflows as data', simulation: 'Simulation', resources: 'Resources',
}

/** How a Lucide icon (24 wide) becomes a glyph: its size and place on the tile. */
const LUCIDE_PLACE = 'translate(5.4 5.4) scale(.55)'
const NEUTRAL = 'M8.5 12h.1 M12 12h.1 M15.5 12h.1'
const DRAWN: Record<string, string> = glyphs
const NAMED: Record<string, string> = lucide.kinds
const ICON_PATHS: Record<string, string> = lucide.icons

export const ICONS = {
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9z M10.5 10.5l3 3',
  help: 'M8 2.3a5.7 5.7 0 1 1 0 11.4A5.7 5.7 0 0 1 8 2.3z M6.3 6.3a1.8 1.8 0 1 1 2.6 1.7c-.7.3-.9.6-.9 1.3 M8 11.3v.1',
  down: 'M4 6l4 4 4-4', right: 'M6 4l4 4-4 4', left: 'M10 4 6 8l4 4', up: 'M4 10l4-4 4 4',
  undo: 'M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6 M5.8 3.5 2.8 6.5l3 3',
  redo: 'M13 6.5H6.5a3.5 3.5 0 0 0 0 7H10 M10.2 3.5l3 3-3 3',
  layout: 'M2.5 3h4v3.5h-4z M9.5 3h4v3.5h-4z M9.5 9.5h4V13h-4z M6.5 4.8h3 M11.5 6.5v3',
  outline: 'M3 4h3 M8 4h5 M5.5 8h3 M10.5 8h3 M5.5 12h3 M10.5 12h3',
  warning: 'M8 2.3 14.3 13.3H1.7z M8 6.5v3.2 M8 11.5v.1',
  error: 'M8 2.3a5.7 5.7 0 1 1 0 11.4A5.7 5.7 0 0 1 8 2.3z M8 5v3.6 M8 10.9v.1',
  info: 'M8 2.3a5.7 5.7 0 1 1 0 11.4A5.7 5.7 0 0 1 8 2.3z M8 7.3V11 M8 5v.1',
  play: 'M5 3.2v9.6l7.5-4.8z', stop: 'M4.5 4.5h7v7h-7z', pause: 'M5.5 3.5v9 M10.5 3.5v9',
  minus: 'M3 8h10', plus: 'M8 3v10M3 8h10',
  fit: 'M2.5 6V2.5H6 M10 2.5h3.5V6 M13.5 10v3.5H10 M6 13.5H2.5V10',
  more: 'M3.5 8h.1 M8 8h.1 M12.5 8h.1',
  hand: 'M5.5 8V4a1 1 0 0 1 2 0v3.5V3a1 1 0 0 1 2 0v4.5-3a1 1 0 0 1 2 0v5a4 4 0 0 1-4 4c-1.8 0-2.6-.9-3.6-2.6L3 9.2c-.4-.8.5-1.4 1.1-.9z',
  shield: 'M8 1.8l5 1.8V8c0 3.2-2 5.2-5 6.2C5 13.2 3 11.2 3 8V3.6z', folder: 'M2.5 4h4l1.5 1.8h5.5v6.7h-11z',
  globe: 'M8 2.3a5.7 5.7 0 1 1 0 11.4A5.7 5.7 0 0 1 8 2.3z M2.5 8h11 M8 2.3c3 3.4 3 8 0 11.4 M8 2.3c-3 3.4-3 8 0 11.4',
  table: 'M2.5 3h11v10h-11z M2.5 6.5h11 M6.5 6.5V13', code: 'M5.5 5l-3 3 3 3 M10.5 5l3 3-3 3',
  cylinder: 'M3.5 4.2c0-1 2-1.8 4.5-1.8s4.5.8 4.5 1.8v7.6c0 1-2 1.8-4.5 1.8s-4.5-.8-4.5-1.8z M3.5 4.2c0 1 2 1.8 4.5 1.8s4.5-.8 4.5-1.8',
  check: 'M3 8.5l3.2 3.2L13 5', cross: 'M4 4l8 8M12 4l-8 8',
  arc: 'M8 2.5a5.5 5.5 0 1 1-5.5 5.5', ring: 'M8 4.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7z',
  skip: 'M4 4l5 4-5 4z M11.5 4v8',
  share: 'M8 10V2.5 M5 5l3-3 3 3 M3 9v4.5h10V9',
  file: 'M4 2.5h5l3 3v8H4z M9 2.5v3h3', edit: 'M3 13l.6-2.8 7-7 2.2 2.2-7 7z',
  key: 'M5.2 7.2a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4z M7.2 8 13 2.5 M10.5 5l2 2',
  clock: 'M8 2.3a5.7 5.7 0 1 1 0 11.4A5.7 5.7 0 0 1 8 2.3z M8 5v3.2l2.2 1.3',
  fork: 'M4.5 2.5v11 M4.5 9c4 0 7-1 7-5.5 M9.5 5.5l2-2 2 2',
  download: 'M8 2.5V10 M5 7l3 3 3-3 M3 11v2.5h10V11',
  chip: 'M4.5 4.5h7v7h-7z M6.5 2v2.5M9.5 2v2.5M6.5 11.5V14M9.5 11.5V14M2 6.5h2.5M2 9.5h2.5M11.5 6.5H14M11.5 9.5H14',
  copy: 'M5.5 5.5h8v8h-8z M10.5 5.5v-3h-8v8h3', trash: 'M3 4.5h10 M6 4.5v-2h4v2 M4.5 4.5l.6 9h5.8l.6-9',
  swap: 'M3 5.5h9M9.5 3 12 5.5 9.5 8 M13 10.5H4 M6.5 8 4 10.5 6.5 13', flag: 'M4 14V2.5h8l-2 3 2 3H4',
  resume: 'M3.5 3.5v9 M6.5 3.2v9.6l7-4.8z',
  over: 'M2.5 9a5.5 5.5 0 0 1 10.4-2.4 M13.2 3.2v3.6H9.6 M8 12.2h.1', into: 'M8 2v7.5 M5 6.6l3 3 3-3 M8 13.2h.1', out: 'M8 10V2.5 M5 5.4l3-3 3 3 M8 13.2h.1',
  wish: 'M2.5 3h11v7.5H8l-3 3v-3H2.5z M8 4.6l.6 1.5 1.6.6-1.6.6L8 8.9l-.6-1.6-1.6-.6 1.6-.6z',
  pin: 'M6 2.5h4l-.4 4 2 2.5H4.4l2-2.5z M8 9v4.5', kept: 'M3.5 6.2h9 M3.5 9.8h9', dot: 'M8 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8z',
} as const

export type IconName = keyof typeof ICONS

export function Icon({ name, size, fill, className = '' }: {
  name: IconName
  size?: 12 | 14
  fill?: boolean
  className?: string
}): ReactElement {
  return (
    <svg className={`i ${size ? `s${size}` : ''} ${className}`} viewBox="0 0 16 16" aria-hidden="true"
      style={fill ? { fill: 'currentColor' } : undefined}>
      <path d={ICONS[name]} />
    </svg>
  )
}

/** A kind's tile: its family's silhouette with the glyph drawn for it, else the icon it names. Without a kind, the silhouette. */
export function Tile({ family, kind, size, className = '' }: {
  family: string
  kind?: string
  size?: 10 | 16 | 20
  className?: string
}): ReactElement {
  const drawn = kind ? DRAWN[kind] : undefined
  const named = kind && !drawn ? ICON_PATHS[NAMED[kind] ?? ''] : undefined
  return (
    <svg className={`tile ${size ? `s${size}` : ''} ${className}`} viewBox="0 0 24 24" aria-hidden="true">
      <path className="bg" style={{ fill: `var(--f-${family})` }} d={SILHOUETTES[family] ?? SILHOUETTES['tools']} />
      {named && <path className="gl lucide" transform={LUCIDE_PLACE} d={named} />}
      {kind && !named && <path className="gl" d={drawn ?? NEUTRAL} />}
    </svg>
  )
}

const SHAPES: Record<string, string> = {
  text: 'M5 1a4 4 0 1 1 0 8 4 4 0 0 1 0-8z',
  number: 'M5 1 9 8.5H1z',
  boolean: 'M3 1a4 4 0 0 1 0 8z',
  list: 'M1 1.5h8v2H1z M1 6.5h8v2H1z',
  record: 'M1.2 1.2h7.6v7.6H1.2z',
  messages: 'M1 1.5h8V7H5L3 9V7H1z',
  documents: 'M2 .8h4L8.5 3.3V9.2H2z',
  plan: 'M1 1h5l3.5 4L6 9H1z',
  any: 'M5 1.2a3.8 3.8 0 1 1 0 7.6 3.8 3.8 0 0 1 0-7.6z',
}

export function typeColour(type: string): string {
  return `var(--t-${typeFamily(type)}, var(--t-any))`
}

/** A data port's shape; filled when joined. `any` stays a ring: joined, it gets a dot. */
export function PortShape({ type, joined }: { type: string; joined: boolean }): ReactElement {
  const family = typeFamily(type)
  const style = { '--c': typeColour(type) } as CSSProperties
  return (
    <svg className={`dp ${joined && family !== 'any' ? 'on' : ''}`} style={style} viewBox="0 0 10 10" aria-hidden="true">
      <path d={SHAPES[family] ?? SHAPES['any']} />
      {joined && family === 'any' && <circle cx="5" cy="5" r="1.4" />}
    </svg>
  )
}

export function Chevron({ joined, tone }: { joined: boolean; tone?: 'failed' }): ReactElement {
  return (
    <svg className={`hp ${joined ? 'on' : ''} ${tone ?? ''}`} viewBox="0 0 12 14" aria-hidden="true">
      <path d="M1.5 1.5h4L10.5 7l-5 5.5h-4z" />
    </svg>
  )
}

/** Shape of a socket by what it takes: the lower half of that family's silhouette. Its colour is `--sort`. */
const SOCKETS: Record<AttachSort, string> = {
  model: 'M1 1h10a5 5 0 0 1-10 0z',
  memory: 'M1 1h10v3.2c0 1.1-2.2 2-5 2s-5-.9-5-2z',
  tool: 'M1 1h10v4.2H1z',
  role: 'M1 1h10l-2.4 5H3.4z',
  policy: 'M1.5 1h9v1.5c0 2-1.7 3.2-4.5 3.9-2.8-.7-4.5-1.9-4.5-3.9z',
  workflow: 'M1 1h10v2.2L8.6 6H1z',
}

export function SocketShape({ sort, joined }: { sort: AttachSort; joined: boolean }): ReactElement {
  return (
    <svg className={`ap ${joined ? 'on' : ''}`} viewBox="0 0 12 7" aria-hidden="true">
      <path d={SOCKETS[sort] ?? SOCKETS.model} />
    </svg>
  )
}
