import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import http, { type IncomingMessage, type RequestListener } from 'node:http'
import https from 'node:https'
import { connect, type AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { Pacer } from '../../src/http/pacer.ts'
import { makeCertificates, type Certificates } from '../rig/certificates.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const long = Buffer.alloc(3_000_001)
for (let at = 0; at < long.length; at++) long[at] = (at * 7919) >> 5

interface Paced extends AsyncDisposable {
  readonly port: number
  fetch(): Promise<Buffer>
}

/** A server that answers everything with `long`. */
async function pace(certificates?: Certificates): Promise<Paced> {
  const pacer = new Pacer()
  const answer: RequestListener = (_, response) => {
    response.writeHead(200, { 'content-length': String(long.length) })
    pacer.send(response, long)
  }
  const server = certificates
    ? https.createServer(
        { cert: readFileSync(certificates.certFile), key: readFileSync(certificates.keyFile) },
        answer,
      )
    : http.createServer(answer)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const where = { port, host: '127.0.0.1', agent: false } as const
  return {
    port,
    fetch: async () => {
      const asked = certificates
        ? https.get({ ...where, ca: readFileSync(certificates.caFile) })
        : http.get(where)
      const [response] = (await once(asked, 'response')) as [IncomingMessage] // see node:http
      return buffer(response)
    },
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

describe('long answers', () => {
  test('arrive whole, many at a time', async () => {
    await using paced = await pace()
    const fetched = await Promise.all(Array.from({ length: 20 }, () => paced.fetch()))
    expect(fetched.every((bytes) => bytes.equals(long))).toBe(true)
  })

  test('arrive whole over TLS', async () => {
    await using folder = await temporaryFolder()
    await using paced = await pace(await makeCertificates(folder.path))
    const fetched = await Promise.all([paced.fetch(), paced.fetch(), paced.fetch()])
    expect(fetched.every((bytes) => bytes.equals(long))).toBe(true)
  })

  test('do not wait for somebody who asks and does not read', async () => {
    await using paced = await pace()
    const idle = Array.from({ length: 20 }, () => connect(paced.port, '127.0.0.1').pause())
    for (const socket of idle) socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect((await paced.fetch()).equals(long)).toBe(true)
    for (const socket of idle) socket.destroy()
  })

  test('go on when somebody hangs up in the middle of his', async () => {
    await using paced = await pace()
    const leaving = connect(paced.port, '127.0.0.1')
    leaving.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(3))
    await once(leaving, 'data')
    leaving.destroy()
    expect((await paced.fetch()).equals(long)).toBe(true)
  })

  test('answer who came first first', async () => {
    await using paced = await pace()
    const order: number[] = []
    const fetches = [1, 2, 3, 4].map((each) => paced.fetch().then(() => order.push(each)))
    await Promise.all(fetches)
    expect(order).toEqual([1, 2, 3, 4])
  })
})
