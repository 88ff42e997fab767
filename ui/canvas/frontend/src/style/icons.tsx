/** Tiles (family silhouette + glyph), line icons, port shapes. Path data only; colour comes from tokens. */

import type { CSSProperties, ReactElement } from 'react'
import { typeFamily } from '../model/types'

export const SILHOUETTES: Record<string, string> = {
  planning: 'M3 3h13l6 9-6 9H3a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z',
  memory: 'M3 5.5C3 3.5 7 2 12 2s9 1.5 9 3.5v13c0 2-4 3.5-9 3.5s-9-1.5-9-3.5z',
  tools: 'M4.5 2h15A2.5 2.5 0 0 1 22 4.5v15a2.5 2.5 0 0 1-2.5 2.5h-15A2.5 2.5 0 0 1 2 19.5v-15A2.5 2.5 0 0 1 4.5 2z',
  reflection: 'M12 1.5a10.5 10.5 0 1 1 0 21 10.5 10.5 0 0 1 0-21z',
  teams: 'M7 2h10a1 1 0 0 1 .9.5l5 9a1 1 0 0 1 0 1l-5 9a1 1 0 0 1-.9.5H7a1 1 0 0 1-.9-.5l-5-9a1 1 0 0 1 0-1l5-9A1 1 0 0 1 7 2z',
  control: 'M12 .8a1.5 1.5 0 0 1 1.1.4l9.7 9.7a1.5 1.5 0 0 1 0 2.2l-9.7 9.7a1.5 1.5 0 0 1-2.2 0L1.2 13.1a1.5 1.5 0 0 1 0-2.2l9.7-9.7A1.5 1.5 0 0 1 12 .8z',
  guards: 'M12 1l9.5 3.5V11c0 6-3.5 9.8-9.5 12C6 20.8 2.5 17 2.5 11V4.5z',
  resources: 'M8 4.5h8a7.5 7.5 0 0 1 0 15H8a7.5 7.5 0 0 1 0-15z',
}

export const FAMILY_TITLES: Record<string, string> = {
  planning: 'Planning', memory: 'Memory', tools: 'Tools', reflection: 'Reflection',
  teams: 'Deliberation and teams', control: 'Control', guards: 'Guards', resources: 'Resources',
}

const GLYPHS: Record<string, string> = {
  'start': 'M10 8.5v7l5-3.5z',
  'finish': 'M9 17V7.5h6.5l-1.8 2.2 1.8 2.3H9',
  'note': 'M8 7.5h8 M8 11h8 M8 14.5h5',
  'prompt': 'M7 8h10v7h-5l-3 2.5V15H7z',
  'agent': 'M7 9.5h10v7.5H7z M12 6.5v3 M10 13h.1 M14 13h.1',
  'planning.plan': 'M6 8h5M6 12h8M6 16h5',
  'planning.execute': 'M7 8.5l1.3 1.3L10.5 7.5 M13 8.5h4 M7 15l1.3 1.3L10.5 14 M13 15h4',
  'memory.recall': 'M8 9.5c0 1 8 1 8 0 M12 17v-4.5 M9.8 14.5l2.2-2.2 2.2 2.2',
  'memory.remember': 'M8 8.5c0 1 8 1 8 0 M12 12v4.5 M9.8 14.5l2.2 2.2 2.2-2.2',
  'tools.call': 'M9 9l3 3-3 3 M13 15h3',
  'reflection.critique': 'M7.5 12.5l3 3 6-6.5',
  'reflection.refine': 'M8 15a5 5 0 1 0 .2-6.2 M8 5.8v3.2h3.2',
  'control.route': 'M8 12h3l4-3.5 M11 12l4 3.5',
  'control.route_by_model': 'M7.5 12h3l4-3.5 M10.5 12l4 3.5 M16.5 11v2 M15.5 12h2',
  'control.join': 'M8 8.5l4 3.5-4 3.5 M12 12h4',
  'control.for_each': 'M8 9.5h7 M13 7.5l2 2-2 2 M16 14.5H9 M11 12.5l-2 2 2 2',
  'control.loop_limit': 'M15.5 10a4 4 0 1 0 .3 3.5 M15.8 7.5V10h-2.5 M12 10.5V12l1 1',
  'control.ask': 'M9.5 10a2.5 2.5 0 1 1 3.5 2.3c-.8.4-1 .8-1 1.7 M12 16.5v.1',
  'resource.model': 'M9 9h6v6H9z M12 6.8V9 M12 15v2.2 M6.8 12H9 M15 12h2.2',
  'resource.memory_space': 'M7.5 9.5h9 M7.5 12h9 M7.5 14.5h9',
  'tool.calculator': 'M8 6.5h8v11H8z M8 10h8 M10.5 13h.1 M13.5 13h.1 M10.5 15.2h.1 M13.5 15.2h.1',
  'tool.clock': 'M12 7a5 5 0 1 1 0 10 5 5 0 0 1 0-10z M12 9.2V12l1.9 1.2',
  'tool.file_search': 'M7 8h3.5l1.2 1.5H17V12 M7 8v8h4 M14.2 12.6a1.9 1.9 0 1 1 0 3.8 1.9 1.9 0 0 1 0-3.8z M15.7 16l1.6 1.6',
  'tool.web_fetch': 'M12 7a5 5 0 1 1 0 10 5 5 0 0 1 0-10z M7 12h10 M12 7c2.8 3 2.8 7 0 10 M12 7c-2.8 3-2.8 7 0 10',
  'tool.python': 'M9.5 8.5 6.5 12l3 3.5 M14.5 8.5l3 3.5-3 3.5',
}

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
  resume: 'M3.5 3.5v9 M6.5 3.2v9.6l7-4.8z',
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

/** A kind's tile; without a glyph for the kind, the silhouette alone. */
export function Tile({ family, kind, size, className = '' }: {
  family: string
  kind?: string
  size?: 10 | 16 | 20
  className?: string
}): ReactElement {
  const glyph = kind ? GLYPHS[kind] : undefined
  return (
    <svg className={`tile ${size ? `s${size}` : ''} ${className}`} viewBox="0 0 24 24" aria-hidden="true">
      <path className="bg" style={{ fill: `var(--f-${family})` }} d={SILHOUETTES[family] ?? SILHOUETTES['tools']} />
      {glyph && <path className="gl" d={glyph} />}
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

export function HalfRound({ joined }: { joined: boolean }): ReactElement {
  return (
    <svg className={`ap ${joined ? 'on' : ''}`} viewBox="0 0 12 7" aria-hidden="true">
      <path d="M1 1h10a5 5 0 0 1-10 0z" />
    </svg>
  )
}
