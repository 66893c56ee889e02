import { Ber, BerReader, BerWriter } from 'ldapts'
import { type FakeControls, type FakeLdap, type FakeReply, startFakeLdap } from './fake-ldap.ts'

export const base = 'dc=example,dc=org'
export const syncOid = '1.3.6.1.4.1.4203.1.9.1.1'
const [stateOid, doneOid, infoOid] = ['2', '3', '4'].map((end) => `${syncOid.slice(0, -1)}${end}`)

/** A server that speaks content synchronisation as far as the test makes it speak. */
export interface FakeSync extends AsyncDisposable {
  readonly url: string
  readonly server: FakeLdap
  /** Who is there for a full read: uid -> UUID. */
  readonly people: Map<string, string>
  /** The cookie of each synchronised search so far; null is one without. */
  readonly cookies: (string | null)[]
  /** Waits for the next synchronised search, whose answer is up to the test. */
  nextSearch(): Promise<SyncReply>
}

export interface SyncReply {
  readonly cookie: string | null
  entry(uid: string, uuid: string, state?: number, cookie?: string): void
  info(value: Buffer): void
  done(code: number, cookie?: string): void
  readonly raw: FakeReply
}

export interface FakeSyncOptions {
  /** Null makes the contextCSN unreadable. */
  readonly csn?: string | null
  readonly rootDse?: readonly (readonly [string, readonly string[]])[]
}

export async function startFakeSync({
  csn = 'csn1',
  rootDse = [],
}: FakeSyncOptions = {}): Promise<FakeSync> {
  const people = new Map([['ada', uuidOf(1)]])
  const cookies: (string | null)[] = []
  const waiting: SyncReply[] = []
  let arrived = () => {}
  const server = await startFakeLdap((request, reply) => {
    if (request.kind === 'bind') return reply.bind()
    if (request.kind !== 'search') return
    const sync = request.controls.get(syncOid)
    if (sync) {
      const search = syncReply(decodeRequest(sync).cookie, reply)
      cookies.push(search.cookie)
      if (decodeRequest(sync).mode === 1) return search.done(0, 'from-refresh')
      waiting.push(search)
      return arrived()
    }
    if (request.scope === 0 && request.base === '') {
      reply.entry('', [['supportedControl', [syncOid]], ['namingContexts', [base]], ...rootDse])
      return reply.done()
    }
    if (request.scope === 0) {
      reply.entry(base, csn === null ? [] : [['contextCSN', [csn]]])
      return reply.done()
    }
    for (const [uid, uuid] of people) reply.entry(...personEntry(uid, uuid))
    reply.done({ cookie: '' })
  })
  return {
    url: server.url,
    server,
    people,
    cookies,
    async nextSearch() {
      for (;;) {
        const search = waiting.shift()
        if (search) return search
        const { promise, resolve } = Promise.withResolvers<void>()
        arrived = resolve
        await promise
      }
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

export function uuidOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
}

function personEntry(uid: string, uuid: string) {
  const attributes = [
    ['uid', [uid]],
    ['entryUUID', [uuid]],
  ] as const
  return [`uid=${uid},${base}`, attributes] as const
}

function decodeRequest(value: Buffer): { mode: number; cookie: string | null } {
  const reader = new BerReader(value)
  reader.readSequence()
  const mode = reader.readEnumeration() ?? 0
  return { mode, cookie: reader.peek() === Ber.OctetString ? reader.readString() : null }
}

function syncReply(cookie: string | null, reply: FakeReply): SyncReply {
  return {
    cookie,
    raw: reply,
    entry(uid, uuid, state = 1, newCookie) {
      const control = sequence((writer) => {
        writer.writeEnumeration(state)
        writer.writeBuffer(bytesOf(uuid), Ber.OctetString)
        if (newCookie !== undefined) writer.writeString(newCookie)
      })
      const [dn, attributes] = personEntry(uid, uuid)
      reply.entry(dn, state === 3 ? [] : attributes, { [stateOid ?? '']: control })
    },
    info: (value) => reply.intermediate(infoOid, value),
    done(code, newCookie) {
      const controls: FakeControls = {
        [doneOid ?? '']: sequence((writer) => writer.writeString(newCookie ?? '')),
      }
      reply.done({ code, ...(newCookie === undefined ? {} : { controls }) })
    },
  }
}

export const infos = {
  newCookie: (cookie: string) => tagged(0x80, (writer) => writer.writeString(cookie, 0x80)),
  refreshDelete: () => tagged(0xa1),
  refreshPresent: () => tagged(0xa2),
  idSet(refreshDeletes: boolean | null, uuids: readonly string[]) {
    return tagged(0xa3, (writer) => {
      if (refreshDeletes !== null) writer.writeBoolean(refreshDeletes)
      writer.startSequence(0x31)
      for (const uuid of uuids) writer.writeBuffer(bytesOf(uuid), Ber.OctetString)
      writer.endSequence()
    })
  },
}

function tagged(tag: number, write: (writer: BerWriter) => void = () => {}): Buffer {
  const writer = new BerWriter()
  if (tag === 0x80) write(writer)
  else {
    writer.startSequence(tag)
    write(writer)
    writer.endSequence()
  }
  return writer.buffer
}

function sequence(write: (writer: BerWriter) => void): Buffer {
  return tagged(0x30, write)
}

function bytesOf(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex')
}
