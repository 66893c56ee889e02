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
): Promise<unknown> {
  const socketPath = controlSocketPath(databasePath(config))
  if (socketPath === null) {
    throw new ServiceUnavailable('a service whose state is in memory has no control socket')
  }
  const { status, text } = await exchange(socketPath, method, path)
  const answer: unknown = JSON.parse(text)
  if (status < 400) return answer
  const reason = typeof answer === 'object' && answer && 'error' in answer ? answer.error : text
  throw new ServiceUnavailable(String(reason))
}

function exchange(
  socketPath: string,
  method: string,
  path: string,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, method, path }, (response) => {
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
    asked.end()
  })
}
