import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { AriFailed, AriUnreachable, explainLoss } from './errors.ts'
import type { AriAccess, AriMessage, AriRequest } from './client-thread.ts'

export interface AriClientDeps {
  /** Where the options stand in the configuration, for errors. */
  readonly path: string
  /** For the connection, and for each request. */
  readonly timeoutMs: number
  /** Events of Asterisk's, as they came: hostile, and of any shape. */
  readonly onEvent: (event: unknown) => void
  /** Told once when the open connection is gone. */
  readonly onLost: (error: AriUnreachable) => void
}

/**
 * An open connection to the ARI of one Asterisk, with its events, by ari-client on a thread of its
 * own. Whatever that library makes of an answer, here it is a failed request or a lost connection.
 */
export interface AriClient extends AsyncDisposable {
  /** Rejects with `AriFailed`, or when nothing came in time, or with the loss of the connection. */
  ask(
    resource: AriRequest['resource'],
    operation: string,
    parameters: AriRequest['parameters'],
  ): Promise<unknown>
}

/** Connects. Rejects with `AriUnreachable`; the signal ends the attempt. */
export async function openAriClient(
  access: AriAccess,
  deps: AriClientDeps,
  signal: AbortSignal,
): Promise<AriClient> {
  const client = new ThreadClient(access, deps)
  const stop = () => client.lose('it was given up')
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  try {
    await client.open()
    return client
  } catch (error) {
    await client[Symbol.asyncDispose]()
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

class ThreadClient implements AriClient {
  readonly #access: AriAccess
  readonly #deps: AriClientDeps
  readonly #worker: Worker
  readonly #opened = Promise.withResolvers<void>()
  readonly #asked = new Map<number, PromiseWithResolvers<unknown>>()
  #requests = 0
  #isOpen = false
  #lost: AriUnreachable | null = null

  constructor(access: AriAccess, deps: AriClientDeps) {
    this.#access = access
    this.#deps = deps
    const own = import.meta.url
    this.#worker = new Worker(new URL(`./client-thread${extname(own)}`, own), {
      workerData: access,
      // ari-client writes to the console, which is our log.
      stdout: true,
      stderr: true,
      // An Asterisk that sends without end must not take the memory of those who answer.
      resourceLimits: { maxOldGenerationSizeMb: 128 },
    })
    this.#worker.stdout.resume()
    this.#worker.stderr.resume()
    this.#worker.on('message', (message: AriMessage) => this.#take(message))
    this.#worker.on('error', (error: unknown) => this.lose(lossText(error)))
    this.#worker.on('exit', () => this.lose('it was closed'))
    this.#opened.promise.catch(() => undefined)
  }

  async open(): Promise<void> {
    const { timeoutMs } = this.#deps
    const late = setTimeout(() => this.lose(`no answer within ${timeoutMs} ms`), timeoutMs)
    try {
      await this.#opened.promise
    } finally {
      clearTimeout(late)
    }
  }

  async ask(
    resource: AriRequest['resource'],
    operation: string,
    parameters: AriRequest['parameters'],
  ): Promise<unknown> {
    if (this.#lost) throw this.#lost
    const id = ++this.#requests
    const asked = Promise.withResolvers<unknown>()
    this.#asked.set(id, asked)
    // A request that met a network error is never answered by ari-client.
    const late = setTimeout(
      () => asked.reject(new AriFailed(`${resource}.${operation}: no answer in time`)),
      this.#deps.timeoutMs,
    )
    this.#worker.postMessage({ id, resource, operation, parameters } satisfies AriRequest)
    try {
      return await asked.promise
    } finally {
      clearTimeout(late)
      this.#asked.delete(id)
    }
  }

  lose(problem: string): void {
    if (this.#lost) return
    const lost = explainLoss(problem, this.#access, this.#deps.path)
    this.#lost = lost
    this.#opened.reject(lost)
    for (const { reject } of this.#asked.values()) reject(lost)
    if (this.#isOpen) this.#deps.onLost(lost)
    void this.#worker.terminate()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOpen = false
    this.lose('it was closed here')
    await this.#worker.terminate()
  }

  #take(message: AriMessage): void {
    if (this.#lost) return
    switch (message.is) {
      case 'open':
        this.#isOpen = true
        return this.#opened.resolve()
      case 'event':
        return this.#deps.onEvent(message.event)
      case 'result':
        return this.#asked.get(message.id)?.resolve(message.result)
      case 'refused':
        return this.#asked.get(message.id)?.reject(new AriFailed(message.problem))
      case 'lost':
        return this.lose(message.problem)
    }
  }
}

/** What ended the thread: also ari-client throws texts. */
function lossText(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
