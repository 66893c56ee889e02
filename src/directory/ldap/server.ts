/** One LDAP server, and how the connection to it is protected. */
export interface Server {
  readonly host: string
  readonly port: number
  readonly tls: Protection
}

/** `ldaps`: TLS from the first byte. `starttls`: TLS before anything is said. `none`: in clear. */
export type Protection = 'ldaps' | 'starttls' | 'none'

/** As messages name it: `ldaps://dc1.example.org:636`. */
export function serverUrl(server: Server): string {
  const host = server.host.includes(':') ? `[${server.host}]` : server.host
  return `${server.tls === 'ldaps' ? 'ldaps' : 'ldap'}://${host}:${server.port}`
}

/** `ldap://host:port` or `ldaps://…`; null for anything else. */
export function parseServerUrl(url: string, tls: Protection | undefined): Server | null {
  if (!URL.canParse(url)) return null
  const { protocol, hostname, port, pathname, search, hash, username } = new URL(url)
  const isSecure = protocol === 'ldaps:'
  if (!isSecure && protocol !== 'ldap:') return null
  if (hostname === '' || !['', '/'].includes(pathname) || search || hash || username) return null
  return {
    host: hostname.replaceAll(/[[\]]/g, ''),
    port: port === '' ? (isSecure ? 636 : 389) : Number(port),
    tls: isSecure ? 'ldaps' : tls === 'none' ? 'none' : 'starttls',
  }
}
