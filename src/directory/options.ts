import { Type, type Static } from 'typebox'
import type { Complaint } from '../complaint.ts'
import { parseFilter } from './filter.ts'
import { parseServerUrl } from './ldap/server.ts'

export const defaults = {
  scope: 'sub',
  pageSize: 1000,
  connectMs: 5000,
  silenceMs: 30_000,
  failedServerRestMs: 60_000,
  /** An LDIF counts as written to its end when it was left alone that long. */
  settleMs: 300,
  filePollMs: 30_000,
  changes: 'auto',
  pollMs: 2000,
  sweepMs: 30_000,
} as const

/** Options of one source, of whichever kind: exactly one of `servers`, `domain` and `ldif` is given. */
export const directoryProperties = {
  servers: Type.Optional(
    Type.Array(Type.String(), {
      description:
        'LDAP servers in the order to try them, as ldaps://host[:port] or ldap://host[:port] (which uses StartTLS).',
      minItems: 1,
    }),
  ),
  domain: Type.Optional(
    Type.String({ description: 'A domain whose DNS names the LDAP servers (SRV records).' }),
  ),
  ldif: Type.Optional(
    Type.String({ description: 'An LDIF file instead of a server; read again when it changes.' }),
  ),
  base: Type.Optional(
    Type.String({ description: 'DN below which people are searched. Wanted for LDAP.' }),
  ),
  filter: Type.Optional(
    Type.String({
      description: 'LDAP filter of the entries that are people; default: that of the preset.',
    }),
  ),
  scope: Type.Optional(
    Type.Union([Type.Literal('sub'), Type.Literal('one'), Type.Literal('base')], {
      description: 'How deep below the base to search.',
      default: defaults.scope,
    }),
  ),
  bind: Type.Optional(
    Type.Object(
      {
        user: Type.String({
          description: 'DN, user@domain or DOMAIN\\user of an account that may read.',
        }),
        password: Type.Optional(Type.String({ description: 'Password of that account.' })),
        passwordFile: Type.Optional(
          Type.String({ description: 'File that holds the password instead.' }),
        ),
      },
      { additionalProperties: false, description: 'Whom to log in as; without it, anonymously.' },
    ),
  ),
  tls: Type.Optional(
    Type.Union([Type.Literal('ldaps'), Type.Literal('starttls'), Type.Literal('none')], {
      description:
        'How ldap:// addresses and the servers of a domain are protected: starttls (default), ldaps (for a domain: port 636), or none, which sends the password in clear text.',
    }),
  ),
  caFile: Type.Optional(
    Type.String({
      description: 'PEM file of the authority that signed the servers’ certificates.',
    }),
  ),
  serverName: Type.Optional(
    Type.String({
      description: 'Name that the certificate holds, if it is another than the host.',
    }),
  ),
  verify: Type.Optional(
    Type.Boolean({ description: 'Whether certificates are checked.', default: true }),
  ),
  pageSize: Type.Optional(
    Type.Integer({
      description:
        'Entries a page. Fewer are slower, since the server is asked more often; Active Directory allows 1000.',
      minimum: 1,
      maximum: 1000,
      default: defaults.pageSize,
    }),
  ),
  connectMs: Type.Optional(
    Type.Integer({
      description: 'Longest time for each step of a connection: name, TCP, TLS, log-in.',
      minimum: 100,
      default: defaults.connectMs,
    }),
  ),
  silenceMs: Type.Optional(
    Type.Integer({
      description: 'Longest silence of a server that is being read.',
      minimum: 100,
      default: defaults.silenceMs,
    }),
  ),
  failedServerRestMs: Type.Optional(
    Type.Integer({
      description: 'How long a server that failed is tried after the others.',
      minimum: 0,
      default: defaults.failedServerRestMs,
    }),
  ),
  changes: Type.Optional(
    Type.Union(
      [
        Type.Literal('auto'),
        Type.Literal('syncrepl'),
        Type.Literal('persistent-search'),
        Type.Literal('dirsync'),
        Type.Literal('usn'),
        Type.Literal('timestamp'),
        Type.Literal('off'),
      ],
      {
        description:
          'How changes are noticed between two scheduled reads: auto takes the best that the server offers; off leaves it to the schedule.',
        default: defaults.changes,
      },
    ),
  ),
  pollMs: Type.Optional(
    Type.Integer({
      description:
        'How often to ask for changes where a server does not tell by itself (dirsync, usn, timestamp; default 2000), or to look at an LDIF file (default 30000).',
      minimum: 100,
    }),
  ),
  sweepMs: Type.Optional(
    Type.Integer({
      description:
        'How often, at most, all ids are listed to find who is gone (dirsync, usn, timestamp). A slow server is asked more rarely.',
      minimum: 1000,
      default: defaults.sweepMs,
    }),
  ),
}

