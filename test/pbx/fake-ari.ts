import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AriOptions } from '../../src/pbx/options.ts'

/** A small REST interface of an Asterisk that can be started again, and whose user may do less. */
export interface FakeAri extends AsyncDisposable {
  /** For `asterisk: ari:`. */
  readonly options: AriOptions
  /** Endpoints that were written to, in order, over all starts. */
  readonly touched: readonly string[]
  /** null: modules are still being loaded. */
  startedAt: string | null
  /** As `read_only = no` in ari.conf says. */
  mayWrite: boolean
}

/** `strangers` are endpoints that it does not know. */
export async function startFakeAri(strangers: readonly string[] = []): Promise<FakeAri> {
  const touched: string[] = []
  const server = createServer((request, response) => {
    request.resume()
    const say = (status: number, message: string) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ message }))
    }
    const given = Buffer.from('peerage:hunter2').toString('base64')
    if (request.headers.authorization !== `Basic ${given}`) return say(401, 'Unauthorized')
    if (fake.startedAt === null) return say(503, 'Asterisk not booted')
    if (request.url === '/ari/asterisk/info?only=status') return say(200, fake.startedAt)
    if (!fake.mayWrite) return say(403, 'Write access denied')
    const id = /^\/ari\/asterisk\/config\/dynamic\/res_pjsip\/endpoint\/(.+)$/.exec(
      request.url ?? '',
    )?.[1]
    if (request.method !== 'PUT' || id === undefined) return say(404, 'Invalid method')
    if (strangers.includes(id)) return say(403, "Cannot create sorcery objects of type 'endpoint'")
    touched.push(decodeURIComponent(id))
    return say(200, 'changed')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const fake: FakeAri = {
    options: { url: `http://127.0.0.1:${port}`, user: 'peerage', password: 'hunter2' },
    touched,
    startedAt: 'today',
    mayWrite: true,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return fake
}
