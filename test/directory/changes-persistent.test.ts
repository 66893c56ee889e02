import { expect, test } from 'vitest'
import { startFakeLdap } from './fake-ldap.ts'
import { follow, has, hasNot } from './following.ts'
import { openPeople } from './reading.ts'

const base = 'dc=example,dc=org'
const searchOid = '2.16.840.1.113730.3.4.3'
const uuid = (uid: string) => `00000000-0000-4000-8000-${uid.padStart(12, '0')}`

/** A server that takes a persistent search and never says a word about it. */
async function startSilentServer() {
  const people = new Map([
    ['1', '501'],
    ['2', '502'],
  ])
  const server = await startFakeLdap((request, reply) => {
    if (request.kind === 'bind') return reply.bind()
    if (request.kind !== 'search' || request.controls.has(searchOid)) return
    if (request.scope === 0) {
      reply.entry('', [
        ['supportedControl', [searchOid]],
        ['namingContexts', [base]],
      ])
      return reply.done()
    }
    for (const [uid, number] of people) {
      const isMeant = !request.filter.includes('entryUUID') || request.filter.includes(uuid(uid))
      if (!isMeant) continue
      reply.entry(`uid=${uid},${base}`, [
        ['uid', [uid]],
        ['entryUUID', [uuid(uid)]],
        ['telephoneNumber', [number]],
      ])
    }
    reply.done({ cookie: '' })
  })
  const asked = (word: string) =>
    server.requests.filter((request) => request.kind === 'search' && request.filter.includes(word))
  return { people, server, asked, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

test('what changed before a persistent search had begun is found by looking back, once', async () => {
  await using it = await startSilentServer()
  const source = openPeople(
    { servers: [it.server.url], tls: 'none', base },
    { attributes: ['uid', 'telephoneNumber'] },
  )
  await using following = follow(source)
  await following.untilReads(1)
  it.people.set('1', '601')
  it.people.delete('2')
  it.people.set('3', '503')
  await following.until(has('telephonenumber', '601'))
  await following.until(hasNot('uid', '2'))
  await following.until(has('uid', '3'))
  expect(following.told.filter((word) => word === 'read-again')).toHaveLength(1)
  expect(it.asked('modifyTimestamp')).toHaveLength(1)
})
