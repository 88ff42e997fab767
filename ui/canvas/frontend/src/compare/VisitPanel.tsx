import type { ReactElement } from 'react'
import type { Kind } from '../model/kinds'
import { Icon, Tile } from '../style/icons'
import type { Span } from '../trace/types'
import { countText, secondsText, usdText } from '../trace/words'
import type { CompareStore } from './store'
import { type Mode, PartDiff } from './TextDiff'
import type { Detail, Summary, VisitSide } from './types'
import { Calls, LedTo, Section, Settings, State, Values } from './VisitParts'
import { counted, visitSentence, visitWords } from './words'

const WORKS = new Set(['queued', 'running'])

interface Props {
  store: CompareStore
  summary: Summary
  kinds: Record<string, Kind>
  detail: Detail
  mode: Mode
  onMode: (mode: Mode) => void
  onVisit: (index: number) => void
  onTrace: (run: string, span: string) => void
  onFork: (run: string, span: string) => void
}

/** One visit in both runs: what it got, what it asked, and what came of it. */
export function VisitPanel({ store, summary, kinds, detail, mode, onMode, onVisit, onTrace, onFork }: Props): ReactElement {
  const { visit, left, right } = detail
  const forkable = visit.right !== null && visit.own && !WORKS.has(summary.right.status)
  return (
    <aside className="cmp-panel" aria-label={`${visit.label}, ${visitWords(visit)}, in both runs`} data-testid="visit-panel" data-region="panel">
      <PanelHead summary={summary} kinds={kinds} detail={detail} onVisit={onVisit} />
      <div className="row panel-bar">
        <span className="seg" role="radiogroup" aria-label="Show texts">
          {([['words', 'Words'], ['sides', 'Side by side']] as const).map(([name, title]) => (
            <button key={name} role="radio" aria-checked={mode === name} aria-pressed={mode === name} title={`${title} (W)`} onClick={() => onMode(name)}>{title}</button>
          ))}
        </span>
        <span className="grow" />
        {visit.left && <button className="btn sm" onClick={() => onTrace(summary.left.number, visit.left!.span)} aria-label="Trace of A" title={`This step in the trace of ${summary.left.number}`}>Trace A</button>}
        {visit.right && <button className="btn sm" onClick={() => onTrace(summary.right.number, visit.right!.span)} aria-label="Trace of B" title={`This step in the trace of ${summary.right.number}`}>Trace B</button>}
        {forkable && <button className="btn sm" data-testid="fork-here" onClick={() => onFork(summary.right.id, visit.right!.span)} aria-label="Fork B at this step" title={`Run on from this step of ${summary.right.number} with something changed`}><Icon name="fork" size={14} />Fork B</button>}
      </div>
      <div className="panel-scroll" key={visit.index} tabIndex={0} aria-label="What differs at this step">
        <Took left={visit.left} right={visit.right} />
        {detail.settings.length > 0 && <Settings store={store} summary={summary} detail={detail} mode={mode} />}
        <Calls store={store} summary={summary} detail={detail} mode={mode} />
        {visit.changes.includes('outcome') && <Section title="Outcome" note="the way it took"><PartDiff part={{ name: 'outcome', left: ending(left), right: ending(right) }} mode="words" /></Section>}
        <Values title="Output" left={left} right={right} column="output" mode={mode} />
        {summary.state.length > 0 && <State store={store} summary={summary} detail={detail} mode={mode} />}
        <Values title="Input" left={left} right={right} column="input" mode={mode} />
        <LedTo summary={summary} />
      </div>
    </aside>
  )
}

function PanelHead({ summary, kinds, detail, onVisit }: Pick<Props, 'summary' | 'kinds' | 'detail' | 'onVisit'>): ReactElement {
  const { visit, place } = detail
  const first = summary.first?.index === visit.index
  return (
    <div className="panel-head">
      <Tile family={kinds[visit.kind]?.family ?? 'tools'} kind={visit.kind} />
      <h2 className="ell">{visit.label} <span className="t3">{visitWords(visit)}</span></h2>
      {place.of_node > 1 && <Stepper before={place.previous_of_node} after={place.next_of_node} words={`of ${place.of_node}`} what="visit of this node" onVisit={onVisit} />}
      <span className="grow" />
      <Stepper before={place.previous_changed} after={place.next_changed} words={place.nth_changed === null ? counted(summary.changed, 'difference') : `${countText(place.nth_changed)} of ${countText(summary.changed)}`} what="difference" keys={['K', 'J']} onVisit={onVisit} />
      <p className="xs t3" aria-live="polite">{first && <b className="st-waiting">First difference. </b>}{visitSentence(visit)}</p>
    </div>
  )
}

function Stepper({ before, after, words, what, keys, onVisit }: { before: number | null; after: number | null; words: string; what: string; keys?: [string, string]; onVisit: (index: number) => void }): ReactElement {
  const named = (way: string, key: string | undefined): string => `${way} ${what}${key ? ` (${key})` : ''}`
  return (
    <span className="row stepper" role="group" aria-label={words}>
      <button className="btn ghost sm icon" aria-label={`Previous ${what}`} title={named('Previous', keys?.[0])} disabled={before === null} onClick={() => onVisit(before!)}><Icon name="left" size={14} /></button>
      <span className="xs t2 num nw">{words}</span>
      <button className="btn ghost sm icon" aria-label={`Next ${what}`} title={named('Next', keys?.[1])} disabled={after === null} onClick={() => onVisit(after!)}><Icon name="right" size={14} /></button>
    </span>
  )
}

/** Time, tokens and cost of the visit in both runs, as bars of one scale each. */
function Took({ left, right }: { left: VisitSide | null; right: VisitSide | null }): ReactElement {
  // The last number: what is less would be a difference by chance.
  const figures: [string, number, number, (value: number) => string, number][] = [
    ['Time', left?.seconds ?? 0, right?.seconds ?? 0, secondsText, 0.05],
    ['Tokens', left?.tokens ?? 0, right?.tokens ?? 0, countText, 1],
    ['Cost', left?.usd ?? 0, right?.usd ?? 0, usdText, 0.0001],
  ]
  return (
    <section className="cmp-sec took">
      {figures.filter(([, one, other]) => one > 0 || other > 0).map(([name, one, other, say, least]) => (
        <div key={name} className="took-row">
          <span className="xs t3">{name}</span>
          <TookBar letter="a" value={one} most={Math.max(one, other, least)} words={left?.kept ? 'taken over' : left ? say(one) : 'none'} />
          <TookBar letter="b" value={other} most={Math.max(one, other, least)} words={right?.kept ? 'taken over' : right ? say(other) : 'none'} />
        </div>
      ))}
    </section>
  )
}

function TookBar({ letter, value, most, words }: { letter: 'a' | 'b'; value: number; most: number; words: string }): ReactElement {
  return <span className="took-bar num"><span className={`tag ${letter}`}>{letter.toUpperCase()}</span><span className="took-track" aria-hidden="true"><i className={letter} style={{ width: `${(100 * value) / most}%` }} /></span><span>{words}</span></span>
}

function ending(span: Span | null): string | undefined {
  if (!span) return undefined
  return span.error ? `${span.outcome ?? span.status}: ${span.error.what}` : (span.outcome ?? span.status)
}
