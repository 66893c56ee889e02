import { once } from 'node:events'
import { type AddressInfo, type Socket, createServer } from 'node:net'
import { Ber, BerReader, BerWriter, PagedResultsControl } from 'ldapts'
import { Frames } from '../../src/ldap-wire/frames.ts'

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
  /** Cuts every connection without a word. */
  cutAll(): void
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
  /** The filter's bytes as text, in which names and values can be looked for. */
  readonly filter: string
  /** The other controls: OID -> value. */
  readonly controls: ReadonlyMap<string, Buffer>
}

export interface FakeReply {
  bind(code?: number, diagnostic?: string): void
  extended(code?: number): void
  /** An attribute may come twice, as a pair in a list. Controls: OID -> value. */
  entry(
    dn: string,
    attributes: readonly (readonly [string, readonly (string | Buffer)[]])[],
    controls?: FakeControls,
  ): void
  reference(url: string): void
  intermediate(name?: string, value?: Buffer): void
  /** The end of a search. Without `cookie` there is no paging control in it. */
  done(end?: { code?: number; diagnostic?: string; cookie?: string; controls?: FakeControls }): void
  /** The unsolicited notice of disconnection. */
  notice(): void
  bytes(bytes: Buffer): void
  /** Cuts the connection without a word. */
  cut(): void
}

export type FakeControls = Readonly<Record<string, Buffer>>

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
    cutAll() {
      for (const socket of sockets) socket.destroy()
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
  const filterTag = reader.peek()
  reader.readSequence()
  // An equality and a presence are read alike: what is looked for stands in the bytes.
  const filter = `${filterTag}:${reader.buffer.toString('latin1', reader.offset, reader.offset + reader.length)}`
  reader.offset += reader.length
  reader.readSequence()
  const attributes: string[] = []
  while (reader.offset < end) attributes.push(reader.readString() ?? '')
  const controls = decodeControls(reader)
  const asked = { base, scope, sizeLimit, timeLimit, attributes, filter, controls }
  return { kind: 'search', ...asked, ...decodePaging(controls) }
}

function decodeControls(reader: BerReader): Map<string, Buffer> {
  const controls = new Map<string, Buffer>()
  if (reader.peek() !== 0xa0) return controls
  reader.readSequence()
  const end = reader.offset + reader.length
  while (reader.offset < end) {
    reader.readSequence()
    const controlEnd = reader.offset + reader.length
    const oid = reader.readString() ?? ''
    reader.readBoolean()
    const hasValue = reader.offset < controlEnd
    const value = hasValue ? reader.readString(Ber.OctetString, true) : null
    controls.set(oid, value ?? Buffer.alloc(0))
  }
  return controls
}

function decodePaging(controls: ReadonlyMap<string, Buffer>): {
  cookie: string | null
  pageSize: number
} {
  const value = controls.get(PagedResultsControl.type)
  if (!value) return { cookie: null, pageSize: 0 }
  const paging = new PagedResultsControl()
  paging.parseControl(new BerReader(value))
  const { size = 0, cookie } = paging.value ?? {}
  return { cookie: cookie?.toString() ?? '', pageSize: size }
}

function replyTo(socket: Socket, id: number): FakeReply {
  const send = (
    tag: number,
    write: (writer: BerWriter) => void,
    controls: FakeControls = {},
    to = id,
  ) => {
    const writer = new BerWriter()
    writer.startSequence()
    writer.writeInt(to)
    writer.startSequence(tag)
    write(writer)
    writer.endSequence()
    if (Object.keys(controls).length > 0) {
      writer.startSequence(0xa0)
      for (const [oid, value] of Object.entries(controls)) {
        writer.startSequence()
        writer.writeString(oid)
        writer.writeBuffer(value, Ber.OctetString)
        writer.endSequence()
      }
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
    entry: (dn, attributes, controls) =>
      send(0x64, (writer) => writeEntry(writer, dn, attributes), controls),
    reference: (url) => send(0x73, (writer) => writer.writeString(url)),
    intermediate: (name, value) =>
      send(0x79, (writer) => {
        if (name !== undefined) writer.writeString(name, 0x80)
        if (value !== undefined) writer.writeBuffer(value, 0x81)
      }),
    done: ({ code, diagnostic, cookie, controls } = {}) =>
      send(0x65, result(code, diagnostic), { ...controls, ...pagingControl(cookie) }),
    notice: () => send(0x78, result(52, 'going down'), undefined, 0),
    bytes: (bytes) => socket.write(bytes),
    cut: () => socket.destroy(),
  }
}

function pagingControl(cookie: string | undefined): FakeControls {
  if (cookie === undefined) return {}
  const value = new BerWriter()
  value.startSequence()
  value.writeInt(0)
  value.writeString(cookie)
  value.endSequence()
  return { [PagedResultsControl.type]: value.buffer }
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
