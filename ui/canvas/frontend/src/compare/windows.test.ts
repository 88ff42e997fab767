import { expect, test } from 'vitest'
import { WINDOW, Windows } from './windows'

test('only the windows around the rows in sight are asked for, each once', () => {
  const windows = new Windows<number>(100_000)
  expect(windows.wanted(0, 30)).toEqual([0])
  expect(windows.wanted(0, 30)).toEqual([])
  expect(windows.wanted(WINDOW - 5, WINDOW + 5)).toEqual([WINDOW])
  expect(windows.wanted(50_000, 50_030)).toEqual([50_000])
})

test('rows stand at their index once their window has come', () => {
  const windows = new Windows<string>(450)
  windows.put(400, ['a', 'b'])
  expect([windows.at(399), windows.at(400), windows.at(401), windows.at(402)]).toEqual([undefined, 'a', 'b', undefined])
})

test('nothing past the end is asked for, and a window that failed is asked for again', () => {
  const windows = new Windows<string>(250)
  expect(windows.wanted(190, 900)).toEqual([0, 200])
  windows.failed(200)
  expect(windows.wanted(190, 900)).toEqual([200])
})
