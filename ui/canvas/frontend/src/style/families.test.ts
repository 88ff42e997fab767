import { expect, it } from 'vitest'
import css from './tokens.css?raw'
import { FAMILY_TITLES, SILHOUETTES } from './icons'

/** sRGB hex to linear light. */
function linear(hex: string): number[] {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
}

function luminance([r, g, b]: number[]): number {
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}

function contrast(one: string, two: string): number {
  const [high, low] = [luminance(linear(one)), luminance(linear(two))].sort((a, b) => b - a)
  return (high! + 0.05) / (low! + 0.05)
}

/** Machado, Oliveira and Fernandes 2009, severity 1. */
const VISION: Record<string, number[][]> = {
  full: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}

function lab(hex: string, vision: number[][]): number[] {
  const seen = vision.map((row) => Math.min(1, Math.max(0, row.reduce((sum, weight, at) => sum + weight * linear(hex)[at]!, 0))))
  const [r, g, b] = seen as [number, number, number]
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116)
  const [x, y, z] = [f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047), f(luminance(seen)), f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883)]
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

const families = Object.keys(FAMILY_TITLES)
const colours = (at: 1 | 2): Record<string, string> => Object.fromEntries(families.map((family) => [family, new RegExp(`--f-${family}: +light-dark\\((#\\w+), (#\\w+)\\)`).exec(css)![at]!]))

it('gives every family a silhouette of its own', () => {
  expect(new Set(families.map((family) => SILHOUETTES[family])).size).toBe(families.length)
})

it.each([['light', colours(1), '#FFFFFF'], ['dark', colours(2), '#1A1D21']] as const)('keeps tiles legible on their card and family colours apart for every eye, %s', (_, hues, ground) => {
  for (const family of families) expect(contrast(hues[family]!, ground), family).toBeGreaterThanOrEqual(4)
  for (const [name, matrix] of Object.entries(VISION))
    families.forEach((one, at) => families.slice(at + 1).forEach((two) => {
      const [a, b] = [lab(hues[one]!, matrix), lab(hues[two]!, matrix)]
      expect(Math.hypot(...a.map((value, index) => value - b[index]!)), `${name} ${one} ${two}`).toBeGreaterThanOrEqual(name === 'full' ? 30 : 12)
    }))
})
