import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import Fastify from 'fastify'
import { parseConfig } from '../src/config/config.ts'
import { tendHeap } from '../src/heap.ts'
import { openLogger } from '../src/logger.ts'
import { startService } from '../src/service.ts'
import { generate } from './people.ts'
import { watchTurns } from './turns.ts'

/**
 * One server of the comparison, in a process of its own: `peerage FOLDER PEOPLE`, or `node BODY` or
 * `fastify BODY`, which answer every POST with that constant. Tells its parent the port and memory.
 */
async function serve([kind, argument = '', people = '0']: readonly string[]): Promise<void> {
  switch (kind) {
    case 'node':
      return listenBare(argument)
    case 'fastify':
      return listenFastify(argument)
    case 'peerage':
      return listenPeerage(argument, Number(people))
    default:
      throw new Error(`no such server: ${kind}`)
  }
}

function listenBare(body: string): void {
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': body.length })
      response.end(body)
    })
  })
  server.listen(0, '127.0.0.1', () => tell((server.address() as AddressInfo).port))
}

async function listenFastify(body: string): Promise<void> {
  const app = Fastify({ keepAliveTimeout: 3_600_000 })
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => done(null, text))
  app.post('/realtime/:family/:verb', (_request, reply) => reply.type('text/plain').send(body))
  await app.listen({ port: 0, host: '127.0.0.1' })
  tell((app.server.address() as AddressInfo).port)
}

async function listenPeerage(folder: string, people: number): Promise<void> {
  tendHeap()
  await writeFile(join(folder, 'people.ldif'), generate(people))
  const config = parseConfig(
    `
site: { country: DE, areaCode: "30", extensionLength: 6 }
sources: { bench: { preset: openldap, ldif: ./people.ldif, schedule: "0 0 1 1 *" } }
listen: { pbx: "127.0.0.1:0", web: "127.0.0.1:0", ldap: "127.0.0.1:0" }
state: "sqlite:./bench.db"
views: { open: { openTo: ["127.0.0.0/8"] } }
phonebook: { requestsPerMinute: 1000000 }
`,
    join(folder, 'peerage.yaml'),
    {},
  )
  const before = await memory()
  const began = performance.now()
  const service = await startService(config, { log: openLogger('error') })
  await service.ready
  const readMs = performance.now() - began
  const after = await memory()
  const longestTurn = watchTurns()
  process.on('message', () => process.send?.({ longestTurnMs: longestTurn() }))
  tell(service.pbx.port, {
    web: service.web.port,
    ldap: service.ldap.ldap?.port,
    before,
    after,
    readMs,
  })
}

export interface MemoryUse {
  readonly rss: number
  readonly heap: number
}

async function memory(): Promise<MemoryUse> {
  for (let pass = 0; pass < 3; pass++) {
    globalThis.gc?.()
    await setImmediate()
  }
  const { rss, heapUsed } = process.memoryUsage()
  return { rss, heap: heapUsed }
}

function tell(port: number, more: object = {}): void {
  process.send?.({ port, ...more })
}

process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
await serve(process.argv.slice(2))
