import { useReactFlow } from '@xyflow/react'
import type { ReactElement } from 'react'
import type { Diagnostic } from '../model/diagnostics'
import { Icon } from '../style/icons'
import { reveal } from './palette/place'
import { useBuild, useRun, useSession, useUi, type Build } from './state'
import { seconds } from './words'

const RANK = { error: 0, warning: 1, info: 2 }

export function sorted(diagnostics: Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort((a, b) => RANK[a.severity] - RANK[b.severity])
}

/** Select what a problem is about and bring it into view. */
export function jumpTo(build: Build, flow: ReturnType<typeof useReactFlow>, problem: Diagnostic): void {
  const { node, edge, config } = problem.place
  const wire = edge ? (['flow', 'data', 'attach'] as const).find((sort) => build.doc.edges[sort].includes(edge)) : undefined
  build.select(node ? [node] : [], wire ? [`${wire}:${edge}`] : [])
  if (node) {
    build.set({ tab: 'settings' })
    reveal(build, flow, node)
  }
  build.announce(problem.message)
  if (config && node) setTimeout(() => build.root?.querySelector<HTMLElement>(`[data-field="${CSS.escape(config.split('.')[0]!)}"] :is(input, textarea, select, button)`)?.focus(), 60)
}

export function Problems(): ReactElement {
  const build = useBuild()
  const flow = useReactFlow()
  const open = useUi((ui) => ui.problems)
  const selected = useUi((ui) => ui.selected)
  const list = sorted(useSession((state) => state.diagnostics))
  const run = useRun((state) => state.run)
  const errors = list.filter((each) => each.severity === 'error').length
  return (
    <section className="prob" aria-label="Problems" data-region="problems" data-testid="problems">
      <div className="tabs">
        <button aria-selected={open} onClick={() => build.set({ problems: !open })}>Problems {list.length > 0 && <span className={`count ${errors ? 'bad' : 'warn'}`}>{list.length}</span>}</button>
        {run && <button onClick={() => build.set({ drawer: true })}>Last run <span className="t3">{run.number} · {seconds(run.seconds)}</span></button>}
        {run && <button onClick={() => build.navigate({ view: 'trace', run: run.id })} className="t3">Open trace</button>}
        <span className="grow" />
        <button className="btn ghost sm icon fold-btn" aria-label={open ? 'Fold the problems' : 'Show the problems'} aria-expanded={open} onClick={() => build.set({ problems: !open })}><Icon name={open ? 'down' : 'up'} size={14} /></button>
      </div>
      {open && (
        <ul>
          {list.map((each, index) => (
            <li key={`${each.code}${index}`} className={each.place.node && selected.has(each.place.node) ? 'on' : ''}>
              <button className="jump" onClick={() => jumpTo(build, flow, each)} title={`${each.message} ${each.remedy}`}>
                <span className={each.severity === 'error' ? 'st-failed' : each.severity === 'warning' ? 'st-waiting' : 't3'}><Icon name={each.severity} size={14} /></span>
                <span className="m11 code">{each.code}</span>
                {each.place.node && <b className="nw">{build.nameOf(each.place.node)}</b>}
                <span className="grow ell">{each.message} <span className="t3">{each.remedy}</span></span>
              </button>
              {each.fix && <button className="btn sm" onClick={() => build.edit(each.fix!.ops, each.fix!.title)}>{each.fix.title}</button>}
            </li>
          ))}
          {list.length === 0 && <li className="none"><span className="st-done"><Icon name="check" size={14} /></span>No problems. This workflow can run.</li>}
        </ul>
      )}
    </section>
  )
}
