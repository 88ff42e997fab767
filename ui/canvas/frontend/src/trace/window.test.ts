import { describe, expect, test } from 'vitest'
import { BLOCK, MOST_ROWS, RowWindow } from './window'
import type { Row } from './types'

const rows = (from: number, count: number): Row[] => Array.from({ length: count }, (_, at) => ({ id: `s${from + at}` }) as Row)

describe('the rows that are here', () => {
  test('are asked for in whole blocks around what is missing', () => {
    const window = new RowWindow(new Map(), 1000)
    expect(window.missing(130, 160)).toEqual({ offset: 100, limit: BLOCK })
    expect(window.missing(180, 230)).toEqual({ offset: 100, limit: 2 * BLOCK })
  })

  test('are not asked for twice, nor beyond the end', () => {
    const window = new RowWindow().with(0, rows(0, 100), 150)
    expect(window.missing(20, 90)).toBeNull()
    expect(window.missing(90, 400)).toEqual({ offset: 100, limit: 50 })
  })

  test('are forgotten when the list has another length', () => {
    const window = new RowWindow().with(0, rows(0, 100), 150).with(100, rows(100, 20), 120)
    expect(window.rows.has(5)).toBe(false)
    expect(window.placeOf('s110')).toBe(110)
  })

  test('stay few however far the reader scrolls', () => {
    let window = new RowWindow()
    for (let offset = 0; offset < 20_000; offset += BLOCK) window = window.with(offset, rows(offset, BLOCK), 100_000)
    expect(window.rows.size).toBeLessThanOrEqual(MOST_ROWS)
    expect(window.rows.has(19_999)).toBe(true)
    expect(window.rows.has(0)).toBe(false)
  })
})
