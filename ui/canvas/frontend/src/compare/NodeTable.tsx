import type { ReactElement } from 'react'
import type { Kind } from '../model/kinds'
import { Tile } from '../style/icons'
import { countText } from '../trace/words'
import type { Figures, NodePair, Summary } from './types'
import { changeWord, nodeWords, secondsDelta, tokensDelta, usdDelta } from './words'

interface Props {
  summary: Summary
  kinds: Record<string, Kind>
  node: string | null
  onlyChanged: boolean
  onNode: (node: NodePair) => void
}

/** What each node took in both runs, as figures and as bars, and what differs. */
export function NodeTable({ summary, kinds, node, onlyChanged, onNode }: Props): ReactElement {
  const rows = summary.nodes.filter((each) => (onlyChanged ? each.changes.length > 0 : each.left || each.right || each.changes.length > 0))
  const most = {
    seconds: Math.max(0.001, ...rows.map((each) => Math.abs(secondsOf(each)))),
    tokens: Math.max(1, ...rows.map((each) => Math.abs(tokensOf(each)))),
    usd: Math.max(1e-6, ...rows.map((each) => Math.abs(usdOf(each) ?? 0))),
  }
  // A column in which nothing stands would only push the others aside.
  const hasTokens = rows.some((each) => each.left?.tokens || each.right?.tokens)
  const hasCost = rows.some((each) => each.left?.usd || each.right?.usd)
  if (rows.length === 0) return <p className="empty t3">No node differs.</p>
  return (
    <table className="by-node">
      <thead>
        <tr>
          <th scope="col">Node</th><th scope="col">What differs</th><th scope="col" className="r">Visits</th><th scope="col" className="r">A, s</th><th scope="col" className="r">B, s</th><th scope="col">Time</th>
          {hasTokens && <><th scope="col" className="r">A, tok</th><th scope="col" className="r">B, tok</th><th scope="col">Tokens</th></>}{hasCost && <th scope="col">Cost</th>}<th scope="col">Output</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((each) => (
          <tr key={each.node} className={`${each.changes.length === 0 ? 'same' : ''} ${each.node === node ? 'sel' : ''}`} data-testid={`row-${each.node}`} onClick={() => onNode(each)}>
            <th scope="row">
              <button className="row-name" aria-pressed={each.node === node} onClick={(event) => { event.stopPropagation(); onNode(each) }} onKeyDown={onRowKey}>
                <Tile family={kinds[each.kind]?.family ?? 'tools'} kind={each.kind} size={16} /><span className="ell">{each.label}</span>
                {each.within !== 'both' && <span className={`only ${each.within}`}>{each.within === 'left' ? 'A' : 'B'}</span>}
              </button>
            </th>
            <td className="ell differs" title={rowWords(each)}>{rowWords(each)}</td>
            <td className="r">{visits(each)}</td>
            <td className="r">{took(each.left)}</td><td className="r">{took(each.right)}</td>
            <td><Bar value={secondsOf(each)} most={most.seconds} words={secondsDelta(each.left?.seconds ?? 0, each.right?.seconds ?? 0)} /></td>
            {hasTokens && <>
              <td className="r">{count(each.left?.tokens)}</td><td className="r">{count(each.right?.tokens)}</td>
              <td><Bar value={tokensOf(each)} most={most.tokens} words={tokensDelta(each.left?.tokens ?? 0, each.right?.tokens ?? 0)} /></td>
            </>}
            {hasCost && <td><Bar value={usdOf(each) ?? 0} most={most.usd} words={usdDelta(each.left ? each.left.usd : 0, each.right ? each.right.usd : 0)} /></td>}
            <td className="ell out" title={each.output?.join(' → ')}>{each.output && <><span>{each.output[0]}</span> → <span>{each.output[1]}</span></>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** A bar from the middle: to the right where B took more, to the left where A did. */
function Bar({ value, most, words }: { value: number; most: number; words: string }): ReactElement {
  const none = words === '=' || words === 'unknown'
  const share = none ? 0 : Math.max(3, (50 * Math.abs(value)) / most)
  return (
    <span className="delta">
      <span className="delta-bar" aria-hidden="true">{share > 0 && <i className={value < 0 ? 'a' : 'b'} style={{ width: `${share}%`, [value < 0 ? 'right' : 'left']: '50%' }} />}</span>
      <b className={none ? 't3' : ''}>{words === 'unknown' ? '—' : words}</b>
    </span>
  )
}

function secondsOf(node: NodePair): number {
  return (node.right?.seconds ?? 0) - (node.left?.seconds ?? 0)
}

function tokensOf(node: NodePair): number {
  return (node.right?.tokens ?? 0) - (node.left?.tokens ?? 0)
}

function usdOf(node: NodePair): number | null {
  const [left, right] = [node.left ? node.left.usd : 0, node.right ? node.right.usd : 0]
  return left === null || right === null ? null : right - left
}

/** All that differs; how often a node ran stands in a column of its own. */
function rowWords(node: NodePair): string {
  const told = node.changes.filter((sort) => sort !== 'missing')
  if (!node.left || !node.right || node.changes.length === 0) return nodeWords(node)
  return told.length > 0 ? told.map(changeWord).join(', ') : 'visits'
}

function visits(node: NodePair): string {
  const [left, right] = [node.left?.visits ?? 0, node.right?.visits ?? 0]
  return left === right ? countText(left) : `${countText(left)} → ${countText(right)}`
}

/** Seconds without their unit; `kept` where no visit ran itself. */
function took(figures: Figures | null): string {
  if (!figures) return '—'
  const { seconds, visits: all, kept } = figures
  return kept === all ? 'kept' : seconds >= 1 || seconds < 0.005 ? seconds.toFixed(1) : seconds.toFixed(2)
}

function count(value: number | undefined): string {
  return value ? countText(value) : '—'
}

/** Up and down go from row to row. */
export function onRowKey(event: React.KeyboardEvent<HTMLElement>): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (by === undefined) return
  event.preventDefault()
  event.stopPropagation()
  const all = [...event.currentTarget.closest('tbody')!.querySelectorAll<HTMLElement>('.row-name')]
  const next = all[all.indexOf(event.currentTarget) + by]
  next?.focus()
  next?.click()
}