const directoryOptions = Type.Object(directoryProperties)
export type DirectoryOptions = Static<typeof directoryOptions>

/** Everything that is wrong with the options of one source, beyond their types. */
export function checkDirectoryOptions(options: DirectoryOptions, path: string): Complaint[] {
  return [
    ...checkKind(options, path),
    ...checkServers(options, path),
    ...checkBind(options, path),
    ...checkFilter(options, path),
  ]
}

function checkKind(options: DirectoryOptions, path: string): Complaint[] {
  const kinds = (['servers', 'domain', 'ldif'] as const).filter(
    (kind) => options[kind] !== undefined,
  )
  const example = 'servers: [ldaps://dc1.example.org, ldaps://dc2.example.org]'
  if (kinds.length !== 1) {
    const found = kinds.length === 0 ? 'none is given' : `${kinds.join(' and ')} are given`
    return [{ path, problem: `wants exactly one of servers, domain and ldif; ${found}`, example }]
  }
  if (options.ldif !== undefined) {
    return ldapOnly
      .filter((key) => options[key] !== undefined)
      .map((key) => ({ path: `${path}.${key}`, problem: 'has no meaning for an LDIF file' }))
  }
  if (options.base?.trim()) return []
  const problem = 'is wanted: the DN below which people are searched'
  return [{ path: `${path}.base`, problem, example: 'DC=example,DC=org' }]
}

const ldapOnly = ['bind', 'tls', 'caFile', 'serverName', 'verify', 'changes', 'sweepMs'] as const

function checkServers({ servers = [], domain, tls }: DirectoryOptions, path: string): Complaint[] {
  const complaints: Complaint[] = []
  for (const [index, url] of servers.entries()) {
    const server = parseServerUrl(url, tls)
    const at = `${path}.servers[${index}]`
    const example = 'ldaps://dc1.example.org'
    if (!server) {
      complaints.push({ path: at, problem: `"${url}" is no address of an LDAP server`, example })
    } else if (tls === 'ldaps' && server.tls !== 'ldaps') {
      const problem = `"${url}" is plain LDAP, but tls is "ldaps"; write ldaps://`
      complaints.push({ path: at, problem, example })
    }
  }
  const isAllLdaps = servers.length > 0 && servers.every((url) => /^ldaps:/i.test(url))
  if (isAllLdaps && (tls === 'none' || tls === 'starttls')) {
    const problem = `"${tls}" has no effect: every server has an ldaps:// address; remove it, or write ldap://`
    complaints.push({ path: `${path}.tls`, problem })
  }
  if (domain !== undefined && !/^[\w-]+(?:\.[\w-]+)*\.?$/.test(domain)) {
    const problem = `"${domain}" is no domain name`
    complaints.push({ path: `${path}.domain`, problem, example: 'example.org' })
  }
  return complaints
}

function checkBind(
  { servers, bind, tls, verify, caFile }: DirectoryOptions,
  path: string,
): Complaint[] {
  const complaints: Complaint[] = []
  if (bind?.user.trim() === '') {
    const problem = 'is empty; leave bind out to read anonymously'
    complaints.push({ path: `${path}.bind.user`, problem, example: 'svc-peerage@example.org' })
  }
  // A user with an empty password is an anonymous log-in to many servers (RFC 4513, 5.1.2).
  if (bind && !bind.password) {
    const problem = 'is empty or missing; servers take that for an anonymous log-in'
    const example = 'passwordFile: /run/secrets/ldap'
    complaints.push({ path: `${path}.bind.password`, problem, example })
  }
  if (verify === false && caFile !== undefined) {
    const problem = 'false makes caFile useless; remove one of the two'
    complaints.push({ path: `${path}.verify`, problem })
  }
  const usesTls = servers?.some((url) => /^ldaps:/i.test(url)) ?? false
  if (tls === 'none' && !usesTls && (caFile !== undefined || verify !== undefined)) {
    const problem = '"none" sends everything in clear text, so caFile and verify have no meaning'
    complaints.push({ path: `${path}.tls`, problem })
  }
  return complaints
}

function checkFilter({ filter }: DirectoryOptions, path: string): Complaint[] {
  if (filter === undefined) return []
  try {
    parseFilter(filter)
    return []
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    return [{ path: `${path}.filter`, problem, example: '(&(objectClass=user)(ipPhone=*))' }]
  }
}
