/** What a node shows of its inner work, as `nodes/views.py` makes it; read with care, for it comes from outside. */

export type StepStatus = 'open' | 'running' | 'done' | 'failed' | 'skipped'
export type SearchStatus = 'open' | 'expanded' | 'pruned' | 'solution' | 'failed'

export interface PlanStep { id: string; title: string; status: StepStatus; result: string; needs: string[]; parent: string | null }
export interface SearchNode { id: string; parent: string | null; label: string; value: number | null; status: SearchStatus; visits: number | null }
export interface Contribution { speaker: string; text: string; answer: string | null }
export interface Version { draft: string; critique: string; score: number | null }
export interface Ballot { voter: string; choice: string; reason: string; weight: number }
export interface ChatMessage { speaker: string; text: string; to: string }
export interface GraphNode { id: string; label: string; group: string }
export interface GraphEdge { source: string; target: string; label: string }

export type View =
  | { type: 'plan'; goal: string; steps: PlanStep[] }
  | { type: 'search'; nodes: SearchNode[]; best: string; summary: string }
  | { type: 'debate'; rounds: Contribution[][]; verdict: string }
  | { type: 'refinement'; versions: Version[] }
  | { type: 'ballots'; ballots: Ballot[]; winner: string }
  | { type: 'chat'; messages: ChatMessage[] }
  | { type: 'table'; title: string; columns: string[]; rows: unknown[][] }
  | { type: 'graph'; title: string; nodes: GraphNode[]; edges: GraphEdge[] }

export const VIEW_TITLES: Record<View['type'], string> = {
  plan: 'Plan', search: 'Search', debate: 'Debate', refinement: 'Refinement', ballots: 'Ballots', chat: 'Conversation', table: 'Table', graph: 'Graph',
}

type Raw = Record<string, unknown>

function records(value: unknown): Raw[] {
  return Array.isArray(value) ? value.filter((each): each is Raw => typeof each === 'object' && each !== null && !Array.isArray(each)) : []
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function figure(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function oneOf<T extends string>(value: unknown, names: readonly T[], rest: T): T {
  return names.includes(value as T) ? (value as T) : rest
}

const STEP_STATUS = ['open', 'running', 'done', 'failed', 'skipped'] as const
const SEARCH_STATUS = ['open', 'expanded', 'pruned', 'solution', 'failed'] as const

const READERS: { [Name in View['type']]: (raw: Raw) => View } = {
  plan: (raw) => ({
    type: 'plan', goal: text(raw['goal']),
    steps: records(raw['steps']).map((step, at) => ({
      id: text(step['id'] ?? at + 1), title: text(step['title']), status: oneOf(step['status'], STEP_STATUS, 'open'), result: text(step['result']),
      needs: Array.isArray(step['needs']) ? step['needs'].map(text) : [], parent: step['parent'] ? text(step['parent']) : null,
    })),
  }),
  search: (raw) => ({
    type: 'search', best: text(raw['best']), summary: text(raw['summary']),
    nodes: records(raw['nodes']).map((node) => ({
      id: text(node['id']), parent: node['parent'] === null || node['parent'] === undefined ? null : text(node['parent']), label: text(node['label']),
      value: figure(node['value']), status: oneOf(node['status'], SEARCH_STATUS, 'open'), visits: figure(node['visits']),
    })),
  }),
  debate: (raw) => ({
    type: 'debate', verdict: text(raw['verdict']),
    rounds: (Array.isArray(raw['rounds']) ? raw['rounds'] : []).map((round) => records(round).map((each) => ({
      speaker: text(each['speaker']), text: text(each['text']), answer: each['answer'] === null || each['answer'] === undefined ? null : text(each['answer']),
    }))),
  }),
  refinement: (raw) => ({ type: 'refinement', versions: records(raw['versions']).map((each) => ({ draft: text(each['draft']), critique: text(each['critique']), score: figure(each['score']) })) }),
  ballots: (raw) => ({
    type: 'ballots', winner: text(raw['winner']),
    ballots: records(raw['ballots']).map((each) => ({ voter: text(each['voter']), choice: text(each['choice']), reason: text(each['reason']), weight: figure(each['weight']) ?? 1 })),
  }),
  chat: (raw) => ({ type: 'chat', messages: records(raw['messages']).map((each) => ({ speaker: text(each['speaker']), text: text(each['text']), to: Array.isArray(each['to']) ? each['to'].map(text).join(', ') : text(each['to']) })) }),
  table: (raw) => ({
    type: 'table', title: text(raw['title']), columns: Array.isArray(raw['columns']) ? raw['columns'].map(text) : [],
    rows: (Array.isArray(raw['rows']) ? raw['rows'] : []).filter((row): row is unknown[] => Array.isArray(row)),
  }),
  graph: (raw) => ({
    type: 'graph', title: text(raw['title']),
    nodes: records(raw['nodes']).map((node) => ({ id: text(node['id']), label: text(node['label'] ?? node['id']), group: text(node['group']) })),
    edges: records(raw['edges']).map((edge) => ({ source: text(edge['source']), target: text(edge['target']), label: text(edge['label']) })),
  }),
}

/** The view a value holds; null for a value of no known type. What is missing in it counts as empty. */
export function asView(value: unknown): View | null {
  if (typeof value !== 'object' || value === null) return null
  const type = String((value as { type?: unknown }).type)
  return Object.hasOwn(READERS, type) ? READERS[type as View['type']](value as Raw) : null
}
