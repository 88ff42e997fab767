import { useMemo, type ReactElement } from 'react'
import { useReactFlow } from '@xyflow/react'
import { asText, likeness, piecesOf } from '../compare/diff'
import { reveal } from '../build/palette/place'
import { useBuild } from '../build/state'
import { Icon } from '../style/icons'
import { useDescribing } from './useDescribing'
import type { Item } from './types'

const SIGNS: Record<Item['sort'], [sign: string, word: string]> = {
  added: ['+', 'new'], joined: ['+', 'new'], removed: ['−', 'gone'], cut: ['−', 'gone'], changed: ['~', 'changed'], moved: ['~', 'changed'],
}
/** A longer value stands below its sentence, as on the server. */
const SHORT = 40
const UNLIKE = 0.2

/** One change: what it is, the words that change, and the two answers. */
export function ItemLine({ item, all }: { item: Item; all: readonly Item[] }): ReactElement {
  const build = useBuild()
  const flow = useReactFlow()
  const hovered = useDescribing((state) => state.hovered === item.id)
  const [sign, word] = SIGNS[item.sort]
  const { describing } = build
  const needs = item.needs.map((id) => all.find((each) => each.id === id)).filter((each) => each !== undefined)
  const look = (): void => { if (item.node && build.doc.nodes[item.node]) reveal(build, flow, item.node) }
  return (
    <li className={`desc-item ${item.sort} ${item.fault ? 'faulty' : ''} ${hovered ? 'on' : ''}`} data-testid={`describe-item-${item.id}`}
      onPointerEnter={() => describing.hover(item.id)} onPointerLeave={() => describing.hover(null)} onFocus={() => describing.hover(item.id)} onBlur={() => describing.hover(null)}>
      <span className="desc-sign" title={word} aria-label={word}>{sign}</span>
      <div className="desc-what">
        <button className="desc-words" title={needs.length ? `Made together with: ${needs.map((each) => each.words).join('; ')}` : 'Show it on the canvas'} onClick={look}>{item.words}</button>
        {item.mends && <p className="xs t3">So that nothing is left wrong</p>}
      </div>
      {!item.fault && <button className="btn ghost sm icon yes" aria-label={`Accept: ${item.words}`} title={needs.length ? 'Accept, with what it needs' : 'Accept'} onClick={() => describing.accept([item.id])}><Icon name="check" size={14} /></button>}
      <button className="btn ghost sm icon no" aria-label={`Refuse: ${item.words}`} title="Refuse" onClick={() => describing.refuse([item.id])}><Icon name="cross" size={14} /></button>
      <div className="desc-more">
        <Values item={item} />
        {item.fault && <p className="desc-why"><b>Cannot be made: {item.fault.what}.</b> {item.fault.mend}</p>}
      </div>
    </li>
  )
}

/** Long values: word by word where one became another, whole where it is new. */
function Values({ item }: { item: Item }): ReactElement | null {
  if (item.sort === 'added') return <Settings values={item.after} />
  if (item.sort !== 'changed' || item.key === null) return null
  const [before, after] = [asText(item.before), asText(item.after)]
  if (!isLong(before) && !isLong(after)) return null
  return before ? <Words before={before} after={after} /> : <p className="desc-diff"><ins>{after}</ins></p>
}

function isLong(text: string): boolean {
  return text.length > SHORT || text.includes('\n')
}

function Settings({ values }: { values: unknown }): ReactElement | null {
  const shown = values !== null && typeof values === 'object' ? Object.entries(values).map(([key, value]) => [key, asText(value)] as const).filter(([, text]) => isLong(text)) : []
  return shown.length ? <>{shown.map(([key, text]) => <p key={key} className="desc-diff"><span className="cap">{key.replaceAll('_', ' ')}</span>{text}</p>)}</> : null
}

function Words({ before, after }: { before: string; after: string }): ReactElement {
  const pieces = useMemo(() => piecesOf({ name: '', left: before, right: after }), [before, after])
  if (likeness(pieces) < UNLIKE) return <div className="desc-diff"><p><del>{before}</del></p><p><ins>{after}</ins></p></div>
  return <p className="desc-diff">{pieces.map(({ text, sort }, at) => (sort === 'added' ? <ins key={at}>{text}</ins> : sort === 'removed' ? <del key={at}>{text}</del> : <span key={at}>{text}</span>))}</p>
}
