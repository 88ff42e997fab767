import { useState, type ReactElement } from 'react'
import type { CompareStore } from './store'
import type { DocumentChange, Summary } from './types'

type Outcome = { said: string; failed: boolean } | null

/** Buttons that put a setting of one of the two runs into the stored workflow; only where both are runs of it. */
export function UseSetting({ store, summary, change }: { store: CompareStore; summary: Summary; change: DocumentChange }): ReactElement | null {
  const [busy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState<Outcome>(null)
  const workflow = summary.left.workflow_id === summary.right.workflow_id ? summary.left.workflow_id : null
  if (!workflow || change.sort !== 'setting') return null
  const put = async (letter: 'A' | 'B'): Promise<void> => {
    const [run, value] = letter === 'A' ? [summary.left, change.before] : [summary.right, change.after]
    setBusy(true)
    try {
      await store.put(workflow, change.node!, change.key!, value, `Use the setting of ${run.number}`)
      setOutcome({ said: `The workflow now has ${letter}’s.`, failed: false })
    } catch (error) {
      setOutcome({ said: error instanceof Error ? error.message : String(error), failed: true })
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="row use">
      <button className="btn sm" disabled={busy} onClick={() => void put('A')}>Use A’s in the workflow</button>
      <button className="btn sm" disabled={busy} onClick={() => void put('B')}>Use B’s in the workflow</button>
      <span className={`xs ${outcome?.failed ? 'st-failed' : 'st-done'}`} role="status">{outcome?.said}</span>
    </div>
  )
}
