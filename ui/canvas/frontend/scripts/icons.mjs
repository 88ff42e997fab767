/**
 * Writes `src/style/lucide.json`: which Lucide icon each node kind names, and the path of each of those icons.
 * Kinds with a glyph of their own (`src/style/glyphs.json`) are left out.
 * Run from the repository's root: `nodeloom nodes --json | npm --prefix ui/canvas/frontend run -s icons`
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

const number = (text) => Number(text ?? 0)

/** SVG shapes as path data; Lucide uses no others. */
const SHAPES = {
  path: ({ d }) => d,
  line: ({ x1, y1, x2, y2 }) => `M${x1} ${y1}L${x2} ${y2}`,
  polyline: ({ points }) => `M${points.trim().replaceAll(/\s+/g, ' ')}`,
  polygon: ({ points }) => `M${points.trim().replaceAll(/\s+/g, ' ')}z`,
  circle: ({ cx, cy, r }) => oval(number(cx), number(cy), number(r), number(r)),
  ellipse: ({ cx, cy, rx, ry }) => oval(number(cx), number(cy), number(rx), number(ry)),
  rect: ({ x, y, width, height, rx, ry }) => box(number(x), number(y), number(width), number(height), number(rx ?? ry)),
}

function oval(cx, cy, rx, ry) {
  return `M${cx - rx} ${cy}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0z`
}

function box(x, y, w, h, r) {
  if (!r) return `M${x} ${y}h${w}v${h}h${-w}z`
  const turn = (dx, dy) => `a${r} ${r} 0 0 1 ${dx} ${dy}`
  return `M${x + r} ${y}h${w - 2 * r}${turn(r, r)}v${h - 2 * r}${turn(-r, r)}h${2 * r - w}${turn(-r, -r)}v${2 * r - h}${turn(r, -r)}z`
}

/** A path that begins with an absolute M, so that it can follow another: what stands after a first `m x y` stays relative. */
function absolute(d) {
  const start = /^m\s*(-?\d*\.?\d+)[\s,]*(-?\d*\.?\d+)[\s,]*/.exec(d)
  if (!start) return d
  const rest = d.slice(start[0].length)
  return `M${start[1]} ${start[2]}${/^[-.\d]/.test(rest) ? 'l' : ''}${rest}`
}

function pathOf(name) {
  const file = here(`../node_modules/lucide-static/icons/${name}.svg`)
  if (!existsSync(file)) return null
  const body = readFileSync(file, 'utf8').replaceAll(/<!--.*?-->/gs, '').replace(/^.*?<svg[^>]*>/s, '')
  return [...body.matchAll(/<(\w+)\s([^>]*?)\/?>/g)].map(([, tag, attributes]) => {
    const values = Object.fromEntries([...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]))
    return absolute(SHAPES[tag](values).trim())
  }).join('')
}

const drawn = JSON.parse(readFileSync(here('../src/style/glyphs.json'), 'utf8'))
const kinds = JSON.parse(readFileSync(0, 'utf8')).filter(({ kind }) => !(kind in drawn))
const names = [...new Set(kinds.map((kind) => kind.icon))].sort()
const found = names.map((name) => [name, pathOf(name)])
const missing = found.filter(([, path]) => path === null).map(([name]) => name)
const lines = (entries) => entries.map(([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`).join(',\n')
writeFileSync(here('../src/style/lucide.json'), `{
  "kinds": {\n${lines(kinds.map(({ kind, icon }) => [kind, icon]).sort())}\n  },
  "icons": {\n${lines(found.filter(([, path]) => path !== null))}\n  }
}\n`)
console.log(`${found.length - missing.length} icons of ${kinds.length} kinds.`)
if (missing.length) {
  console.error(`Lucide has no icon of these names: ${missing.map((name) => `${name} (${kinds.filter((kind) => kind.icon === name).map((kind) => kind.kind).join(', ')})`).join('; ')}`)
  process.exitCode = 1
}
