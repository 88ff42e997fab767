import { useEffect, useId, useRef, useState } from 'react'
import { Icon } from '../style/icons'
import { problemOf, type TraceReader } from './reader'
import type { Run } from './types'

/** Statuses of runs that ended by themselves: only those replay. */
const KEEPS: ReadonlySet<string> = new Set(['done', 'failed', 'limit'])

export interface KeptTest { file: string; test: string; content: Blob }

type Kept = { state: 'proving' } | { state: 'kept'; kept: KeptTest } | { state: 'refused'; what: string; mend: string }

/** The run as a file that pytest holds later ones to: proved by a replay first, then saved, with the test to write. */
export function KeepAsTest({ reader, run }: { reader: TraceReader; run: Run }) {
  const [kept, setKept] = useState<Kept | null>(null)
  const holder = useRef<HTMLDivElement>(null)
  const id = useId()
  useEffect(() => {
    if (!kept) return
    const away = (event: PointerEvent) => event.composedPath().includes(holder.current!) || setKept(null)
    window.addEventListener('pointerdown', away)
    return () => window.removeEventListener('pointerdown', away)
  }, [kept])
  if (!KEEPS.has(run.status)) return null
  const keep = async () => {
    if (kept) return setKept(null)
    setKept({ state: 'proving' })
    try {
      const found = await reader.recording()
      save(found)
      setKept({ state: 'kept', kept: found })
    } catch (error) {
      setKept({ state: 'refused', ...problemOf(error) })
    }
  }
  const close = () => { setKept(null); holder.current?.querySelector('button')?.focus() }
  return (
    <div className="with" ref={holder} onKeyDown={(event) => { if (kept && event.key === 'Escape') { event.stopPropagation(); close() } }}>
      <button className="btn" aria-expanded={kept !== null} aria-controls={id} data-testid="keep-as-test" title="Save the recording, for pytest" onClick={() => void keep()}><Icon name="flag" />Keep as a test</button>
      {kept && <div className="with-list keep" id={id} role="dialog" aria-label="Keep as a test"><Told kept={kept} /></div>}
    </div>
  )
}

function Told({ kept }: { kept: Kept }) {
  const [copied, setCopied] = useState(false)
  if (kept.state === 'proving') return <p className="t2" role="status">Replaying it, without model or network…</p>
  if (kept.state === 'refused') return <p className="st-failed" role="alert"><b>{kept.what}</b> {kept.mend}</p>
  const { file, test } = kept.kept
  const copy = () => void navigator.clipboard?.writeText(test).then(() => setCopied(true))
  return (
    <div role="status" data-testid="kept-test">
      <p>It replays exactly, and <b className="mono">{file}</b> is saved. Put it beside this test:</p>
      <pre className="well mono">{test.trimEnd()}</pre>
      <p className="row foot">
        <span className="xs t3 grow">With <span className="mono">against="workflow.yaml"</span> an edited workflow is held to it.</span>
        <button className="btn sm" onClick={copy}><Icon name={copied ? 'check' : 'copy'} size={14} />{copied ? 'Copied' : 'Copy'}</button>
        <button className="btn sm" onClick={() => save(kept.kept)}><Icon name="download" size={14} />Again</button>
      </p>
    </div>
  )
}

function save({ file, content }: KeptTest): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = file
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
