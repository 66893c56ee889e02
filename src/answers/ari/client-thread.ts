import http from 'node:http'
import https from 'node:https'
import { parentPort, workerData } from 'node:worker_threads'
import { connect } from 'ari-client'

/** What the thread is started with. */
export interface AriAccess {
  readonly url: string
  readonly user: string
  readonly password: string
  readonly application: string
  /** Names of the events that are passed on. */
  readonly events: readonly string[]
}

/** An operation of ARI by the names of Asterisk's own description of it. */
export interface AriRequest {
  readonly id: number
  readonly resource: 'applications' | 'channels'
  readonly operation: string
  readonly parameters: Readonly<Record<string, unknown>>
}

/** What the thread says. Events and results are as Asterisk sent them: hostile, and of any shape. */
export type AriMessage =
  | { readonly is: 'open' }
  | { readonly is: 'event'; readonly event: unknown }
  | { readonly is: 'result'; readonly id: number; readonly result: unknown }
  | { readonly is: 'refused'; readonly id: number; readonly problem: string }
  | { readonly is: 'lost'; readonly problem: string }

/** Requests to Asterisk at the same time; its HTTP server takes 100 (`sessionlimit`). */
const mostRequests = 24
/**
 * Well below the 15 s after which Asterisk closes a connection that it kept (`session_keep_alive`):
 * a request on one that it just closed would be lost without a word.
 */
const idleMs = 5_000
const pingMs = 10_000

type Operation = (parameters: Readonly<Record<string, unknown>>) => Promise<unknown>

/**
 * The thread that ari-client lives on, one for each Asterisk. It throws from callbacks where nobody
 * can catch (a wrong password, an answer that is no JSON, an event that it does not know), keeps
 * one password for the whole process, and cannot be stopped while it tries to connect. Here all
 * that ends this thread, and nothing else.
 */
async function work(access: AriAccess): Promise<void> {
  const kept = { keepAlive: true, maxSockets: mostRequests, timeout: idleMs }
  http.globalAgent = new http.Agent(kept)
  https.globalAgent = new https.Agent(kept)
  const client = await connect(access.url, access.user, access.password)
  const operations = client as unknown as Readonly<
    Record<string, Readonly<Record<string, Operation | undefined>>>
  >
  parentPort?.on('message', ({ id, resource, operation, parameters }: AriRequest) => {
    const run = operations[resource]?.[operation]
    if (!run) return say({ is: 'refused', id, problem: `has no ${resource}.${operation}` })
    run(parameters).then(
      (result) => say({ is: 'result', id, result: plain(result) }),
      (error: unknown) => say({ is: 'refused', id, problem: problemText(error) }),
    )
  })
  for (const name of access.events) {
    client.on(name as 'StasisStart', (event) => say({ is: 'event', event }))
  }
  // Its own way of reconnecting gives up after ten times.
  client.on('WebSocketReconnecting', (error?: Error) => lose(error))
  client.on('WebSocketMaxRetries', (error?: Error) => lose(error))
  let isAlive = true
  client.on('pong', () => (isAlive = true))
  await client.start(access.application)
  say({ is: 'open' })
  setInterval(() => {
    if (!isAlive) lose(new Error('it does not answer any more'))
    isAlive = false
    client.ping()
  }, pingMs)
}

function say(message: AriMessage): void {
  parentPort?.postMessage(message)
}

function lose(error: unknown): void {
  say({ is: 'lost', problem: error === undefined ? 'it was closed' : problemText(error) })
}

/** Without the methods and the client that ari-client puts into its results. */
function plain(result: unknown): unknown {
  if (result === undefined || result === '') return null
  const text = JSON.stringify(result, (key, value: unknown) =>
    key === '_client' ? undefined : value,
  )
  return JSON.parse(text)
}

/** Of an Error, of a text that was thrown, or of an answer without a body. */
function problemText(error: unknown): string {
  if (error instanceof Error) return error.message
  if (typeof error === 'string') return error
  const status = typeof error === 'object' && error !== null && 'status' in error && error.status
  return status ? `answered ${String(status)}` : 'failed'
}

work(workerData as AriAccess).catch(lose) // the only importer, client.ts, passes it
