/** Debates, conversations and votes: who said what. */

import type { CSSProperties, ReactElement } from 'react'
import { Icon } from '../style/icons'
import { changedFrom, speakersOf, tally } from './figures'
import { Fold } from './Fold'
import type { Contribution, View } from './types'

/** Rounds one below the other, a column for each speaker; a change of answer is marked. */
export function Debate({ view }: { view: Extract<View, { type: 'debate' }> }): ReactElement {
  const speakers = speakersOf(view.rounds)
  if (!speakers.length) return <p className="t3 sm">Nobody has spoken yet.</p>
  return (
    <div className="v-debate">
      <div className="v-wide" tabIndex={0} role="group" aria-label="Rounds of the debate">
        <table>
          <thead><tr><th scope="col"><span className="vh">Round</span></th>{speakers.map((speaker) => <th key={speaker} scope="col"><Who name={speaker} all={speakers} /></th>)}</tr></thead>
          <tbody>
            {view.rounds.map((round, index) => (
              <tr key={index}>
                <th scope="row" className="num">{index + 1}</th>
                {speakers.map((speaker) => <td key={speaker}>{round.filter((each) => each.speaker === speaker).map((each, at) => <Said key={at} said={each} before={changedFrom(view.rounds, index, speaker)} />)}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {view.verdict && <p className="v-verdict"><b>Verdict</b> <Fold text={view.verdict} /></p>}
    </div>
  )
}

function Said({ said, before }: { said: Contribution; before: string | null }): ReactElement {
  return (
    <>
      {said.answer !== null && <div className={`v-answer ${before === null ? '' : 'changed'}`}><span className="ell" title={said.answer}>{said.answer || 'no answer'}</span>{before !== null && <span className="xs nw" title={`Before: ${before}`}><Icon name="redo" size={12} />changed<span className="vh"> from {before}</span></span>}</div>}
      {said.text && said.text !== said.answer && <Fold text={said.text} most={260} lines={6} />}
    </>
  )
}

const HUES = ['--f-planning', '--f-memory', '--f-tools', '--f-reflection', '--f-resources', '--f-teams', '--f-guards', '--f-simulation']

function Who({ name, all }: { name: string; all: string[] }): ReactElement {
  const hue = HUES[Math.max(0, all.indexOf(name)) % HUES.length]
  return <span className="v-who"><i style={{ '--c': `var(${hue})` } as CSSProperties} aria-hidden="true">{(name.trim()[0] ?? '?').toUpperCase()}</i><b className="ell">{name || 'unnamed'}</b></span>
}

export function Chat({ view }: { view: Extract<View, { type: 'chat' }> }): ReactElement {
  const speakers = [...new Set(view.messages.map((message) => message.speaker))]
  if (!view.messages.length) return <p className="t3 sm">Nothing said yet.</p>
  return (
    <ol className="v-chat">
      {view.messages.map((message, index) => (
        <li key={index}>
          {(index === 0 || view.messages[index - 1]!.speaker !== message.speaker || message.to) && <div className="row"><Who name={message.speaker} all={speakers} />{message.to && <span className="xs t3">to {message.to}</span>}</div>}
          <div className="v-said"><Fold text={message.text} most={420} lines={8} /></div>
        </li>
      ))}
    </ol>
  )
}

/** A bar for each option, and every ballot below. */
export function Ballots({ view }: { view: Extract<View, { type: 'ballots' }> }): ReactElement {
  const options = tally(view.ballots)
  if (!options.length) return <p className="t3 sm">No ballots yet.</p>
  const all = options.reduce((sum, option) => sum + option.weight, 0)
  const most = Math.max(...options.map((option) => option.weight), 1e-9)
  const weighted = view.ballots.some((ballot) => ballot.weight !== 1)
  return (
    <div className="v-ballots">
      <ul className="v-bars">
        {options.map((option) => (
          <li key={option.choice} className={option.choice === view.winner ? 'won' : ''} data-choice={option.choice}>
            <div className="row"><span className="grow ell" title={option.choice}>{option.choice || 'no choice'}</span>{option.choice === view.winner && <span className="chip done"><Icon name="check" size={12} />won</span>}<span className="num xs t2 nw">{amount(option.weight)} of {amount(all)}</span></div>
            <span className="v-bar" aria-hidden="true"><i style={{ width: `${(100 * Math.max(0, option.weight)) / most}%` }} /></span>
          </li>
        ))}
      </ul>
      <ul className="v-votes" aria-label="Ballots">
        {view.ballots.map((ballot, index) => (
          <li key={index}>
            <span className="t2 ell">{ballot.voter || `ballot ${index + 1}`}</span>
            <div><b>{ballot.choice || 'no choice'}</b>{weighted && <span className="xs t3 num"> × {amount(ballot.weight)}</span>}{ballot.reason && <div className="t2"><Fold text={ballot.reason} most={180} lines={3} /></div>}</div>
          </li>
        ))}
      </ul>
    </div>
  )
}

function amount(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2)
}
