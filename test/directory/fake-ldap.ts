import { once } from 'node:events'
import { type AddressInfo, type Socket, createServer } from 'node:net'
import { Ber, BerReader, BerWriter, PagedResultsControl } from 'ldapts'
import { Frames } from '../../src/directory/ldap/frames.ts'

/**
 * A small LDAP server that speaks the protocol and does whatever the test says, right or wrong. It
 * exists for what real servers do only in bad hours.
 */
export interface FakeLdap extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** Every request so far, in order. */
  readonly requests: readonly FakeRequest[]
  /** Connections that are open now. */
  readonly openConnections: number
}

export type FakeRequest =
  | { readonly kind: 'bind'; readonly user: string; readonly password: string }
  | { readonly kind: 'extended'; readonly oid: string }
  | FakeSearch
  | { readonly kind: 'unbind' }
  | { readonly kind: 'other' }

export interface FakeSearch {
  readonly kind: 'search'
  readonly base: string
  readonly scope: number
  readonly sizeLimit: number
  readonly timeLimit: number
  readonly attributes: readonly string[]
  /** The paging cookie as text, empty for the first page; null without the control. */
  readonly cookie: string | null
  readonly pageSize: number
}

export interface FakeReply {
  bind(code?: number, diagnostic?: string): void
  extended(code?: number): void
  /** An attribute may come twice, as a pair in a list. */
  entry(dn: string, attributes: readonly (readonly [string, readonly (string | Buffer)[]])[]): void
  reference(url: string): void
  intermediate(): void
  /** The end of a search. Without `cookie` there is no paging control in it. */
  done(end?: { code?: number; diagnostic?: string; cookie?: string }): void
  /** The unsolicited notice of disconnection. */
  notice(): void
  bytes(bytes: Buffer): void
  /** Cuts the connection without a word. */
  cut(): void
}

export type Answer = (request: FakeRequest, reply: FakeReply) => void

export async function startFakeLdap(answer: Answer): Promise<FakeLdap> {
  const requests: FakeRequest[] = []
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    const frames = new Frames()
    socket.on('data', (chunk) => {
      // A TLS handshake (record type 22) is left without an answer.
      if (chunk[0] === 0x16) return
      for (const message of frames.push(chunk)) {
        const { id, request } = decodeRequest(message)
        requests.push(request)
        answer(request, replyTo(socket, id))
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `ldap://127.0.0.1:${port}`,
    port,
    requests,
    get openConnections() {
      return sockets.size
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function decodeRequest(message: Buffer): { id: number; request: FakeRequest } {
  const reader = new BerReader(message)
  reader.readSequence()
  const id = reader.readInt() ?? 0
  const operation = reader.readSequence()
  const end = reader.offset + reader.length
  if (operation === 0x60) {
    reader.readInt()
    const user = reader.readString() ?? ''
    return { id, request: { kind: 'bind', user, password: reader.readString(0x80) ?? '' } }
  }
  if (operation === 0x77) {
    return { id, request: { kind: 'extended', oid: reader.readString(0x80) ?? '' } }
  }
  if (operation === 0x63) return { id, request: decodeSearch(reader, end) }
  return { id, request: { kind: operation === 0x42 ? 'unbind' : 'other' } }
}

function decodeSearch(reader: BerReader, end: number): FakeSearch {
  const base = reader.readString() ?? ''
  const scope = reader.readEnumeration() ?? 0
  reader.readEnumeration()
  const sizeLimit = reader.readInt() ?? 0
  const timeLimit = reader.readInt() ?? 0
  reader.readBoolean()
  reader.readSequence()
  reader.offset += reader.length
  reader.readSequence()
  const attributes: string[] = []
  while (reader.offset < end) attributes.push(reader.readString() ?? '')
  return { kind: 'search', base, scope, sizeLimit, timeLimit, attributes, ...decodePaging(reader) }
}

function decodePaging(reader: BerReader): { cookie: string | null; pageSize: number } {
  if (reader.peek() !== 0xa0) return { cookie: null, pageSize: 0 }
  reader.readSequence()
  reader.readSequence()
  reader.readString()
  reader.readBoolean()
  const paging = new PagedResultsControl()
  paging.parseControl(new BerReader(reader.readString(Ber.OctetString, true) ?? Buffer.alloc(0)))
  const { size = 0, cookie } = paging.value ?? {}
  return { cookie: cookie?.toString() ?? '', pageSize: size }
}

function replyTo(socket: Socket, id: number): FakeReply {
  const send = (tag: number, write: (writer: BerWriter) => void, cookie?: string, to = id) => {
    const writer = new BerWriter()
    writer.startSequence()
    writer.writeInt(to)
    writer.startSequence(tag)
    write(writer)
    writer.endSequence()
    if (cookie !== undefined) {
      writer.startSequence(0xa0)
      const control = new PagedResultsControl({ value: { size: 0, cookie: Buffer.from(cookie) } })
      control.write(writer)
      writer.endSequence()
    }
    writer.endSequence()
    socket.write(writer.buffer)
  }
  const result = (code = 0, diagnostic = '') => {
    return (writer: BerWriter) => {
      writer.writeEnumeration(code)
      writer.writeString('')
      writer.writeString(diagnostic)
    }
  }
  return {
    bind: (code, diagnostic) => send(0x61, result(code, diagnostic)),
    extended: (code) => send(0x78, result(code)),
    entry: (dn, attributes) => send(0x64, (writer) => writeEntry(writer, dn, attributes)),
    reference: (url) => send(0x73, (writer) => writer.writeString(url)),
    intermediate: () => send(0x79, () => {}),
    done: ({ code, diagnostic, cookie } = {}) => send(0x65, result(code, diagnostic), cookie),
    notice: () => send(0x78, result(52, 'going down'), undefined, 0),
    bytes: (bytes) => socket.write(bytes),
    cut: () => socket.destroy(),
  }
}

function writeEntry(
  writer: BerWriter,
  dn: string,
  attributes: readonly (readonly [string, readonly (string | Buffer)[]])[],
): void {
  writer.writeString(dn)
  writer.startSequence()
  for (const [type, values] of attributes) {
    writer.startSequence()
    writer.writeString(type)
    writer.startSequence(0x31)
    for (const value of values) writer.writeBuffer(Buffer.from(value), Ber.OctetString)
    writer.endSequence()
    writer.endSequence()
  }
  writer.endSequence()
}
