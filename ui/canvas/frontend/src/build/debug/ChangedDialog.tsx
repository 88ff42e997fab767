import { useEffect, useRef, useState, type ReactElement } from 'react'
import { Icon } from '../../style/icons'
import { useBuild, useRun } from '../state'
import { mapped, type Choice } from './choices'
import { Select } from './Select'
import { keepTab } from './trap'

/** The workflow was edited under the run, and what would come next is gone: the reader chooses how it goes on. */
export function ChangedDialog(): ReactElement | null {
  const build = useBuild()
  const changed = useRun((state) => state.changed)
  const busy = useRun((state) => state.busy)
  const run = useRun((state) => state.run)
  const first = useRef<HTMLButtonElement>(null)
  useEffect(() => { if (changed) first.current?.focus() }, [changed])
  if (!changed || !run) return null
  const leave = (): void => {
    build.runner.leave()
    build.focusCanvas()
  }
  const fork = (body: Record<string, unknown>) => async (): Promise<void> => {
    await build.session.flush()
    await build.runner.fork(run.id, { ...body, breakpoints: build.debugger.points() })
  }
  return (
    <div className="scrim" data-testid="changed">
      <div className="sheet changed" role="alertdialog" aria-modal="true" aria-label="The workflow was edited" onKeyDown={(event) => { event.stopPropagation(); keepTab(event); if (event.key === 'Escape') leave() }}>
        <div className="row"><span className="st-waiting"><Icon name="warning" /></span><b className="h18 grow">The workflow was edited under {run.number}</b></div>
        <p className="t2">{changed.what} {changed.mend}</p>
        <ul className="ways-on">
          {changed.choices.map((choice, index) => (
            <li key={choice.choice}>
              <b>{choice.title}</b>
              <p className="sm t2">{WORDS[choice.choice]}</p>
              {choice.choice === 'map' ? <Map choice={choice} busy={busy} onMap={(map) => void fork({ ...choice.call, map })()} />
                : <button ref={index === 0 ? first : undefined} className="btn sm" disabled={busy} data-testid={`changed-${choice.choice}`} onClick={() => void (choice.choice === 'pinned' ? build.runner.again(choice.call) : fork(choice.call)())}>{choice.choice === 'pinned' ? 'Go on as it was' : 'Fork with the edits'}</button>}
            </li>
          ))}
        </ul>
        <div className="row"><span className="grow" /><button className="btn ghost" data-testid="changed-leave" onClick={leave}>Leave it stopped</button></div>
      </div>
    </div>
  )
}

const WORDS: Record<Choice['choice'], string> = {
  pinned: 'The run goes on in the version it began with. Your edits count from the next run.',
  fork: 'A new run of the edited workflow takes over what has ended; this one stays where it is.',
  map: 'A new run of the edited workflow; say which node takes the place of the one that is gone.',
}

function Map({ choice, busy, onMap }: { choice: Extract<Choice, { choice: 'map' }>; busy: boolean; onMap: (map: Record<string, string>) => void }): ReactElement {
  const build = useBuild()
  const [chosen, setChosen] = useState<Record<string, string>>({})
  const map = mapped(choice, chosen)
  const nodes = Object.keys(build.doc.nodes)
  const free = choice.nodes.length ? choice.nodes : nodes
  return (
    <>
      {choice.gone.map((old) => (
        <label key={old} className="row sm"><span className="mono">{old}</span> is now
          <Select label={`What ${old} is now`} testid={`changed-map-${old}`} value={chosen[old] ?? choice.suggested[old] ?? ''} onChange={(id) => setChosen({ ...chosen, [old]: id })}
            options={[['', 'choose a node'], ...free.map((id): [string, string] => [id, build.doc.nodes[id] ? build.nameOf(id) : id])]} />
        </label>
      ))}
      <button className="btn sm" disabled={busy || !map} data-testid="changed-map" onClick={() => map && onMap(map)}>Fork with it</button>
    </>
  )
}
