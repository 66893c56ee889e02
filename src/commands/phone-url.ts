import type { NewPhone } from '../answers/admin/phones.ts'
import type { Config } from '../config/schema.ts'
import { parseAddress } from '../http/addresses.ts'
import { isLoopback } from '../loopback.ts'
import { askService } from './control.ts'
import { loadConfig } from './load-config.ts'

export interface PhoneUrlOptions {
  readonly config?: string | undefined
  readonly vendor?: string | undefined
  readonly view: string
  readonly device?: string | undefined
  readonly json: boolean
}

/** `peerage phone-url`: lets a phone read the phone book, and prints what to enter at it. */
export async function phoneUrl({
  vendor,
  view,
  device,
  json,
  ...named
}: PhoneUrlOptions): Promise<number> {
  if (vendor === undefined || device === undefined) {
    throw new Error(
      'which phone? peerage phone-url --vendor grandstream --view staff --device 000b82a1b2c3',
    )
  }
  const { config } = loadConfig(named.config)
  const origin = originOf(config)
  const asked = { vendor, view, device, origin }
  // The service answers with what answers/admin/phones.ts made.
  const made = (await askService(config, 'POST', '/api/phones', asked)) as NewPhone
  process.stdout.write(
    json ? `${JSON.stringify(made, null, 2)}\n` : text(made) + overLdap(config, made),
  )
  if (config.phonebook.url === undefined && !isReachable(origin)) {
    process.stderr.write(
      `\nPhones cannot reach ${origin}: set listen.web to an address of this machine, or phonebook.url\n`,
    )
  }
  return 0
}

/** Phones that speak LDAP want the same token as their password. */
function overLdap({ listen, phonebook }: Config, { token }: NewPhone): string {
  const { ldap, ldapTls } = listen
  const where = ldapTls?.address ?? ldap
  if (where === undefined) return ''
  const { ldap: { base = 'dc=peerage' } = {} } = phonebook
  const protocol = ldapTls === undefined ? 'LDAP' : 'LDAPS'
  const port = parseAddress(where)?.port
  return `\nOver ${protocol}: port ${port}, base ${base}, any user, password ${token}\n`
}

function originOf({ listen, phonebook }: Config): string {
  if (phonebook.url !== undefined) return new URL(phonebook.url).origin
  const { host, port } = parseAddress(listen.web) ?? { host: '127.0.0.1', port: 0 }
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function isReachable(origin: string): boolean {
  const { hostname } = new URL(origin)
  return !isLoopback(hostname) && !['0.0.0.0', '[::]'].includes(hostname)
}

function text({ id, url, forms, parameters }: NewPhone): string {
  const names = Object.entries(forms).map(([name, address]) => `  ${name.padEnd(18)} ${address}`)
  return [
    `phone ${id}; this address is shown once: ${url}`,
    '',
    'To enter at the phone, or in its provisioning file:',
    ...parameters.map((line) => `  ${line}`),
    '',
    'Its documents:',
    ...names,
    '',
  ].join('\n')
}
