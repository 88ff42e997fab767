import { useCallback, useEffect, useMemo, useRef, useState, type ReactElement } from 'react'
import { ChangeLines } from '../build/history/Changes'
import { faultOf } from '../build/history/words'
import { useBuild, useDoc, useUi } from '../build/state'
import { plural } from '../build/words'
import { complete, nodeName } from '../model/document'
import { Icon } from '../style/icons'
import { applyMerge, readMerge } from './apply'
import { ConflictCard } from './ConflictCard'
import { DiffGraph, Legend } from './DiffGraph'
import { marked } from './marks'
import { Frame } from './Over'
import type { Merging } from './overlay'
import type { Choice, Merged } from './types'

/** Somebody else's edits brought into this workflow: where both changed the same, each is chosen; then one edit makes it so. */
export function MergeView({ merging, onClose }: { merging: Merging; onClose: () => void }): ReactElement {
  const build = useBuild()
  const kinds = useUi((ui) => ui.kinds)
  const doc = useDoc((document) => document)
  const [choices, setChoices] = useState<Record<string, Choice>>({})
  const [merged, setMerged] = useState<Merged | null>(null)
  const [fault, setFault] = useState('')
  const [node, setNode] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const ours = useMemo(() => (merging.settle ? complete(merging.body['ours']) : doc), [merging, doc])
  const asked = useRef(0)
  const read = useCallback(async () => {
    const number = ++asked.current
    try {
      const found = await readMerge(build, merging, ours, choices)
      if (number === asked.current) { setMerged(found); setFault('') }
    } catch (error) {
      if (number === asked.current) setFault(faultOf(error))
    }
  }, [build, merging, ours, choices])
  useEffect(() => void read(), [read])
  const picture = useMemo(() => merged && marked(ours, complete(merged.document), merged.changes), [merged, ours])
  const open = merged?.conflicts.filter((each) => each.choice === null) ?? []
  const decide = (keys: string[], choice: Choice): void => setChoices((now) => ({ ...now, ...Object.fromEntries(keys.map((key) => [key, choice])) }))
  const apply = async (): Promise<void> => {
    setBusy(true)
    try {
      await applyMerge(build, merging, merged!)
      onClose()
    } catch (error) {
      setFault(faultOf(error))
      setBusy(false)
    }
  }
  const conflicts = merged?.conflicts.filter((each) => !node || each.node === node) ?? []
  const told = picture && node ? (picture.changes.get(node) ?? []) : (merged?.changes ?? [])
  const name = node && picture ? nodeName(node, picture.document.nodes[node], kinds[picture.document.nodes[node]?.kind ?? '']?.title) : ''
  return (
    <Frame label={`Merge ${merging.title}`} testid="merge" onClose={onClose} head={<>
      <b className="h18">Merge</b>
      <span className="sm t2 ell">{merging.title}{merged?.base ? `; both began with v${merged.base}` : ''}</span>
      <span className="grow" />
      <Legend />
    </>}>
      <div className="over-graph">
        {picture && <DiffGraph marked={picture} kinds={kinds} selected={node} onSelect={setNode} asked={new Set(open.flatMap((each) => each.node ?? []))} />}
        {!picture && !fault && <p className="sm t3 hist-fault">Merging…</p>}
      </div>
      <aside className="over-side merge-side" aria-label="What is merged" data-testid="merge-side">
        {fault && <p className="sm st-failed" role="alert" data-testid="merge-fault">{fault}</p>}
        {merged && (
          <div className="merge-scroll">
            {node && <div className="row"><b className="grow ell">{name}</b><button className="btn ghost sm" onClick={() => setNode(null)}>Show all</button></div>}
            {merged.conflicts.length > 0 && !node && <Decide names={merging} open={open.length} all={merged.conflicts.length} onAll={(choice) => decide(merged.conflicts.map((each) => each.key), choice)} />}
            {conflicts.map((each) => <ConflictCard key={each.key} conflict={each} names={merging} onChoose={(choice) => decide([each.key], choice)} onShow={() => setNode(each.node)} />)}
            {!node && merged.conflicts.length === 0 && <p className="sm t2"><Icon name="check" size={12} /> Nothing clashes: the edits of both come together.</p>}
            {!node && merged.brought.length > 0 && (
              <div className="merge-brought" data-testid="merge-brought">
                <b className="sm">The merge itself would bring</b>
                <ul>{merged.brought.map((each, at) => <li key={at} className="sm"><Icon name={each.severity === 'error' ? 'error' : 'warning'} size={12} />{each.message}. {each.remedy}</li>)}</ul>
              </div>
            )}
            <h3 className="cap">{node ? 'What changes here' : 'What the merge changes'}</h3>
            {told.length > 0 ? <ChangeLines changes={told} /> : <p className="sm t2">{node ? 'Nothing.' : 'Nothing: it is all there already.'}</p>}
          </div>
        )}
        <div className="row merge-foot">
          <span className="grow sm t2">{open.length > 0 ? `${plural(open.length, 'conflict')} left to decide` : 'One step, which undo takes back'}</span>
          <button className="btn" onClick={onClose}>Cancel</button>
          <button className="btn primary" data-testid="merge-apply" disabled={!merged || busy || open.length > 0} onClick={() => void apply()}>Merge</button>
        </div>
      </aside>
    </Frame>
  )
}

function Decide({ names, open, all, onAll }: { names: Pick<Merging, 'ours' | 'theirs'>; open: number; all: number; onAll: (choice: Choice) => void }): ReactElement {
  return (
    <div className="row merge-decide">
      <b className="grow" data-testid="merge-count">{open > 0 ? `${open} of ${plural(all, 'conflict')} to decide` : `${plural(all, 'conflict')}, all decided`}</b>
      <button className="btn ghost sm" data-testid="merge-all-ours" onClick={() => onAll('ours')}>All {names.ours}</button>
      <button className="btn ghost sm" data-testid="merge-all-theirs" onClick={() => onAll('theirs')}>All {names.theirs}</button>
    </div>
  )
}
