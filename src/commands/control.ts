import { request } from 'node:http'
import type { Config } from '../config/schema.ts'
import { controlSocketPath } from '../http/control-socket.ts'
import { databasePath } from '../state/state.ts'

/** No service answered, or it refused. */
export class ServiceUnavailable extends Error {
  override name = 'ServiceUnavailable'
  code = 'SERVICE_UNAVAILABLE' as const
}

/** Asks the running service through its control socket. Rejects with `ServiceUnavailable`. */
export async function askService(
  config: Config,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<unknown> {
  return JSON.parse(await exchange(config, method, path, body)) as unknown
}

/** All pages of a list, whose rows stand under `name`. Rejects with `ServiceUnavailable`. */
export async function listService(config: Config, path: string, name: string): Promise<unknown[]> {
  const rows: unknown[] = []
  for (let next: string | null = ''; next !== null;) {
    const cursor: string = next === '' ? '' : `?cursor=${next}`
    // As answers/admin/paging.ts writes a page.
    const page = (await askService(config, 'GET', `${path}${cursor}`)) as Page
    rows.push(...(page[name] as unknown[]))
    next = page.next ?? null
  }
  return rows
}

type Page = Readonly<Record<string, unknown>> & { readonly next?: string | null }

/** The text of a page that is not one JSON value. Rejects with `ServiceUnavailable`. */
export async function readService(config: Config, path: string): Promise<string> {
  return exchange(config, 'GET', path, undefined)
}

async function exchange(
  config: Config,
  method: 'GET' | 'POST',
  path: string,
  body: unknown,
): Promise<string> {
  const socketPath = controlSocketPath(databasePath(config))
  if (socketPath === null) {
    throw new ServiceUnavailable('a service whose state is in memory has no control socket')
  }
  const { status, text } = await send(socketPath, method, path, body)
  if (status < 400) return text
  const answer: unknown = JSON.parse(text)
  const reason = typeof answer === 'object' && answer && 'error' in answer ? answer.error : text
  throw new ServiceUnavailable(String(reason))
}

function send(
  socketPath: string,
  method: string,
  path: string,
  body: unknown,
): Promise<{ status: number; text: string }> {
  const headers = body === undefined ? {} : { 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, method, path, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 500, text }))
      response.on('error', reject)
    })
    asked.on('error', (error: NodeJS.ErrnoException) => {
      const remedy =
        error.code === 'EACCES'
          ? 'only the user who runs the service may use it; try again as that user'
          : 'start it with: peerage serve (with the same configuration)'
      reject(
        new ServiceUnavailable(`no Peerage answers at ${socketPath} (${error.code}); ${remedy}`),
      )
    })
    asked.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
