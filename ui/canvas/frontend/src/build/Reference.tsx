/** The reference of a kind in a sheet: its text, what it costs and where it is from, its ports and sockets. */

import { useEffect, useRef, type ReactElement } from 'react'
import { type Kind, type Port, tileFamily } from '../model/kinds'
import { askedFor } from '../model/subworkflow'
import { FAMILY_TITLES, Icon, Tile } from '../style/icons'
import { useBuild, useUi } from './state'

export function Reference(): ReactElement | null {
  const build = useBuild()
  const kind = useUi((ui) => (ui.reference ? ui.kinds[ui.reference] : undefined))
  const close = useRef<HTMLButtonElement>(null)
  useEffect(() => { if (kind) close.current?.focus() }, [kind])
  if (!kind) return null
  const shut = (): void => {
    build.set({ reference: null })
    build.root?.querySelector<HTMLElement>('[data-testid="reference-open"]')?.focus()
  }
  return (
    <div className="scrim" onClick={shut}>
      <div className="sheet reference" role="dialog" aria-modal="true" aria-label={`Reference of ${kind.title}`} data-testid="reference" onClick={(event) => event.stopPropagation()}
        onKeyDown={(event) => { if (event.key === 'Escape') { event.stopPropagation(); shut() } }}>
        <div className="row">
          <Tile family={tileFamily(kind)} kind={kind.kind} />
          <b className="h18 grow">{kind.title} <span className="mono t3">{kind.kind}</span></b>
          <button ref={close} className="btn ghost icon" aria-label="Close" onClick={shut}><Icon name="cross" /></button>
        </div>
        <Doc text={kind.doc} />
        <dl className="facts">
          <div><dt>Family</dt><dd>{FAMILY_TITLES[kind.family] ?? kind.family}</dd></div>
          <div><dt>Model calls a visit</dt><dd>{kind.model_calls}</dd></div>
          {kind.side_effects && <div><dt>Beyond the run</dt><dd>It changes the world outside the run.</dd></div>}
        </dl>
        <Listed title="Inputs" lines={[...kind.inputs, ...kind.frame_inputs].map(portLine)} />
        <Listed title="Outputs" lines={[...kind.outputs, ...kind.frame_outputs].map(portLine)} />
        <Listed title="Outcomes" lines={kind.outcomes.map((name): Line => [name, ''])} />
        <Listed title="Sockets" lines={kind.attaches.map((socket): Line => [socket.name, [`${socket.many ? 'any number of' : 'one'} ${socket.sort}${socket.required ? '' : ', optional'}`, socket.description, socket.sort === 'workflow' ? askedFor(socket) : ''].filter(Boolean).join('. ')])} />
        <Listed title="Settings" lines={settings(kind)} />
      </div>
    </div>
  )
}

type Line = [string, string]

function portLine(port: Port): Line {
  return [port.name, `${port.type}${port.required ? '' : ', optional'}${port.description ? `. ${port.description}` : ''}`]
}

function settings(kind: Kind): Line[] {
  return Object.entries(kind.config_schema.properties ?? {}).map(([name, schema]): Line => [name, [schema.title, schema.description].filter(Boolean).join('. ')])
}

function Listed({ title, lines }: { title: string; lines: Line[] }): ReactElement | null {
  if (!lines.length) return null
  return (
    <>
      <h3 className="cap">{title}</h3>
      <dl className="facts">{lines.map(([name, words]) => <div key={name}><dt className="mono">{name}</dt><dd>{words}</dd></div>)}</dl>
    </>
  )
}

const ADDRESS = /(https?:\/\/[^\s)>\]]+[^\s)>\].,;])/

/** Paragraphs with their addresses as links; lists keep their lines. */
function Doc({ text }: { text: string }): ReactElement {
  return (
    <div className="doc-text">
      {text.trim().split(/\n{2,}/).map((paragraph, index) => (
        <p key={index} className={/^\s*(-|\d+\.)\s/m.test(paragraph) ? 'pre' : ''}>
          {paragraph.split(ADDRESS).map((part, at) => (at % 2 ? <a key={at} href={part} target="_blank" rel="noreferrer noopener">{part}</a> : part.replaceAll('``', '')))}
        </p>
      ))}
    </div>
  )
}
