/** Kinds for tests: shaped as the server gives them, small enough to read. */

import { byName, type Kind, type Port } from './kinds'

const port = (name: string, type = 'any', required = true): Port => ({ name, type, description: '', required })

export function kind(name: string, patch: Partial<Kind> = {}): Kind {
  return {
    kind: name, family: 'tools', title: name, summary: '', version: 1, inputs: [], outputs: [], outcomes: ['done'], attaches: [], provides: null,
    template_fields: [], outcomes_field: null, dynamic: null, bounds_loop: false, frame: false, frame_inputs: [], frame_outputs: [], side_effects: false,
    model_calls: 'none', source: '', doc: '', icon: '', config_schema: { properties: {} }, ...patch,
  }
}

export const KINDS = byName([
  kind('start', { title: 'Start', dynamic: 'workflow_inputs' }),
  kind('finish', { title: 'Finish', dynamic: 'workflow_outputs', outcomes: [] }),
  kind('note', { title: 'Note', outcomes: [] }),
  kind('prompt', { title: 'Prompt', template_fields: ['prompt'], outputs: [port('answer', 'any')], typed_by: { answer: 'answer_type' }, attaches: [{ name: 'model', sort: 'model', required: false, many: false }], config_schema: { properties: { prompt: { default: '{{task}}' }, answer_type: { default: 'text' } } } }),
  kind('planning.plan', { title: 'Plan', inputs: [port('goal', 'text'), port('context', 'any', false)], outputs: [port('plan', 'plan')] }),
  kind('memory.remember', { title: 'Remember', inputs: [port('text', 'text')], attaches: [{ name: 'memory', sort: 'memory', required: true, many: false }] }),
  kind('agent', { title: 'Agent', template_fields: ['prompt'], outputs: [port('answer', 'text')], attaches: [{ name: 'tools', sort: 'tool', required: false, many: true }] }),
  kind('control.for_each', { title: 'For each', frame: true, inputs: [port('items', 'list[any]')], outputs: [port('results', 'list[any]')], frame_outputs: [port('item')], frame_inputs: [port('result')] }),
  kind('control.route', { title: 'Route', outcomes_field: 'routes', outcomes: ['else'], config_schema: { properties: { routes: { default: [{ name: 'yes' }] } } } }),
  kind('control.join', { title: 'Join' }),
  kind('resource.memory_space', { title: 'Memory space', provides: 'memory', outcomes: [] }),
  kind('tool.calculator', { title: 'Calculator', provides: 'tool', outcomes: [] }),
])
