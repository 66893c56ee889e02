import { describe, expect, test } from 'vitest'
import type { Verdict } from '../../src/directory/credentials.ts'
import { bindVerdict } from '../../src/directory/ldap/bind-verdict.ts'
import { Breaker } from '../../src/directory/ldap/breaker.ts'
import { openCredentials } from '../../src/directory/sources.ts'
import { type Answer, type FakeLdap, startFakeLdap } from './fake-ldap.ts'
import { peopleRequest, recordedLog } from './reading.ts'

const base = 'dc=example,dc=org'
const service = { user: `cn=svc,${base}`, password: 'svc-secret' }
const ada = '00000000-0000-4000-8000-000000000001'
const signal = new AbortController().signal

/** Knows one entry, `uid=ada`, with the password `right`. */
const directory: Answer = (request, reply) => {
  if (request.kind === 'bind') {
    const isRight =
      request.user === service.user ||
      (request.user === `uid=ada,${base}` && request.password === 'right')
    reply.bind(isRight ? 0 : 49)
  } else if (request.kind === 'search') {
    if (request.filter.includes(ada)) reply.entry(`uid=ada,${base}`, [['entryUUID', [ada]]])
    else if (request.attributes[0] === '1.1') reply.entry(`uid=bob,${base}`, [])
    reply.done()
  }
}

function open(server: FakeLdap, deadlineMs = 2000) {
  const tls = 'none' as const
  const options = { servers: [server.url], base, bind: service, tls }
  const check = openCredentials('office', options, peopleRequest, deadlineMs, recordedLog())
  if (!check) throw new Error('an LDAP server can be asked about passwords')
  return check
}

describe('a password', () => {
  test('is right when the directory says so of the entry that has the id', async () => {
    await using server = await startFakeLdap(directory)
    await using check = open(server)
    expect(await check.verify(ada, 'right', signal)).toEqual({ kind: 'right' })
    expect(await check.verify(ada, 'other', signal)).toEqual({ kind: 'refused', why: 'wrong' })
  })

  test('is looked for under the filter that people are read with', async () => {
    await using server = await startFakeLdap(directory)
    await using check = open(server)
    await check.verify(ada, 'right', signal)
    const [search] = server.requests.filter(({ kind }) => kind === 'search')
    expect(search).toMatchObject({ base, filter: expect.stringContaining('inetOrgPerson') })
  })

  test('is never an empty one, and the directory is not even asked', async () => {
    await using server = await startFakeLdap(directory)
    await using check = open(server)
    expect(await check.verify(ada, '', signal)).toEqual({ kind: 'refused', why: 'wrong' })
    expect(server.requests).toEqual([])
  })

  test('of nobody is asked for like that of somebody, and is wrong even where any bind succeeds', async () => {
    await using server = await startFakeLdap((request, reply) => {
      if (request.kind === 'bind') reply.bind(0)
      else directory(request, reply)
    })
    await using check = open(server)
    for (const id of [null, 'gone']) {
      const before = server.requests.length
      expect(await check.verify(id, 'right', signal)).toEqual({ kind: 'refused', why: 'wrong' })
      const kinds = server.requests.slice(before).map(({ kind }) => kind)
      expect(kinds.filter((kind) => kind === 'search').length).toBeGreaterThan(0)
      expect(kinds.at(-1)).toBe('bind')
    }
  })
})

describe('connections', () => {
  test('are kept, and binds never happen on one that searches', async () => {
    await using server = await startFakeLdap(directory)
    await using check = open(server)
    for (let count = 0; count < 5; count++) await check.verify(ada, 'right', signal)
    expect(server.openConnections).toBe(2)
    const binds = server.requests.filter(({ kind }) => kind === 'bind')
    expect(binds.filter((bind) => 'user' in bind && bind.user === service.user)).toHaveLength(1)
  })

  test('are no more than four of a kind, however many people come at once', async () => {
    await using server = await startFakeLdap(directory)
    await using check = open(server)
    const all = Array.from({ length: 50 }, () => check.verify(ada, 'right', signal))
    expect(new Set((await Promise.all(all)).map(({ kind }) => kind))).toEqual(new Set(['right']))
    expect(server.openConnections).toBeLessThanOrEqual(8)
  })

  test('that the server has closed meanwhile are replaced without a word', async () => {
    await using server = await startFakeLdap(directory)
    await using check = open(server)
    await check.verify(ada, 'right', signal)
    server.cutAll()
    expect(await check.verify(ada, 'right', signal)).toEqual({ kind: 'right' })
  })
})

