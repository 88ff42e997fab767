import { useState, type ReactElement } from 'react'
import { Icon } from '../../style/icons'
import { useBuild, type Build } from '../state'
import { Popover } from './Popover'

interface Item { id: string; title: string; summary: string; updated_at: number }

/** The list of workflows, and what can be done with this one. */
export function Workflows(): ReactElement {
  return (
    <Popover label="My workflows" className="btn ghost names-btn" button={<><span className="t3">My workflows</span><Icon name="down" size={12} /></>} testid="workflows">
      {(close) => <Menu close={close} />}
    </Popover>
  )
}

function Menu({ close }: { close: () => void }): ReactElement {
  const build = useBuild()
  const [items, setItems] = useState<Item[] | null>(null)
  const [asking, setAsking] = useState(false)
  const load = (): void => {
    build.api.get<Item[]>('/workflows').then(setItems, (error: Error) => build.say(error.message, 'error'))
  }
  const [started, setStarted] = useState(false)
  if (!started) {
    setStarted(true)
    load()
  }
  const go = (id: string): void => {
    build.navigate({ view: 'build', workflow: id })
    close()
  }
  return (
    <>
      <button data-testid="workflow-new" onClick={() => void make(build, BLANK).then((id) => id && go(id))}><Icon name="plus" size={14} />New workflow</button>
      <button data-testid="workflow-duplicate" onClick={() => void make(build, { document: { ...build.doc, title: `${build.doc.title}, copy` } }).then((id) => id && go(id))}><Icon name="copy" size={14} />Duplicate this one</button>
      <button data-testid="workflow-history" onClick={() => { close(); build.set({ history: true }) }}><Icon name="clock" size={14} />History of versions<span className="kbd">H</span></button>
      {asking ? (
        <div className="confirm" role="alertdialog" aria-label="Delete the workflow">
          <p className="sm">Delete “{build.doc.title}”? Its runs are kept. This cannot be undone.</p>
          <button className="btn sm danger" data-testid="workflow-delete-yes" onClick={() => void remove(build).then((id) => id && go(id))}>Delete it</button>
          <button className="btn sm ghost" onClick={() => setAsking(false)}>Keep it</button>
        </div>
      ) : <button data-testid="workflow-delete" onClick={() => setAsking(true)}><Icon name="trash" size={14} />Delete…</button>}
      <hr />
      <div className="scroll">
        {items === null && <p className="sm t3 hint">Loading…</p>}
        {items?.map((item) => (
          <button key={item.id} aria-current={item.id === build.workflow} onClick={() => go(item.id)}>
            <span className="words"><span className="ell">{item.title}</span>{item.summary && <span className="xs t3 ell">{item.summary}</span>}</span>
            {item.id === build.workflow && <Icon name="check" size={14} />}
          </button>
        ))}
      </div>
    </>
  )
}

const BLANK = {
  document: {
    nodeloom: 1, title: 'Untitled workflow', inputs: { question: { type: 'text', title: 'Question' } }, outputs: { answer: { type: 'text', title: 'Answer' } },
    limits: { steps: 40, seconds: 600, tokens: 40000 },
    nodes: { start: { kind: 'start', position: [0, 0] }, finish: { kind: 'finish', position: [560, 0] } },
  },
}

async function make(build: Build, body: unknown): Promise<string | null> {
  try {
    return (await build.api.post<{ id: string }>('/workflows', body)).id
  } catch (error) {
    build.say((error as Error).message, 'error')
    return null
  }
}

async function remove(build: Build): Promise<string | null> {
  try {
    build.session.close()
    await build.api.json('DELETE', `/workflows/${build.workflow}`)
    const rest = await build.api.get<Item[]>('/workflows')
    return rest[0]?.id ?? (await make(build, BLANK))
  } catch (error) {
    build.say((error as Error).message, 'error')
    return null
  }
}
