import { expect, test } from 'vitest'
import type { EntryRequest } from '../../src/directory/source.ts'
import { type Answer, startFakeLdap } from './fake-ldap.ts'
import { checkAll, openPeople } from './reading.ts'

const base = 'dc=example,dc=org'

/** Each step as `step: detail`, failed ones with a `!`, without the server's address. */
async function check(answer: Answer, request: Partial<EntryRequest> = {}): Promise<string[]> {
  await using server = await startFakeLdap(answer)
  const bind = { user: 'cn=svc', password: 'a-secret-word' }
  const source = openPeople({ base, servers: [server.url], tls: 'none', bind }, request)
  const steps = await checkAll(source)
  expect(steps.every(({ tookMs }) => tookMs >= 0)).toBe(true)
  expect(JSON.stringify(steps)).not.toContain('a-secret-word')
  return steps.map(
    ({ step, ok, detail }) => `${ok ? '' : '!'}${step}: ${detail.replaceAll(server.url, 'SERVER')}`,
  )
}

/** A directory with two people, of whom one has a number. */
const office: Answer = (request, reply) => {
  if (request.kind === 'bind') return reply.bind()
  if (request.kind !== 'search') return
  if (request.scope === 0) reply.entry(request.base, [])
  else {
    reply.entry(`uid=ada,${base}`, [
      ['entryUUID', ['1']],
      ['cn', ['Ada']],
      ['sipSecret', ['never shown']],
    ])
    reply.entry(`uid=grace,${base}`, [['telephoneNumber', ['1001']]])
  }
  reply.done({ cookie: '' })
}

test('every step from the connection to a sample, and which attributes never came', async () => {
  const attributes = ['cn', 'telephoneNumber', 'ipPhone', 'sipSecret']
  expect(await check(office, { attributes })).toEqual([
    expect.stringMatching(/^tcp: SERVER: 127\.0\.0\.1 port \d+$/),
    'bind: SERVER: as cn=svc',
    '!tls: SERVER: the password went in clear text (tls: none)',
    `base: "${base}" exists`,
    'rights: in 2 entries these never came: ipPhone (no right to read them, or not set)',
    'changes: by timestamp: timestamps and ids are compared every few seconds',
    'count: 2 entries',
    `sample: uid=ada,${base} (cn=Ada)`,
  ])
})

test('an id attribute that never comes fails the rights', async () => {
  const steps = await check(office, { id: { attribute: 'objectGUID', form: 'guid' } })
  expect(steps).toContainEqual(
    expect.stringMatching(/^!rights: objectGUID never came, and nobody can be told apart/),
  )
})

test('a base that does not exist is answered with those that do', async () => {
  const steps = await check((request, reply) => {
    if (request.kind === 'bind') return reply.bind()
    if (request.kind !== 'search') return
    if (request.base !== '') return reply.done({ code: 32 })
    reply.entry('', [['namingContexts', ['dc=real,dc=org', 'o=other']]])
    reply.done()
  })
  expect(steps.at(-1)).toBe(
    `!base: search below "${base}": no such object (code 32); this server has "dc=real,dc=org" and "o=other"; check sources.office.base`,
  )
})

test('nobody below the base fails the count, with what to look at', async () => {
  const steps = await check((request, reply) => {
    if (request.kind === 'bind') return reply.bind()
    if (request.kind === 'search' && request.scope === 0) reply.entry(base, [])
    reply.done({ cookie: '' })
  })
  expect(steps.at(-1)).toBe(
    `!count: no entry below "${base}" fits the filter; check sources.office.base and sources.office.filter`,
  )
})

test('a size limit fails the count, with the remedy', async () => {
  const steps = await check((request, reply) => {
    if (request.kind === 'bind') return reply.bind()
    if (request.kind !== 'search') return
    reply.entry(request.base, [['entryUUID', ['1']]])
    if (request.scope === 0 || request.attributes[0] !== '1.1') reply.done({ cookie: 'more' })
    else reply.done({ code: 4 })
  })
  expect(steps.at(-1)).toMatch(/^!count: .*size limit exceeded.*sources\.office\.bind/)
})

test('a refused log-in ends the check with its reason', async () => {
  const steps = await check((_request, reply) => reply.bind(49, 'data 533, v1db1'))
  expect(steps.at(-1)).toBe(
    '!bind: SERVER: bind: cn=svc is refused: the account is disabled (invalid credentials, data 533); check sources.office.bind',
  )
})
