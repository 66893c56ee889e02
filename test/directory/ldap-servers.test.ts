import { expect, test } from 'vitest'
import { LdapSource } from '../../src/directory/ldap/ldap-source.ts'
import { parseServerUrl } from '../../src/directory/ldap/server.ts'
import { type ResolveSrv, serversOfDomain } from '../../src/directory/ldap/srv.ts'
import { type FakeLdap, startFakeLdap } from './fake-ldap.ts'
import { openPeople, peopleRequest, readAll, recordedLog } from './reading.ts'

const base = 'dc=example,dc=org'
const bind = { user: 'cn=svc', password: 'x' }

/** A server with one person, or with something else to say. */
function startServer(uid: string, code = 0): Promise<FakeLdap> {
  return startFakeLdap((request, reply) => {
    if (request.kind === 'bind') return reply.bind()
    if (request.kind !== 'search') return
    if (code === 0) reply.entry(`uid=${uid},${base}`, [['uid', [uid]]])
    reply.done({ code, cookie: '' })
  })
}

async function deadServer(): Promise<string> {
  const server = await startServer('nobody')
  await server[Symbol.asyncDispose]()
  return server.url
}

async function readUids(source: ReturnType<typeof openPeople>): Promise<string[]> {
  const { entries } = await readAll(source)
  return entries.flatMap((entry) => entry.attributes.get('uid') ?? [])
}

test('a dead server is passed over, with a warning that names it and the step', async () => {
  await using second = await startServer('second')
  const first = await deadServer()
  const log = recordedLog()
  const source = openPeople({ base, tls: 'none', servers: [first, second.url] }, {}, log)
  expect(await readUids(source)).toEqual(['second'])
  expect(log.warnings).toEqual([
    {
      source: 'office',
      server: second.url,
      reasons: [expect.stringContaining(`${first}: tcp: nothing listens there`)],
    },
  ])
})

test('a server that failed is not tried first again until it has rested; then it is preferred', async () => {
  const silent = await startFakeLdap(() => {})
  await using second = await startServer('second')
  let now = 0
  const settings = {
    servers: [silent.url, second.url].map((url) => parseServerUrl(url, 'none')!),
    base,
    filter: null,
    scope: 'sub' as const,
    pageSize: 100,
    connect: { bind: null, caFile: null, serverName: null, verify: true, connectMs: 500 },
    silenceMs: 100,
    restMs: 60_000,
    changes: { method: 'off' as const, pollMs: 2000, sweepMs: 30_000 },
  }
  const source = new LdapSource('office', settings, peopleRequest, recordedLog(), {
    now: () => now,
  })
  expect(await readUids(source)).toEqual(['second'])
  expect(silent.requests).toHaveLength(1)
  now = 59_000
  expect(await readUids(source)).toEqual(['second'])
  expect(silent.requests).toHaveLength(1)
  now = 61_000
  expect(await readUids(source)).toEqual(['second'])
  expect(silent.requests).toHaveLength(2)
  await silent[Symbol.asyncDispose]()
})

test('a busy server is passed over', async () => {
  await using busy = await startServer('busy', 51)
  await using second = await startServer('second')
  const source = openPeople({ base, tls: 'none', servers: [busy.url, second.url] })
  expect(await readUids(source)).toEqual(['second'])
})

test('when all fail, the error names each server, step and reason', async () => {
  await using busy = await startServer('busy', 52)
  const dead = await deadServer()
  const source = openPeople({ base, tls: 'none', servers: [dead, busy.url] })
  const error = await readAll(source).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'DIRECTORY_UNAVAILABLE' })
  expect(String(error)).toContain("directory 'office'")
  expect(String(error)).toContain(`${dead}: tcp: nothing listens there`)
  expect(String(error)).toContain(`${busy.url}: search below "${base}": unavailable`)
})

