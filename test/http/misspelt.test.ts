import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { entry, startTestService, type TestService } from '../support/service.ts'

const ldif = entry('anna', 1, {
  cn: 'Anna Müller',
  givenName: 'Anna',
  sn: 'Müller',
  telephoneNumber: '503',
})

let company: TestService
beforeAll(async () => {
  company = await startTestService({
    ldif,
    yaml: 'views: { lobby: { openTo: ["127.0.0.0/8"] } }',
  })
})
afterAll(() => company[Symbol.asyncDispose]())

/** A phone's connection: what it sends goes out in these pieces, and it hears until the end. */
async function speak(...pieces: readonly string[]): Promise<string> {
  const socket = connect(company.service.web.port, '127.0.0.1').setNoDelay(true)
  const heard = listen(socket)
  await once(socket, 'connect')
  for (const piece of pieces) {
    socket.write(Buffer.from(piece, 'latin1'))
    // Each is to arrive by itself.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
  }
  return heard
}

async function listen(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => undefined)
  await once(socket, 'close')
  return Buffer.concat(chunks).toString('latin1')
}

const raw = 'GET /pb/snom/lobby/find?q=M\xc3\xbcl HTTP/1.1\r\n'

describe('an address with raw bytes', () => {
  test('is answered, with links to where the phone asked, and the connection ends', async () => {
    const heard = await speak(`${raw}Host: pb.example:8080\r\nAccept: */*\r\n\r\n`)
    expect(heard).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(heard).toMatch(/\r\nconnection: close\r\n/i)
    const [head = '', body = ''] = heard.split('\r\n\r\n')
    expect(Number(/content-length: (\d+)/i.exec(head)?.[1])).toBe(body.length)
    expect(body).toContain('numberdial=503')
    const all = 'GET /pb/snom/lobby/menu?\xfc HTTP/1.1\r\nHost: pb.example:8080\r\n\r\n'
    expect(await speak(all)).toContain('<Url>http://pb.example:8080/pb/snom/lobby/input</Url>')
  })

  test('is answered when its head comes in pieces', async () => {
    expect(await speak(raw, 'Host: pb.exa', 'mple\r\n', '\r\n')).toContain('numberdial=503')
    expect(await speak(raw.slice(0, -6), '/1.1\r\n\r', '\n')).toContain('numberdial=503')
  })

  test('is answered after an ordinary one on the same connection', async () => {
    const first = 'GET /pb/snom/lobby/input HTTP/1.1\r\nHost: a\r\n\r\n'
    const heard = await speak(first, `${raw}Host: a\r\n\r\n`)
    expect(heard.match(/HTTP\/1\.1 200/g)).toHaveLength(2)
    expect(heard).toContain('numberdial=503')
  })

  test('is answered to who says at once that he has nothing more to send', async () => {
    const socket = connect(company.service.web.port, '127.0.0.1')
    socket.end(Buffer.from(`${raw}Host: a\r\n\r\n`, 'latin1'))
    expect(await listen(socket)).toContain('numberdial=503')
  })

  test('is known by its token or network like any other', async () => {
    const heard = await speak(raw.replace('lobby', 'staff'), 'Host: a\r\n\r\n')
    expect(heard).toMatch(/^HTTP\/1\.1 401 /)
  })

  test('answers a POST without waiting for what else it sends', async () => {
    const posted = raw.replace('GET', 'POST')
    const heard = await speak(`${posted}Content-Length: 4\r\n\r\n`, '\xff\xfe\r\n')
    expect(heard.match(/HTTP\/1\.1/g)).toHaveLength(1)
    expect(heard).toContain('numberdial=503')
  })
})

test('whatever follows a request that is being answered, others are answered as before', async () => {
  const request = 'GET /pb/grandstream/lobby/phonebook.xml HTTP/1.1\r\nHost: a\r\n\r\n'
  for (const more of ['\xff\xfe\0', `${raw}Host: a\r\n\r\n`, 'GET /pb/ HTTP/9\r\n\r\n']) {
    await speak(`${request}${more}`)
    await speak(request, more)
  }
  expect(await speak(`${raw}Host: a\r\n\r\n`)).toContain('numberdial=503')
})

describe('what is no request of a phone', () => {
  test.each([
    ['an address of the API', 'GET /api/people?q=M\xfcl HTTP/1.1\r\n\r\n', '400'],
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00', '400'],
    ['another method', 'BREW /pb/snom/lobby/find HTTP/1.1\r\n\r\n', '400'],
    ['no version', 'GET /pb/snom/lobby/find?q=\xfc\r\n\r\n', '400'],
    ['an address without end', `GET /pb/snom/lobby/\xfc${'a'.repeat(40_000)}`, '431'],
    ['fields without end', `GET /pb/ HTTP/1.1\r\nA: ${'a'.repeat(40_000)}`, '431'],
  ])('%s is refused without a word', async (_, bytes, status) => {
    const heard = await speak(bytes)
    expect(heard).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^\\r]*\\r\\n`))
    expect(heard.slice(heard.indexOf('\r\n\r\n'))).toBe('\r\n\r\n')
  })
})
