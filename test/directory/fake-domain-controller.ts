import { Ber, BerReader, BerWriter } from 'ldapts'
import { dirSyncOid } from '../../src/directory/ldap/changes/dirsync-messages.ts'
import { notificationOid } from '../../src/directory/ldap/changes/doorbell.ts'
import { guidBytes } from '../../src/directory/values.ts'
import { type FakeLdap, type FakeReply, type FakeSearch, startFakeLdap } from './fake-ldap.ts'
import { uuidOf } from './fake-sync.ts'

export const context = 'DC=example,DC=org'
const service = 'CN=NTDS Settings,CN=DC1'

/** A domain controller with ten people, that replicates and notifies as it is told to. */
export interface FakeDomainController extends AsyncDisposable {
  readonly server: FakeLdap
  readonly people: Map<string, number>
  /** What the account may ask replication for. */
  mayReplicate: 'everything' | 'what it sees' | 'nothing'
  /** How many objects an answer of replication holds. */
  answerSize: number
  /** Cookies below that are not taken any more. */
  firstCookie: number
  /** Where notification is allowed. */
  mayListen: 'everywhere' | 'at the base' | 'nowhere'
  /** Called before each search by id. */
  onLookUp: () => void
  /** Somebody is new or different; resolves with the number that tells so, which is his `cn`. */
  change(id: string): string
  /** Tells whoever listens that something changed. */
  ring(): void
  /** The flags and the cookie of every question for replication so far. */
  readonly asked: readonly { readonly flags: number; readonly cookie: string }[]
}

export async function startFakeDomainController(): Promise<FakeDomainController> {
  let usn = 100
  const asked: { flags: number; cookie: string }[] = []
  const listening: FakeReply[] = []
  const people = new Map(Array.from({ length: 10 }, (_, index) => [uuidOf(index), 50 + index]))

  const replicate = (value: Buffer, reply: FakeReply) => {
    const reader = new BerReader(value)
    reader.readSequence()
    const flags = reader.readInt() ?? 0
    reader.readInt()
    const cookie = reader.readString(Ber.OctetString) ?? ''
    asked.push({ flags, cookie })
    const isLimited = (flags & 1) !== 0
    const { mayReplicate } = fake
    const may = mayReplicate === 'everything' || (mayReplicate === 'what it sees' && isLimited)
    if (!may) return reply.done({ code: 50, diagnostic: 'no right' })
    if (cookie !== '' && Number(cookie) < fake.firstCookie) return reply.done({ code: 12 })
    const from = cookie === '' ? usn : Number(cookie)
    const later = [...people].filter(([, changed]) => changed > from).sort((a, b) => a[1] - b[1])
    const told = later.slice(0, fake.answerSize)
    for (const [id, changed] of told) entry(reply, id, changed)
    const hasMore = told.length < later.length
    const next = hasMore ? (told.at(-1)?.[1] ?? from) : usn
    reply.done({ controls: { [dirSyncOid]: dirSyncValue(hasMore, String(next)) } })
  }

  const search = (request: FakeSearch, reply: FakeReply) => {
    const replication = request.controls.get(dirSyncOid)
    if (replication) return replicate(replication, reply)
    if (request.controls.has(notificationOid)) {
      const { mayListen } = fake
      if (mayListen === 'nowhere') return reply.done({ code: 53 })
      if (mayListen === 'at the base' && request.scope !== 1) return reply.done({ code: 53 })
      return void listening.push(reply)
    }
    if (request.base === service) {
      reply.entry(service, [['invocationId', [bytesOf(uuidOf(1))]]])
      return reply.done()
    }
    if (request.base === '') {
      reply.entry('', [
        ['highestCommittedUSN', [String(usn)]],
        ['dsServiceName', [service]],
        ['namingContexts', [context]],
        ['supportedControl', [dirSyncOid, notificationOid]],
      ])
      return reply.done()
    }
    const [, since] = /uSNChanged[^\d]*(\d+)/.exec(request.filter) ?? []
    const isById = request.filter.includes('objectGUID')
    if (isById) fake.onLookUp()
    for (const [id, changed] of people) {
      if (since && changed < Number(since)) continue
      if (isById && !request.filter.includes(bytesOf(id).toString('latin1'))) continue
      entry(reply, id, changed)
    }
    reply.done({ cookie: '' })
  }

  const server = await startFakeLdap((request, reply) => {
    if (request.kind === 'bind') return reply.bind()
    if (request.kind === 'search') return search(request, reply)
  })
  const fake: FakeDomainController = {
    server,
    people,
    asked,
    mayReplicate: 'everything',
    answerSize: Infinity,
    firstCookie: 0,
    mayListen: 'everywhere',
    onLookUp: () => {},
    change(id) {
      people.set(id, ++usn)
      return String(usn)
    },
    ring() {
      for (const reply of listening) reply.entry(`CN=Somebody,${context}`, [])
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
  return fake
}

function entry(reply: FakeReply, id: string, usn: number): void {
  reply.entry(`CN=${usn},${context}`, [
    ['objectGUID', [bytesOf(id)]],
    ['cn', [String(usn)]],
  ])
}

function bytesOf(id: string): Buffer {
  return guidBytes(id) ?? Buffer.alloc(0)
}

function dirSyncValue(hasMore: boolean, cookie: string): Buffer {
  const value = new BerWriter()
  value.startSequence()
  value.writeInt(hasMore ? 1 : 0)
  value.writeInt(0)
  value.writeString(cookie)
  value.endSequence()
  return value.buffer
}
