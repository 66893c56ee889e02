import { once } from 'node:events'
import { connect } from 'node:net'
import type { LdapOptions } from '../../src/answers/ldap/options.ts'
import { listenLdap } from '../../src/http/ldap.ts'
import { openLogger } from '../../src/logger.ts'
import type { Person } from '../../src/person/person.ts'
import { openOffice, site, type Office } from '../phonebook/office.ts'

export interface TestFace extends AsyncDisposable {
  readonly office: Office
  readonly url: string
  readonly port: number
  readonly tlsUrl: string
  /** Sends requests and an unbind, and waits for the end: everything that was answered. */
  converse(requests: Buffer): Promise<Buffer>
  /** Sends bytes, waits until the server closes or `quietMs` pass in silence; what came back. */
  send(
    bytes: Buffer,
    quietMs?: number,
  ): Promise<{ readonly bytes: Buffer; readonly isClosed: boolean }>
}

/** The LDAP server for phones on a free port, over people in memory. */
export async function openFace(
  persons: readonly Person[],
  options: Parameters<typeof openOffice>[1] & {
    readonly ldap?: LdapOptions
    readonly certificates?: { readonly certFile: string; readonly keyFile: string }
  } = {},
): Promise<TestFace> {
  await using stack = new AsyncDisposableStack()
  const { ldap: ldapOptions, certificates, ...rest } = options
  const office = stack.use(await openOffice(persons, rest))
  const { phonebook, tokens } = office
  const now = options.now ?? (() => 1_700_000_000_000)
  const ldapTls = certificates && { address: '127.0.0.1:0', ...certificates }
  const listening = await listenLdap(
    { pbx: '', web: '', ldap: '127.0.0.1:0', ...(ldapTls && { ldapTls }) },
    ldapOptions,
    { phonebook, tokens, site, log: openLogger('silent'), now },
    stack,
  )
  const port = listening.ldap?.port ?? 0
  const opened = stack.move()
  const send: TestFace['send'] = async (bytes, quietMs = 10_000) => {
    const socket = connect(port, '127.0.0.1')
    const chunks: Buffer[] = []
    let isClosed = false
    socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => {})
    await once(socket, 'connect')
    socket.write(bytes)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, quietMs)
      socket.on('data', () => timer.refresh())
      socket.once('close', () => {
        isClosed = true
        clearTimeout(timer)
        resolve()
      })
    })
    socket.destroy()
    return { bytes: Buffer.concat(chunks), isClosed }
  }
  return {
    office,
    port,
    url: `ldap://127.0.0.1:${port}`,
    tlsUrl: `ldaps://127.0.0.1:${listening.ldapTls?.port}`,
    send,
    converse: async (requests) => (await send(Buffer.concat([requests, unbind]))).bytes,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

const unbind = Buffer.from('30050201644200', 'hex')