test('a refused password is not tried at the next server, which would lock the account sooner', async () => {
  const refusing = () =>
    startFakeLdap((request, reply) => {
      if (request.kind === 'bind') reply.bind(49)
    })
  await using first = await refusing()
  await using second = await refusing()
  const source = openPeople({ base, tls: 'none', servers: [first.url, second.url], bind })
  await expect(readAll(source)).rejects.toThrow('invalid credentials')
  await expect(readAll(source)).rejects.toThrow('invalid credentials')
  expect(first.requests.filter(({ kind }) => kind === 'bind')).toHaveLength(2)
  expect(second.requests).toHaveLength(0)
})

test('a read that broke off is not continued at another server', async () => {
  await using first = await startFakeLdap((request, reply) => {
    if (request.kind !== 'search') return
    if (request.cookie !== '') return reply.cut()
    reply.entry(`uid=first,${base}`, [['uid', ['first']]])
    reply.done({ cookie: 'more' })
  })
  await using second = await startServer('second')
  const source = openPeople({ base, tls: 'none', servers: [first.url, second.url] })
  await expect(readAll(source)).rejects.toMatchObject({ code: 'DIRECTORY_INCOMPLETE' })
  expect(second.requests).toHaveLength(0)
  expect(await readUids(source)).toEqual(['second'])
})

function record(name: string, priority: number, weight: number, port = 389) {
  return { name, port, priority, weight }
}

/** DNS with just these records. */
function dns(records: Record<string, ReturnType<typeof record>[]>): ResolveSrv {
  return async (name) => {
    const found = records[name]
    if (!found) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' })
    return found
  }
}

test('the servers of a domain come by priority, then by weight, from the record of domain controllers', async () => {
  const resolve = dns({
    '_ldap._tcp.dc._msdcs.example.org': [
      record('far.example.org', 10, 100),
      record('dc1.example.org', 0, 90, 3389),
      record('dc2.example.org', 0, 10),
    ],
    '_ldap._tcp.example.org': [record('other.example.org', 0, 0)],
  })
  const hosts = async (chance: number) =>
    (await serversOfDomain('example.org', 'starttls', resolve, () => chance)).map(
      ({ host }) => host,
    )
  expect(await hosts(0.5)).toEqual(['dc1.example.org', 'dc2.example.org', 'far.example.org'])
  expect(await hosts(0.05)).toEqual(['dc2.example.org', 'dc1.example.org', 'far.example.org'])
  const [first] = await serversOfDomain('example.org', 'starttls', resolve, () => 0.5)
  expect(first).toEqual({ host: 'dc1.example.org', port: 3389, tls: 'starttls' })
})

test('with ldaps the servers of a domain are asked on port 636', async () => {
  const resolve = dns({ '_ldap._tcp.example.org': [record('ldap.example.org', 0, 0)] })
  expect(await serversOfDomain('example.org', 'ldaps', resolve)).toEqual([
    { host: 'ldap.example.org', port: 636, tls: 'ldaps' },
  ])
})

test('a domain without servers is told with both names that were asked for', async () => {
  const resolve = dns({ '_ldap._tcp.example.org': [record('.', 0, 0, 0)] })
  await expect(serversOfDomain('example.org', 'starttls', resolve)).rejects.toThrow(
    /_ldap\._tcp\.dc\._msdcs\.example\.org: ENOTFOUND.*_ldap\._tcp\.example\.org names no server/,
  )
})

test.each([
  ['ldaps://dc1.example.org', undefined, 'dc1.example.org', 636, 'ldaps'],
  ['ldap://dc1.example.org', undefined, 'dc1.example.org', 389, 'starttls'],
  ['ldap://dc1.example.org/', 'none', 'dc1.example.org', 389, 'none'],
  ['ldaps://[::1]:1636', 'none', '::1', 1636, 'ldaps'],
] as const)('%s with tls %s', (url, tls, host, port, protection) => {
  expect(parseServerUrl(url, tls)).toEqual({ host, port, tls: protection })
})

test.each([
  'http://dc1',
  'dc1.example.org',
  'ldap://',
  'ldap://dc1/dc=x',
  'ldap://u@dc1',
  'ldap://dc1?x',
])('%s is no address of a server', (url) => {
  expect(parseServerUrl(url, undefined)).toBeNull()
})
