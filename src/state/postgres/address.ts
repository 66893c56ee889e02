import type { Complaint } from '../../complaint.ts'

/** What `postgres://user@one,two:5433/peerage` says. The password comes from elsewhere, too. */
export interface PostgresAddress {
  /** All of them are one cluster: whichever takes writes is used. */
  readonly servers: readonly { readonly host: string; readonly port: number }[]
  readonly user: string | undefined
  readonly password: string | undefined
  readonly database: string
  /** `sslmode` as libpq has it, as far as it makes a difference here. */
  readonly tls: 'off' | 'encrypted' | 'verified'
}

const pattern =
  /^postgres(?:ql)?:\/\/(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<servers>[^/?]+)\/(?<database>[^?/]+)(?:\?(?<options>.*))?$/s

export function isPostgres(state: string): boolean {
  return /^postgres(ql)?:/.test(state)
}

/** Undefined for a text that is no such address. */
export function parseAddress(state: string): PostgresAddress | undefined {
  const parts = pattern.exec(state)?.groups
  const tls = tlsOf(new URLSearchParams(parts?.['options']))
  const servers = parts?.['servers']?.split(',').map(parseServer)
  if (!parts || tls === undefined || !servers?.every((server) => server !== undefined)) return
  try {
    return {
      servers,
      user: decode(parts['user']),
      password: decode(parts['password']),
      database: decodeURIComponent(parts['database'] ?? ''),
      tls,
    }
  } catch {
    return undefined
  }
}

export function checkAddress(state: string): Complaint[] {
  const example = 'postgres://peerage@db1.example.org,db2.example.org/peerage?sslmode=verify-full'
  if (parseAddress(state)) return []
  const problem =
    'is not the address of a PostgreSQL database; expected postgres://USER@HOST[:PORT][,HOST[:PORT]]/DATABASE and perhaps ?sslmode=disable, require or verify-full'
  return [{ path: 'state', problem, example }]
}

/** The address for messages and logs: never with a password. */
export function addressText({ servers, database }: PostgresAddress): string {
  return `postgres://${servers.map(({ host, port }) => `${host}:${port}`).join(',')}/${database}`
}

function parseServer(text: string): { host: string; port: number } | undefined {
  const parts = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/i.exec(text)
  const host = parts?.[1] ?? parts?.[2]
  return host === undefined ? undefined : { host, port: Number(parts?.[3] ?? 5432) }
}

function tlsOf(options: URLSearchParams): PostgresAddress['tls'] | undefined {
  if ([...options.keys()].some((name) => name !== 'sslmode')) return undefined
  switch (options.get('sslmode')) {
    case null:
    case 'disable':
      return 'off'
    case 'require':
      return 'encrypted'
    case 'verify-full':
      return 'verified'
    default:
      return undefined
  }
}

function decode(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : decodeURIComponent(text)
}
