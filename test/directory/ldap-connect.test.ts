import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Certificates, makeCertificates } from '../rig/certificates.ts'
import { type Answer, startFakeLdap } from './fake-ldap.ts'
import { openPeople, readAll } from './reading.ts'

const base = 'dc=example,dc=org'
const limits = { base, connectMs: 400, silenceMs: 400 }
const bind = { user: `cn=svc,${base}`, password: 'a-secret-word' }

let folder: string
let certificates: Certificates

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peerage-connect-'))
  certificates = await makeCertificates(folder)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** The reason why such a server could not be read. */
async function failure(answer: Answer, options: object = {}): Promise<Error & { code?: string }> {
  await using server = await startFakeLdap(answer)
  const source = openPeople({ ...limits, servers: [server.url], ...options })
  const error = await readAll(source).then(
    () => new Error('it was read'),
    (caught: unknown) => caught,
  )
  if (!(error instanceof Error)) throw new Error('no error was thrown')
  await expect.poll(() => server.openConnections).toBe(0)
  return error
}

test('a server that takes the log-in and never answers is given up', async () => {
  const error = await failure(() => {}, { tls: 'none', bind })
  expect(error).toMatchObject({ code: 'DIRECTORY_UNAVAILABLE' })
  expect(error.message).toMatch(/ldap:\/\/127\.0\.0\.1:\d+: bind: no answer for 400 ms/)
})

test('a server that is asked for StartTLS and never answers is given up', async () => {
  const error = await failure(() => {}, { bind })
  expect(error.message).toContain('tls: no answer for 400 ms')
})

test('a server that agrees to StartTLS and is silent in the handshake is given up', async () => {
  const error = await failure((request, reply) => {
    if (request.kind === 'extended') reply.extended()
  })
  expect(error.message).toMatch(/tls: no answer for \d+ ms/)
})

test('a server that is silent in the handshake of ldaps:// is given up', async () => {
  await using server = await startFakeLdap(() => {})
  const source = openPeople({ ...limits, servers: [server.url.replace('ldap:', 'ldaps:')] })
  await expect(readAll(source)).rejects.toThrow(/tls: no answer for \d+ ms/)
})

test('a refused StartTLS never falls back to clear text', async () => {
  const asked: string[] = []
  const error = await failure(
    (request, reply) => {
      asked.push(request.kind)
      if (request.kind === 'extended') reply.extended(2)
      else reply.bind()
    },
    { bind },
  )
  expect(error.message).toContain('StartTLS is refused')
  expect(error.message).toContain('tls: none')
  expect(asked.filter((kind) => kind !== 'unbind')).toEqual(['extended'])
})

test('bytes that come along with the consent to StartTLS end the connection', async () => {
  const error = await failure((request, reply) => {
    if (request.kind !== 'extended') return
    reply.extended()
    reply.bytes(Buffer.from([0x30]))
  })
  expect(error).toMatchObject({ code: 'DIRECTORY_UNAVAILABLE' })
  expect(error.message).toContain(': tls: ')
})

test('something that is no LDAP server is told as that', async () => {
  const error = await failure((_request, reply) => reply.bytes(Buffer.from('HTTP/1.1 400\r\n')), {
    tls: 'none',
    bind,
  })
  expect(error.message).toContain('what came is not LDAP')
})

test('a caFile that is not there is named', async () => {
  const caFile = join(folder, 'missing.pem')
  const error = await failure((request, reply) => request.kind === 'extended' && reply.extended(), {
    caFile,
  })
  expect(error.message).toContain(`caFile ${caFile} cannot be read (ENOENT)`)
})

test('a caFile that holds no certificate is told', async () => {
  const error = await failure((request, reply) => request.kind === 'extended' && reply.extended(), {
    caFile: certificates.keyFile,
  })
  expect(error.message).toContain(': tls: ')
})

test('nothing that listens there is told with its address', async () => {
  const server = await startFakeLdap(() => {})
  await server[Symbol.asyncDispose]()
  const source = openPeople({ ...limits, servers: [server.url] })
  await expect(readAll(source)).rejects.toThrow(
    `directory 'office': ${server.url}: tcp: nothing listens there`,
  )
})

test.each([
  ['80090308: LdapErr: DSID-0C090569, comment: error, data 52e, v4563\0', 'password is wrong'],
  ['80090308: LdapErr: DSID, data 525, v1db1', 'no such user'],
  ['80090308: LdapErr: DSID, data 530, v1db1', 'at this time'],
  ['80090308: LdapErr: DSID, data 531, v1db1', 'from this machine'],
  ['80090308: LdapErr: DSID, data 532, v1db1', 'password has expired'],
  ['80090308: LdapErr: DSID, data 533, v1db1', 'account is disabled'],
  ['80090308: LdapErr: DSID, data 701, v1db1', 'account has expired'],
  ['80090308: LdapErr: DSID, data 773, v1db1', 'must be changed'],
  ['80090308: LdapErr: DSID, data 775, v1db1', 'locked'],
  ['', 'invalid credentials'],
])('a log-in refused with "%s" is told in words', async (diagnostic, words) => {
  const error = await failure((_request, reply) => reply.bind(49, diagnostic), {
    tls: 'none',
    bind,
  })
  expect(error).toMatchObject({ code: 'DIRECTORY_UNAVAILABLE' })
  expect(error.message).toContain(words)
  expect(error.message).toContain('check sources.office.bind')
  expect(error.message).not.toContain(bind.password)
})

test('a server that wants encryption for a password says so in plain words', async () => {
  const error = await failure(
    (_request, reply) => reply.bind(8, 'BindSimple: Transport encryption'),
    {
      tls: 'none',
      bind,
    },
  )
  expect(error.message).toContain('use ldaps:// or StartTLS')
})

test('without an account nobody logs in', async () => {
  await using server = await startFakeLdap((request, reply) => {
    if (request.kind !== 'search') return
    reply.entry(`uid=ada,${base}`, [])
    reply.done({ cookie: '' })
  })
  await readAll(openPeople({ ...limits, servers: [server.url], tls: 'none' }))
  expect(server.requests.map(({ kind }) => kind)).toEqual(['search'])
})
