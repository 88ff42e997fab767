import { useEffect, useState, type ReactElement } from 'react'
import type { Api } from '../api'
import { Icon } from '../style/icons'
import type { Run } from '../trace/types'
import { momentText, RUN_MARKS, secondsText } from '../trace/words'
import { answerWords } from './Header'
import { RecordingDrop } from './RecordingDrop'

const SHOWN = 30

interface Props {
  api: Api
  /** Runs of this workflow stand first; null where none is known. */
  workflow: string | null
  chosen: string | null
  onPick: (number: string) => void
}

/** A list of runs to choose from, searched as one types. */
export function RunPicker({ api, workflow, chosen, onPick }: Props): ReactElement {
  const [query, setQuery] = useState('')
  const { runs, error } = useRuns(api, workflow, query)
  return (
    <div className="picker" role="group" aria-label="Runs to choose from">
      <label className="in"><Icon name="search" size={14} /><input value={query} placeholder="Number, workflow, input or answer" aria-label="Search runs" data-testid="run-search" onChange={(event) => setQuery(event.target.value)} /></label>
      <RecordingDrop api={api} onPick={onPick} />
      {error && <p className="sm st-failed" role="alert">{error}</p>}
      {runs?.length === 0 && <p className="sm t3">{query ? 'Nothing close to that.' : 'No runs yet. Run a workflow and it shows up here.'}</p>}
      <ul>
        {runs?.map((run) => (
          <li key={run.id}>
            <button aria-pressed={run.number === chosen} data-testid={`choose-${run.number}`} onClick={() => onPick(run.number)}>
              <b className="mono">{run.number}</b>
              <span className={`st-${RUN_MARKS[run.status].tone}`} title={RUN_MARKS[run.status].word}><Icon name={RUN_MARKS[run.status].icon} size={12} /></span>
              <span className="ell">{run.title}<span className="t3">{run.label ? ` · ${run.label}` : ''} · {answerWords(run) || RUN_MARKS[run.status].word}</span></span>
              <span className="xs t3 num nw">{run.started_at === null ? '' : momentText(run.started_at)} · {secondsText(run.seconds ?? 0)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

function useRuns(api: Api, workflow: string | null, query: string): { runs: Run[] | null; error: string | null } {
  const [found, setFound] = useState<{ runs: Run[] | null; error: string | null }>({ runs: null, error: null })
  useEffect(() => {
    let current = true
    const read = async (): Promise<void> => {
      try {
        const all = await list(api, `q=${encodeURIComponent(query)}`)
        const own = workflow ? await list(api, `q=${encodeURIComponent(query)}&workflow=${workflow}`) : []
        const known = new Set(own.map((run) => run.id))
        if (current) setFound({ runs: [...own, ...all.filter((run) => !known.has(run.id))].slice(0, SHOWN), error: null })
      } catch (error) {
        if (current) setFound({ runs: null, error: error instanceof Error ? error.message : String(error) })
      }
    }
    const timer = setTimeout(() => void read(), query ? 150 : 0)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [api, workflow, query])
  return found
}

async function list(api: Api, query: string): Promise<Run[]> {
  return (await api.get<{ runs: Run[] }>(`/runs?limit=${SHOWN}&${query}`)).runs
}
