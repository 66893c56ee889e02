import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { Pacer } from '../../src/http/pacer.ts'

const long = Buffer.alloc(3_000_001)
for (let at = 0; at < long.length; at++) long[at] = (at * 7919) >> 5

interface Paced extends AsyncDisposable {
  readonly port: number
  fetch(): Promise<Buffer>
}

/** A server that answers everything with `long`. */
async function pace(): Promise<Paced> {
  const pacer = new Pacer()
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-length': String(long.length) })
    pacer.send(response, long)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    fetch: async () => {
      const [response] = (await once(
        get({ port, host: '127.0.0.1', agent: false }),
        'response',
      )) as [IncomingMessage]
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
