import { useEffect, useRef, useState, type ReactElement } from 'react'
import { portsOf } from '../../model/ports'
import { Icon } from '../../style/icons'
import { useBuild, useUi, type Build } from '../state'
import type { Breakpoint, When } from './breakpoints'
import { conditionTrouble } from './condition'
import { placeBeside } from './place'

/** The small editor of one breakpoint: its side, its condition, whether it is on. */
export function BreakpointEditor(): ReactElement | null {
  const at = useUi((ui) => ui.breakEditor)
  return at ? <Editor key={`${at.node} ${at.when}`} {...at} /> : null
}

function Editor({ node, when }: { node: string; when: When }): ReactElement {
  const build = useBuild()
  const [point, setPoint] = useState<Breakpoint>(() => build.breakpoints.at(node, when) ?? { node, when, condition: '', enabled: true })
  const box = useRef<HTMLDivElement>(null)
  const text = useRef<HTMLTextAreaElement>(null)
  useEffect(() => text.current?.focus(), [])
  const trouble = conditionTrouble(point.condition, point.when)
  const close = (): void => {
    build.set({ breakEditor: null })
    build.focusCanvas()
  }
  useEffect(() => {
    const outside = (event: Event): void => {
      if (!event.composedPath().includes(box.current!)) build.set({ breakEditor: null })
    }
    window.addEventListener('pointerdown', outside, true)
    return () => window.removeEventListener('pointerdown', outside, true)
  }, [build])
  const keep = (): void => {
    if (trouble) return
    if (point.when !== when) build.breakpoints.remove(node, when)
    build.breakpoints.put(point)
    build.announce(`Stops ${point.when} ${build.nameOf(node)}.`)
    close()
  }
  const name = build.nameOf(node)
  return (
    <div className="menu drop bp-edit" ref={box} style={placeBeside(build, node, 300, 250)} role="dialog" aria-label={`Breakpoint of ${name}`} data-testid="break-editor"
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Escape') close()
        if (event.key === 'Enter' && !event.shiftKey && (event.target as HTMLElement).tagName === 'TEXTAREA') { event.preventDefault(); keep() }
      }}>
      <div className="row"><b className="grow ell">Stop at {name}</b><button className="btn ghost sm icon" aria-label="Close" onClick={close}><Icon name="cross" size={12} /></button></div>
      <div className="seg" role="group" aria-label="When">
        {(['before', 'after'] as const).map((side) => <button key={side} aria-pressed={point.when === side} onClick={() => setPoint({ ...point, when: side })}>{side === 'before' ? 'Before it runs' : 'After it ran'}</button>)}
      </div>
      <label>
        <span className="lab">Only if <span className="hint">CEL, empty: always</span></span>
        <textarea ref={text} className={`in area mono ${trouble ? 'bad' : ''}`} rows={2} spellCheck={false} data-testid="break-condition" placeholder="visit > 1" aria-invalid={trouble !== null} value={point.condition} onChange={(event) => setPoint({ ...point, condition: event.target.value })} />
      </label>
      {trouble ? <p className="xs st-failed" role="alert">{trouble}</p> : <Names build={build} node={node} when={point.when} onPick={(word) => { setPoint({ ...point, condition: `${point.condition}${point.condition && !/[\s(!]$/.test(point.condition) ? ' ' : ''}${word}` }); text.current?.focus() }} />}
      <div className="row">
        <label className="row sm grow"><input type="checkbox" checked={point.enabled} onChange={(event) => setPoint({ ...point, enabled: event.target.checked })} />On</label>
        <button className="btn sm ghost" data-testid="break-remove" onClick={() => { build.breakpoints.remove(node, when); close() }}>Remove</button>
        <button className="btn sm primary" disabled={trouble !== null} data-testid="break-keep" onClick={keep}>Keep it</button>
      </div>
    </div>
  )
}

/** What the condition may read, to insert. */
function Names({ build, node, when, onPick }: { build: Build; node: string; when: When; onPick: (word: string) => void }): ReactElement {
  const ports = portsOf(build.doc, build.doc.nodes[node]!, build.kindOf(node))
  const words = ['visit', ...ports.inputs.map((port) => `inputs.${port.name}`), ...(when === 'after' ? ports.outputs.map((port) => `outputs.${port.name}`) : []), ...Object.keys(build.doc.state).map((name) => `state.${name}`)]
  return <div className="chips">{words.slice(0, 10).map((word) => <button key={word} type="button" className="chip line mono" onClick={() => onPick(word)}>{word}</button>)}</div>
}
