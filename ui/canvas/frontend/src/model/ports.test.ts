import { expect, it } from 'vitest'
import { complete } from './document'
import { portsOf, templateVariables } from './ports'
import { KINDS } from './testing'

const names = (list: { name: string }[]): string[] => list.map((each) => each.name)

it('finds the variables of a template in order of first use, those of sections optional', () => {
  const found = templateVariables('{{a}} {{#b}}x {{c}} {{a}}{{/b}} {{plan.goal}} {{state.n}} {{.}} {{! note}} {{^d}}none{{/d}} {{{raw}}}')
  expect(found).toEqual([
    { name: 'a', required: true }, { name: 'b', required: false }, { name: 'c', required: false },
    { name: 'plan', required: true }, { name: 'd', required: false }, { name: 'raw', required: true },
  ])
})

it('requires a variable that is also used outside of sections', () => {
  expect(templateVariables('{{#a}}{{b}}{{/a}}{{b}}')).toEqual([{ name: 'a', required: false }, { name: 'b', required: true }])
})

it('gives start the inputs of the workflow and finish its outputs', () => {
  const doc = complete({ inputs: { q: { type: 'number' } }, outputs: { a: { type: 'text' } }, nodes: { s: { kind: 'start' }, f: { kind: 'finish' } } })
  expect(portsOf(doc, doc.nodes['s']!, KINDS['start']).outputs).toMatchObject([{ name: 'q', type: 'number' }])
  expect(portsOf(doc, doc.nodes['f']!, KINDS['finish']).inputs).toMatchObject([{ name: 'a', type: 'text' }])
})

it('reads templates from the settings, else from their default', () => {
  const doc = complete({ nodes: { p: { kind: 'prompt', config: { prompt: '{{x}} {{y}}' } }, d: { kind: 'prompt' } } })
  expect(names(portsOf(doc, doc.nodes['p']!, KINDS['prompt']).inputs)).toEqual(['x', 'y'])
  expect(names(portsOf(doc, doc.nodes['d']!, KINDS['prompt']).inputs)).toEqual(['task'])
})

it('types an output by the setting that names its type', () => {
  const doc = complete({ nodes: { p: { kind: 'prompt', config: { answer_type: 'list[text]' } } } })
  expect(portsOf(doc, doc.nodes['p']!, KINDS['prompt']).outputs[0]!.type).toBe('list[text]')
})

it('has an outcome that hangs on a setting only where that is given', () => {
  const kind = { ...KINDS['control.route']!, outcomes: ['done', 'timed_out'], outcomes_field: null, conditional_outcomes: { timed_out: 'answer_within' } }
  const doc = complete({ nodes: { r: { kind: 'control.route' } } })
  const node = doc.nodes['r']!
  expect(portsOf(doc, node, kind).outcomes).toEqual(['done'])
  expect(portsOf(doc, { ...node, config: { answer_within: '' } }, kind).outcomes).toEqual(['done'])
  expect(portsOf(doc, { ...node, config: { answer_within: '2 h' } }, kind).outcomes).toEqual(['done', 'timed_out'])
})

it('takes outcomes from the settings, then from the kind', () => {
  const doc = complete({ nodes: { r: { kind: 'control.route', config: { routes: [{ name: 'big' }, { name: 'small' }] } } } })
  expect(portsOf(doc, doc.nodes['r']!, KINDS['control.route']).outcomes).toEqual(['big', 'small', 'else'])
})
