import { startSlapd, type Slapd } from '../../rig/slapd.ts'
import { type Office, openOfficeAt } from './office.ts'
import type { Fault } from './survive.ts'
import { extensions, personLdif, suffix, uuidOf } from './office-people.ts'

/** Peerage in front of a real OpenLDAP with 300 people. */
export interface SlapdOffice extends Office {
  readonly slapd: Slapd
}

export interface OfficeOptions {
  /** What stands on the wire; default: LDAP in clear text. */
  readonly tls?: 'none' | 'starttls' | 'ldaps'
  /** What the reader may read in one search. */
  readonly sizeLimit?: number
  /** A second server beside the first, with these people. */
  readonly replica?: readonly string[]
  /** YAML in the source. */
  readonly source?: string
}

export interface SlapdFault extends Fault<SlapdOffice> {
  readonly office?: OfficeOptions
}

export async function openSlapdOffice(options: OfficeOptions = {}): Promise<SlapdOffice> {
  await using stack = new AsyncDisposableStack()
  const { tls = 'none', sizeLimit = 1000, source = '' } = options
  const slapd = stack.use(await startSlapd({ people: loadedLdif(), sizeLimit }))
  const people = options.replica && loadedLdif(options.replica)
  const replica = people === undefined ? null : stack.use(await startSlapd({ people }))
  const directory = {
    port: Number(new URL(tls === 'ldaps' ? slapd.ldapsUrl : slapd.url).port),
    protection: tls,
    source: [
      'preset: openldap',
      tls === 'none' ? 'tls: none' : `caFile: "${slapd.caFile}"`,
      `base: "${suffix}"`,
      `bind: { user: "${readerDn}", password: "${readerPassword}" }`,
    ].join('\n    '),
    replicas: replica ? [replica.url] : [],
    patienceMs: 700,
    hire: (extension: string) => slapd.modify(personLdif(extension)),
    kill: () => slapd.kill(),
    start: () => slapd.start(),
  }
  const office = stack.use(await openOfficeAt(directory, { more: source }))
  const opened = stack.move()
  return Object.assign(office, { slapd, [Symbol.asyncDispose]: () => opened.disposeAsync() })
}

export const readerDn = `cn=reader,${suffix}`
export const readerPassword = 'reader-secret'
/** An account that may read, and whose password and limits a test may change. */
const reader = `dn: ${readerDn}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: ${readerPassword}
`

export function loadedLdif(wanted: readonly string[] = extensions): string {
  const people = wanted.map((extension) =>
    personLdif(extension, [`entryUUID: ${uuidOf(extension)}`]),
  )
  return [reader, ...people].join('\n')
}
