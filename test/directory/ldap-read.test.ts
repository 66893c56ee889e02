import { expect, test } from 'vitest'
import { type Answer, type FakeReply, startFakeLdap } from './fake-ldap.ts'
import { openPeople, readAll } from './reading.ts'

const base = 'dc=example,dc=org'
const options = { base, tls: 'none', connectMs: 1000, silenceMs: 1000 } as const

/** Answers searches only; whoever binds is let in. */
function searching(answer: Answer): Answer {
  return (request, reply) => (request.kind === 'bind' ? reply.bind() : answer(request, reply))
}

function sendPerson(reply: FakeReply, uid: string): void {
  reply.entry(`uid=${uid},${base}`, [
    ['uid', [uid]],
    ['entryUUID', [`id-${uid}`]],
  ])
}

test('pages are asked for one after the other, until a page has no cookie', async () => {
  const pages: Record<string, () => [string[], string]> = {
    '': () => [['ada', 'grace'], 'second'],
    second: () => [['linus'], ''],
  }
  await using server = await startFakeLdap(
    searching((request, reply) => {
      if (request.kind !== 'search') return
      const [people, cookie] = pages[request.cookie ?? '']?.() ?? [[], '']
      for (const uid of people) sendPerson(reply, uid)
      reply.done({ cookie })
    }),
  )
  const { entries, batchSizes } = await readAll(openPeople({ ...options, servers: [server.url] }))
  expect(entries.map(({ id }) => id)).toEqual(['id-ada', 'id-grace', 'id-linus'])
  expect(batchSizes).toEqual([2, 1])
})

test('the server works on one page while the one before is taken, and not on more', async () => {
  await using server = await startFakeLdap(
    searching((_request, reply) => {
      sendPerson(reply, 'ada')
      reply.done({ cookie: 'more' })
    }),
  )
  const source = openPeople({ ...options, servers: [server.url] })
  const reading = source.read(new AbortController().signal)
  const batches = reading[Symbol.asyncIterator]()
  const searches = () => server.requests.filter(({ kind }) => kind === 'search').length
  for (const taken of [1, 2, 3]) {
    await batches.next()
    await expect.poll(searches).toBe(taken + 1)
  }
  await batches.return?.()
  expect(searches()).toBe(4)
})

test('no size or time limit of our own is sent, which would make a cut look like success', async () => {
  await using server = await startFakeLdap(
    searching((_request, reply) => {
      sendPerson(reply, 'ada')
      reply.done()
    }),
  )
  await readAll(openPeople({ ...options, servers: [server.url] }))
  expect(server.requests).toEqual([
    expect.objectContaining({ kind: 'search', sizeLimit: 0, timeLimit: 0, pageSize: 1000, base }),
  ])
})

test('an empty page with a cookie is followed by the next page', async () => {
  await using server = await startFakeLdap(
    searching((request, reply) => {
      if (request.kind !== 'search') return
      if (request.cookie === '') return reply.done({ cookie: 'on' })
      sendPerson(reply, 'ada')
      reply.done({ cookie: '' })
    }),
  )
  const { entries } = await readAll(openPeople({ ...options, servers: [server.url] }))
  expect(entries.map(({ id }) => id)).toEqual(['id-ada'])
})

test('empty pages without end are no complete read', async () => {
  await using server = await startFakeLdap(
    searching((_request, reply) => reply.done({ cookie: 'on' })),
  )
  await expect(readAll(openPeople({ ...options, servers: [server.url] }))).rejects.toMatchObject({
    code: 'DIRECTORY_INCOMPLETE',
    message: expect.stringContaining('empty pages without end'),
  })
})

test('a server that does not page gives everything at once', async () => {
  await using server = await startFakeLdap(
    searching((_request, reply) => {
      for (let index = 0; index < 1200; index += 1) sendPerson(reply, `u${index}`)
      reply.done()
    }),
  )
  const { entries, batchSizes } = await readAll(openPeople({ ...options, servers: [server.url] }))
  expect(entries).toHaveLength(1200)
  expect(Math.max(...batchSizes)).toBeLessThanOrEqual(200)
})

