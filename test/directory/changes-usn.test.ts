import { afterEach, beforeEach, expect, test } from 'vitest'
import { guidBytes } from '../../src/directory/values.ts'
import { type FakeLdap, startFakeLdap } from './fake-ldap.ts'
import { uuidOf } from './fake-sync.ts'
import { type Following, follow, has, hasNot } from './following.ts'
import { openPeople } from './reading.ts'

const base = 'DC=example,DC=org'
const service = 'CN=NTDS Settings,CN=DC1'

/** A domain controller whose account sees no tombstones. */
const state = { usn: 0, invocation: 0, people: new Map<string, number>(), isBlind: false }

let server: FakeLdap
let following: Following

beforeEach(async () => {
  Object.assign(state, { usn: 100, invocation: 1, isBlind: false })
  state.people = new Map(Array.from({ length: 10 }, (_, index) => [uuidOf(index), 50 + index]))
  server = await startFakeLdap((request, reply) => {
    if (request.kind === 'bind') return reply.bind()
    if (request.kind !== 'search') return
    if (request.base === service) {
      const id = guidBytes(uuidOf(state.invocation))
      reply.entry(service, [['invocationId', id ? [id] : []]])
      return reply.done()
    }
    if (request.base === '') {
      reply.entry('', [
        ['highestCommittedUSN', [String(state.usn)]],
        ['dsServiceName', [service]],
        ['namingContexts', [base]],
      ])
      return reply.done()
    }
    const [, since] = /uSNChanged[^\d]*(\d+)/.exec(request.filter) ?? []
    const isById = request.filter.includes('objectGUID')
    for (const [id, usn] of state.isBlind ? [] : state.people) {
      const bytes = guidBytes(id)
      if (!bytes || (since && usn < Number(since))) continue
      if (isById && !request.filter.includes(bytes.toString('latin1'))) continue
      reply.entry(`CN=${usn},${base}`, [
        ['objectGUID', [bytes]],
        ['cn', [String(usn)]],
      ])
    }
    reply.done({ cookie: '' })
  })
  following = follow(
    openPeople(
      { servers: [server.url], tls: 'none', base, pollMs: 100, sweepMs: 1000 },
      { attributes: ['cn'], id: { attribute: 'objectGUID', form: 'guid' } },
    ),
    4000,
  )
  await following.untilReads(1)
})

afterEach(async () => {
  await following[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

function change(id: string): number {
  state.usn += 1
  state.people.set(id, state.usn)
  return state.usn
}

test('what is above the last number is told, once', async () => {
  const usn = change(uuidOf(3))
  await following.until(has('cn', String(usn)))
  const next = change(uuidOf(77))
  await following.until(has('cn', String(next)))
  expect(following.told).toEqual(['read-again', `delta +${uuidOf(3)}`, `delta +${uuidOf(77)}`])
})

test('who was deleted without a trace is found by a sweep', async () => {
  state.people.delete(uuidOf(5))
  state.usn += 1
  await following.until((people) => !people.has(uuidOf(5)))
  expect(following.told).toEqual(['read-again', `delta -${uuidOf(5)}`])
})

test('a domain controller that shows hardly anybody any more makes nobody vanish', async () => {
  for (let index = 1; index < 7; index++) state.people.delete(uuidOf(index))
  state.usn += 1
  await following.untilReads(2)
  expect(following.told).toEqual(['read-again', 'read-again'])
})

test('an account that is shown nobody at all makes nobody vanish', async () => {
  state.isBlind = true
  state.usn += 1
  await following.until(() => following.failures > 0)
  expect(following.people.size).toBe(10)
  expect(following.told).toEqual(['read-again'])
})

test('a restored database counts anew: everything is read', async () => {
  state.invocation = 2
  state.usn = 40
  state.people.set(uuidOf(3), 30)
  // The connection is made again, as it would be after a restart.
  server.cutAll()
  await following.untilReads(2)
  expect(has('cn', '30')(following.people)).toBe(true)
  state.people.set(uuidOf(4), 41)
  state.usn = 41
  await following.until(has('cn', '41'))
  await following.until(hasNot('cn', '54'))
})
