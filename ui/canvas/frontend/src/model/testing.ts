/** Kinds for tests: shaped as the server gives them, small enough to read. */

import { byName, type Kind, type Port, type Socket } from './kinds'

const port = (name: string, type = 'any', required = true): Port => ({ name, type, description: '', required })

export function socket(name: string, sort: Socket['sort'], patch: Partial<Socket> = {}): Socket {
  return { name, sort, required: false, many: false, description: '', takes: [], gives: [], ...patch }
}

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
  kind('prompt', { title: 'Prompt', template_fields: ['prompt'], outputs: [port('answer', 'any')], typed_by: { answer: 'answer_type' }, attaches: [socket('model', 'model')], config_schema: { properties: { prompt: { default: '{{task}}' }, answer_type: { default: 'text' } } } }),
  kind('planning.plan', { title: 'Plan', inputs: [port('goal', 'text'), port('context', 'any', false)], outputs: [port('plan', 'plan')] }),
  kind('memory.remember', { title: 'Remember', inputs: [port('text', 'text')], attaches: [socket('memory', 'memory', { required: true })] }),
  kind('agent', { title: 'Agent', template_fields: ['prompt'], outputs: [port('answer', 'text')], attaches: [socket('tools', 'tool', { many: true })] }),
  kind('control.for_each', { title: 'For each', frame: true, inputs: [port('items', 'list[any]')], outputs: [port('results', 'list[any]')], frame_outputs: [port('item')], frame_inputs: [port('result')] }),
  kind('control.route', { title: 'Route', outcomes_field: 'routes', outcomes: ['else'], config_schema: { properties: { routes: { default: [{ name: 'yes' }] } } } }),
  kind('control.join', { title: 'Join' }),
  kind('resource.memory_space', { title: 'Memory space', provides: 'memory', outcomes: [] }),
  kind('resource.role', { title: 'Role', provides: 'role', outcomes: [], attaches: [socket('model', 'model'), socket('memory', 'memory'), socket('tools', 'tool', { many: true }), socket('policies', 'policy', { many: true })] }),
  kind('resource.subworkflow', { title: 'Sub-workflow', provides: 'workflow', outcomes: [], frame: true, frame_fields: ['takes', 'gives'], config_schema: { properties: { takes: { default: [{ name: 'task', type: 'text' }] }, gives: { default: [{ name: 'result', type: 'any' }] } } } }),
  kind('teams.group_chat', { title: 'Group chat', attaches: [socket('roles', 'role', { many: true })] }),
  kind('search.best_first', { title: 'Best-first search', attaches: [socket('propose', 'workflow', { takes: [port('state', 'text')], gives: [port('candidates', 'list[text]')] })] }),
  kind('tool.calculator', { title: 'Calculator', provides: 'tool', outcomes: [] }),
])
