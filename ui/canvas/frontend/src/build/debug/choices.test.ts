import { expect, it } from 'vitest'
import { choicesOf, mapped, type Choice } from './choices'

const MAP: Extract<Choice, { choice: 'map' }> = { choice: 'map', title: 'Renamed', gone: ['plan', 'act'], nodes: ['outline', 'do'], suggested: { plan: 'outline' }, call: { document: 'edited' } }

it('takes the choices that the server gives, and none it does not know', () => {
  const pinned = { choice: 'pinned', title: 'Go on', call: { version: 'pinned' } }
  expect(choicesOf({ error: {}, choices: [pinned, { choice: 'guess' }, MAP] })).toEqual([pinned, MAP])
  expect(choicesOf({ error: {} })).toEqual([])
})

it('maps each node that is gone to one of its own, beginning with what is suggested', () => {
  expect(mapped(MAP, {})).toBeNull()
  expect(mapped(MAP, { act: 'do' })).toEqual({ plan: 'outline', act: 'do' })
  expect(mapped(MAP, { act: 'outline' })).toBeNull()
})
