import { expect, test } from 'vitest'
import { neighbour } from './neighbour'

const at = (id: string, x: number, y: number) => ({ id, x, y, width: 100 })
const PLACES = [at('start', 0, 50), at('plan', 150, 0), at('recall', 150, 100), at('solve', 300, 50)]

test('an arrow leads to the nearest node in its direction', () => {
  expect(neighbour(PLACES, 'plan', 'down')).toBe('recall')
  expect(neighbour(PLACES, 'recall', 'up')).toBe('plan')
  expect(neighbour(PLACES, 'recall', 'right')).toBe('solve')
  expect(neighbour(PLACES, 'solve', 'left')).toBe('plan')
})

test('where nothing stands in a direction it leads nowhere', () => {
  expect(neighbour(PLACES, 'start', 'left')).toBeNull()
  expect(neighbour(PLACES, 'nobody', 'right')).toBeNull()
})
