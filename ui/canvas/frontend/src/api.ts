/** The HTTP API: fetch with the page's token, and server-sent events over fetch. */

export interface Problem {
  code: string
  what: string
  where?: string
  mend?: string
}

/** The server answered, with an error. `body` holds what came beside it (diagnostics, a newer revision). */
export class ApiError extends Error {
  constructor(readonly status: number, readonly problem: Problem, readonly body: Record<string, unknown>) {
    super(problem.what)
  }
}

/** The server did not answer at all. */
export class Unreachable extends Error {
  constructor() {
    super('The server does not answer.')
  }
}

export interface ServerEvent {
  id: string
  type: string
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  data: any
}

export interface EventStream {
  close(): void
}

export class Api {
  /** Asks for a new token, which comes by `renew`. */
  askToken: () => void = () => undefined

  constructor(readonly base: string, private token: string) {}

  /** A newer token of the same page: a server started anew has another. */
  renew(token: string): void {
    this.token = token
  }

  /** 401: the server was started anew. Till its token has come it counts as away, and callers try again. */
  private async refusal(response: Response): Promise<ApiError | Unreachable> {
    if (response.status !== 401) return errorOf(response)
    this.askToken()
    return new Unreachable()
  }

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const init: RequestInit = { method, headers: { Authorization: `Bearer ${this.token}`, ...headers } }
    if (body !== undefined) {
      init.body = typeof body === 'string' || body instanceof ArrayBuffer ? body : JSON.stringify(body)
      init.headers = { 'Content-Type': 'application/json', ...init.headers }
    }
    let response: Response
    try {
      response = await fetch(this.base + path, init)
    } catch {
      throw new Unreachable()
    }
    if (!response.ok) throw await this.refusal(response)
    return response
  }

  async json<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    const response = await this.send(method, path, body, headers)
    return (response.status === 204 ? null : await response.json()) as T
  }

  get<T>(path: string): Promise<T> {
    return this.json<T>('GET', path)
  }

  post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.json<T>('POST', path, body)
  }

  /** Send a body and follow the events of its answer to their end; aborting `signal` ends it on both sides. */
  async *stream(path: string, body: unknown, signal: AbortSignal): AsyncGenerator<ServerEvent> {
    const headers = { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json', Accept: 'text/event-stream' }
    let response: Response
    try {
      response = await fetch(this.base + path, { method: 'POST', headers, body: JSON.stringify(body), signal })
    } catch {
      throw new Unreachable()
    }
    if (!response.ok) throw await this.refusal(response)
    yield* parseEvents(response)
  }

  /**
   * Follow a stream of events; reconnects with Last-Event-ID after 0.5 s, then ever more slowly up to 8 s.
   * `onEvent` may return false to end it, and `onClose` true where the server closed it for good. A 4xx answer
   * ends it and is reported to `onError`.
   */
  events(path: string, onEvent: (event: ServerEvent) => boolean | void, onError?: (error: Error) => void, onClose?: () => boolean): EventStream {
    const control = new AbortController()
    void this.follow(path, onEvent, onError, onClose, control)
    return { close: () => control.abort() }
  }

  private async follow(
    path: string,
    onEvent: (event: ServerEvent) => boolean | void,
    onError: ((error: Error) => void) | undefined,
    onClose: (() => boolean) | undefined,
    control: AbortController,
  ): Promise<void> {
    let last = ''
    let wait = 500
    while (!control.signal.aborted) {
      try {
        const headers: Record<string, string> = { Authorization: `Bearer ${this.token}`, Accept: 'text/event-stream' }
        if (last) headers['Last-Event-ID'] = last
        const response = await fetch(this.base + path, { headers, signal: control.signal })
        if (!response.ok) throw await this.refusal(response)
        for await (const event of parseEvents(response)) {
          wait = 500
          if (event.id) last = event.id
          if (onEvent(event) === false) return control.abort()
        }
        if (onClose?.()) return
      } catch (error) {
        if (control.signal.aborted) return
        onError?.(error instanceof ApiError ? error : new Unreachable())
        if (error instanceof ApiError && error.status < 500) return
      }
      await new Promise((done) => setTimeout(done, wait))
      wait = Math.min(wait * 2, 8000)
    }
  }
}

async function errorOf(response: Response): Promise<ApiError> {
  const text = await response.text()
  try {
    const body = JSON.parse(text) as Record<string, unknown>
    const problem = (body['error'] ?? { code: 'unknown', what: text.slice(0, 300) }) as Problem
    return new ApiError(response.status, problem, body)
  } catch {
    return new ApiError(response.status, { code: 'unknown', what: `The server answered ${response.status}.` }, {})
  }
}

/** The events of a `text/event-stream` body. Comments (keep-alives) are skipped. */
export async function* parseEvents(response: Response): AsyncGenerator<ServerEvent> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let buffer = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    buffer = (buffer + value).replaceAll('\r\n', '\n')
    let end: number
    while ((end = buffer.indexOf('\n\n')) >= 0) {
      const event = parseBlock(buffer.slice(0, end))
      buffer = buffer.slice(end + 2)
      if (event) yield event
    }
  }
}

function parseBlock(block: string): ServerEvent | null {
  const fields: Record<string, string[]> = {}
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':')
    if (colon === 0) continue
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    ;(fields[name] ??= []).push(value)
  }
  if (!fields['data']) return null
  return { id: fields['id']?.at(-1) ?? '', type: fields['event']?.at(-1) ?? 'message', data: JSON.parse(fields['data'].join('\n')) }
}
