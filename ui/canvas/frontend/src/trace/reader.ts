// The inspector's part of the API, typed; see docs/contracts.md, "The inspector".
import { type Api, ApiError } from '../api'
import type { Kind } from '../model/kinds'
import type { KeptTest } from './KeepAsTest'
import type { Around, Comment, FoundSpan, Overview, Relative, Run, Span, StateAround, StepsWindow, TraceDocument, TreeWindow } from './types'

export interface TreeQuery {
  offset: number
  limit: number
  opened: string[]
  closed: string[]
  q?: string
  /** Opens all above it and moves the window to it. */
  reveal?: string
  /** Only its place is asked for. */
  mark?: string
}

export class TraceReader {
  private readonly whole = new Map<string, Promise<Span>>()

  constructor(
    readonly api: Api,
    readonly run: string,
  ) {}

  readonly row = (): Promise<Run> => this.get('')
  readonly document = (): Promise<TraceDocument> => this.get('/document')
  readonly kinds = (): Promise<Kind[]> => this.api.get('/kinds')
  readonly overview = (): Promise<Overview> => this.get('/overview')
  readonly tree = (query: TreeQuery): Promise<TreeWindow> => this.api.post(`/runs/${this.run}/tree`, query)
  readonly around = (span: string): Promise<Around> => this.get(`/spans/${span}/around`)
  readonly state = (span: string): Promise<StateAround> => this.get(`/spans/${span}/state?short=true`)

  steps(where: { offset: number } | { at: number } | { span: string }, limit = 500): Promise<StepsWindow> {
    return this.get(`/steps?limit=${limit}&${new URLSearchParams(Object.entries(where).map(([name, value]) => [name, String(value)]))}`)
  }

  calls(offset: number, limit: number, under: string | null): Promise<{ total: number; offset: number; calls: Span[] }> {
    return this.get(`/calls?offset=${offset}&limit=${limit}${under ? `&under=${under}` : ''}`)
  }

  /** A span with its long values; kept once it has ended. */
  span(id: string): Promise<Span> {
    const known = this.whole.get(id)
    if (known) return known
    const asked = this.get<Span>(`/spans/${id}`)
    this.whole.set(id, asked)
    if (this.whole.size > MOST_WHOLE) this.whole.delete(this.whole.keys().next().value!)
    asked.then(
      (span) => span.ended_at === null && this.whole.delete(id),
      () => this.whole.delete(id),
    )
    return asked
  }

  comment(span: string, text: string, author: string): Promise<Comment> {
    return this.api.post(`/runs/${this.run}/spans/${span}/comments`, { text, author })
  }

  editComment(id: string, text: string): Promise<Comment> {
    return this.api.json('PATCH', `/comments/${id}`, { text })
  }

  removeComment(id: string): Promise<null> {
    return this.api.json('DELETE', `/comments/${id}`)
  }

  searchAll(q: string, before: number | null): Promise<{ hits: FoundSpan[]; next: number | null; searched: number; of: number }> {
    return this.api.get(`/search?limit=50&q=${encodeURIComponent(q)}${before === null ? '' : `&before=${before}`}`)
  }

  /** The runs that came from one another; none where the server does not know of forks. */
  async lineage(): Promise<Relative[]> {
    return (await this.get<{ runs: Relative[] }>('/lineage')).runs
  }

  /** The newest runs of the workflow, this one left out. */
  async others(workflow: string, limit = 12): Promise<Run[]> {
    const found = await this.api.get<{ runs: Run[] }>(`/runs?workflow=${workflow}&limit=${limit + 1}`)
    return found.runs.filter((run) => run.number !== this.run && run.id !== this.run).slice(0, limit)
  }

  /** The recording, proved to replay, with the test that holds it. */
  async recording(): Promise<KeptTest> {
    const answer = await this.api.send('GET', `/runs/${this.run}/recording`)
    const file = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? `${this.run}.json`
    return { file, test: decodeURIComponent(answer.headers.get('X-Test') ?? ''), content: await answer.blob() }
  }

  pin(workflow: string, node: string, span: string): Promise<unknown> {
    return this.api.json('PUT', `/workflows/${workflow}/pins/${node}`, { span })
  }

  private get<T>(path: string): Promise<T> {
    return this.api.get(`/runs/${this.run}${path}`)
  }
}

const MOST_WHOLE = 300

/** What an error says, and how to mend it. */
export function problemOf(error: unknown): { what: string; mend: string } {
  const problem = error instanceof ApiError ? error.problem : null
  return {
    what: problem?.what ?? 'The server does not answer.',
    mend: problem ? (problem.mend ?? '') : 'What was read so far stays here; it goes on when the server is back.',
  }
}