describe('a directory that does not answer', () => {
  test('is given up at the deadline, and after three failures is not waited for', async () => {
    let isSilent = true
    await using server = await startFakeLdap((request, reply) => {
      if (!isSilent || request.kind === 'search') directory(request, reply)
    })
    await using check = open(server, 100)
    for (let count = 0; count < 3; count++) {
      const verdict = await check.verify(ada, 'right', signal)
      expect(verdict).toEqual({ kind: 'unreachable', reason: 'no answer for 100 ms' })
    }
    const before = server.requests.length
    const verdict = await check.verify(ada, 'right', signal)
    expect(verdict).toMatchObject({ kind: 'unreachable', reason: /left alone/ })
    expect(server.requests).toHaveLength(before)
    isSilent = false
  })

  test('is tried by one after a rest, and by all when that went well', () => {
    let now = 0
    const breaker = new Breaker(3, 1000, () => now)
    for (let count = 0; count < 3; count++) breaker.failed()
    expect(breaker.admit()).toBe(false)
    now = 1000
    expect([breaker.admit(), breaker.admit()]).toEqual([true, false])
    breaker.succeeded()
    expect([breaker.admit(), breaker.admit()]).toEqual([true, true])
  })

  test('names no password when it refuses the service account', async () => {
    await using server = await startFakeLdap((request, reply) => {
      if (request.kind === 'bind') reply.bind(49)
    })
    await using check = open(server)
    const verdict = await check.verify(ada, 'user-secret', signal)
    expect(verdict.kind).toBe('unreachable')
    expect(JSON.stringify(verdict)).not.toMatch(/svc-secret|user-secret/)
  })
})

describe(bindVerdict, () => {
  const policy = '1.3.6.1.4.1.42.2.27.8.5.1'
  const result = (code: number, diagnostic = '', control?: string) => ({
    code,
    diagnostic,
    matchedDn: '',
    name: null,
    controls: new Map(control === undefined ? [] : [[policy, Buffer.from(control, 'hex')]]),
  })
  const data = (code: string) =>
    `80090308: LdapErr: DSID-0C0903A9, comment: ..., data ${code}, v1db1`

  test.each([
    [result(0), 'right'],
    [result(0, '', '3000'), 'right'],
    [result(0, '', '3003810102'), 'must-change'],
    [result(0, '', '3006a004800201f4'), 'right'],
    [result(0, '', 'ff'), 'right'],
    [result(49), 'wrong'],
    [result(49, '', '3003810100'), 'password-expired'],
    [result(49, '', '3003810101'), 'locked'],
    [result(49, data('52e')), 'wrong'],
    [result(49, data('525')), 'wrong'],
    [result(49, data('530')), 'not-now'],
    [result(49, data('532')), 'password-expired'],
    [result(49, data('533')), 'disabled'],
    [result(49, data('701')), 'expired'],
    [result(49, data('773')), 'must-change'],
    [result(49, data('775')), 'locked'],
    [result(49, data('1')), 'wrong'],
    [result(19), 'locked'],
    [result(32), 'wrong'],
    [result(48), 'wrong'],
    [result(53, 'Account inactivated. Contact system administrator.'), 'disabled'],
    [result(53), 'unreachable'],
    [result(51), 'unreachable'],
    [result(10), 'unreachable'],
  ])('%o means %s', (answer, expected) => {
    const verdict: Verdict = bindVerdict(answer)
    expect(verdict.kind === 'refused' ? verdict.why : verdict.kind).toBe(expected)
  })
})