test('nobody at all is no complete read: a server shows just that to an account without rights', async () => {
  await using server = await startFakeLdap(
    searching((_request, reply) => reply.done({ cookie: '' })),
  )
  await expect(readAll(openPeople({ ...options, servers: [server.url] }))).rejects.toMatchObject({
    code: 'DIRECTORY_INCOMPLETE',
    message: expect.stringContaining('no entry below "dc=example,dc=org" fits the filter'),
  })
})

test('references to other partitions and intermediate answers are passed over', async () => {
  await using server = await startFakeLdap(
    searching((_request, reply) => {
      reply.reference('ldap://elsewhere.example.org/CN=Configuration')
      reply.intermediate()
      sendPerson(reply, 'ada')
      reply.done({ cookie: '' })
    }),
  )
  const { entries } = await readAll(openPeople({ ...options, servers: [server.url] }))
  expect(entries).toHaveLength(1)
})

test.each([
  [4, 'size limit exceeded', 'sources.office.bind'],
  [3, 'time limit exceeded', ''],
  [10, 'referral', 'sources.office.base'],
  [11, 'administrative limit', 'sources.office.bind'],
  [32, 'no such object', 'sources.office.base'],
  [50, 'insufficient access', 'sources.office.bind'],
  [80, 'code 80', ''],
])('result code %i after some entries is no complete read', async (code, words, remedy) => {
  await using server = await startFakeLdap(
    searching((request, reply) => {
      sendPerson(reply, 'ada')
      const isFirst = request.kind === 'search' && request.cookie === ''
      reply.done(isFirst ? { cookie: 'more' } : { code })
    }),
  )
  const error = await readAll(openPeople({ ...options, servers: [server.url] })).catch(
    (caught: unknown) => caught,
  )
  expect(error).toMatchObject({ code: 'DIRECTORY_INCOMPLETE' })
  expect(String(error)).toContain("directory 'office'")
  expect(String(error)).toContain(words)
  expect(String(error)).toContain(remedy)
})

test('a connection that is cut in the middle of paging is no complete read, and is not resumed', async () => {
  await using server = await startFakeLdap(
    searching((request, reply) => {
      if (request.kind === 'search' && request.cookie !== '') return reply.cut()
      sendPerson(reply, 'ada')
      reply.done({ cookie: 'more' })
    }),
  )
  const bind = { user: `cn=svc,${base}`, password: 'x' }
  await expect(
    readAll(openPeople({ ...options, servers: [server.url], bind })),
  ).rejects.toMatchObject({ code: 'DIRECTORY_INCOMPLETE' })
  expect(server.requests.map(({ kind }) => kind)).toEqual(['bind', 'search', 'search'])
})

test('a server that falls silent between two pages is given up after the time set', async () => {
  await using server = await startFakeLdap(
    searching((request, reply) => {
      if (request.kind === 'search' && request.cookie !== '') return
      sendPerson(reply, 'ada')
      reply.done({ cookie: 'more' })
    }),
  )
  const source = openPeople({ ...options, servers: [server.url], silenceMs: 150 })
  await expect(readAll(source)).rejects.toThrow('no answer for 150 ms')
})

test('a notice of disconnection ends the read', async () => {
  await using server = await startFakeLdap(
    searching((request, reply) => {
      if (request.kind === 'search' && request.cookie !== '') return reply.notice()
      sendPerson(reply, 'ada')
      reply.done({ cookie: 'more' })
    }),
  )
  await expect(readAll(openPeople({ ...options, servers: [server.url] }))).rejects.toMatchObject({
    code: 'DIRECTORY_INCOMPLETE',
    message: expect.stringContaining('going down'),
  })
})

test('an aborted read ends with the reason of its signal, and leaves no connection', async () => {
  const stop = new AbortController()
  await using server = await startFakeLdap(
    searching(() => stop.abort(new Error('the service stops'))),
  )
  await expect(
    readAll(openPeople({ ...options, servers: [server.url] }), stop.signal),
  ).rejects.toThrow('the service stops')
  await expect.poll(() => server.openConnections).toBe(0)
})

test('a read that has ended says farewell and leaves no connection', async () => {
  await using server = await startFakeLdap(
    searching((_request, reply) => {
      sendPerson(reply, 'ada')
      reply.done({ cookie: '' })
    }),
  )
  await readAll(openPeople({ ...options, servers: [server.url] }))
  await expect.poll(() => server.openConnections).toBe(0)
  expect(server.requests.map(({ kind }) => kind)).toEqual(['search', 'unbind'])
})
