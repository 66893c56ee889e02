import { isLoopback } from '../loopback.ts'
import type { CredentialCheck } from './credentials.ts'
import type { LdapSettings } from './ldap/ldap-settings.ts'
import { LdapSource } from './ldap/ldap-source.ts'
import { LdapCredentials } from './ldap/ldap-credentials.ts'
import { parseServerUrl, type Protection } from './ldap/server.ts'
import { LdifSource } from './ldif/ldif-source.ts'
import { type DirectoryOptions, defaults } from './options.ts'
import type { DirectorySource, EntryRequest, SourceLog } from './source.ts'

export { type DirectoryOptions, checkDirectoryOptions, directoryProperties } from './options.ts'

/** Opens nothing yet: a source connects, or opens its file, when it is read. */
export function openSource(
  name: string,
  options: DirectoryOptions,
  request: EntryRequest,
  log: SourceLog,
): DirectorySource {
  const { ldif, base = '', filter = null, scope = defaults.scope } = options
  if (ldif === undefined) {
    const settings = ldapSettings(options)
    warnOfClearText(name, settings, log)
    return new LdapSource(name, settings, request, log)
  }
  const { settleMs } = defaults
  const pollMs = options.pollMs ?? defaults.filePollMs
  return new LdifSource(name, { file: ldif, base, scope, filter, settleMs, pollMs }, request)
}

/**
 * Asks the directory of a source about passwords; null: a file has none to ask about. Opens nothing
 * until it is asked. `deadlineMs`: the longest that anybody waits for an answer.
 */
export function openCredentials(
  name: string,
  options: DirectoryOptions,
  request: EntryRequest,
  deadlineMs: number,
  log: SourceLog,
): CredentialCheck | null {
  if (options.ldif !== undefined) return null
  return new LdapCredentials(name, ldapSettings(options), request, log, deadlineMs)
}

/** Where the servers of a source are; null: it names none by address. All on the port of the first. */
export function directoryAddress({ servers = [], tls }: DirectoryOptions): {
  readonly hosts: readonly string[]
  readonly port: number
  readonly tls: Protection
} | null {
  const all = servers.flatMap((url) => parseServerUrl(url, tls) ?? [])
  const [first] = all
  if (!first) return null
  const alike = all.filter((each) => each.port === first.port && each.tls === first.tls)
  return { hosts: alike.map(({ host }) => host), port: first.port, tls: first.tls }
}

function ldapSettings(options: DirectoryOptions): LdapSettings {
  const { servers = [], domain, bind, tls } = options
  return {
    servers:
      domain === undefined
        ? servers.flatMap((url) => parseServerUrl(url, tls) ?? [])
        : { domain, tls: tls ?? 'starttls' },
    base: options.base ?? '',
    filter: options.filter ?? null,
    scope: options.scope ?? defaults.scope,
    pageSize: options.pageSize ?? defaults.pageSize,
    connect: {
      bind: bind ? { user: bind.user, password: bind.password ?? '' } : null,
      caFile: options.caFile ?? null,
      serverName: options.serverName ?? null,
      verify: options.verify ?? true,
      connectMs: options.connectMs ?? defaults.connectMs,
    },
    silenceMs: options.silenceMs ?? defaults.silenceMs,
    restMs: options.failedServerRestMs ?? defaults.failedServerRestMs,
    changes: {
      method: options.changes ?? defaults.changes,
      pollMs: options.pollMs ?? defaults.pollMs,
      sweepMs: options.sweepMs ?? defaults.sweepMs,
    },
  }
}

function warnOfClearText(name: string, { servers, connect }: LdapSettings, log: SourceLog): void {
  const isClear =
    'domain' in servers
      ? servers.tls === 'none'
      : servers.some(({ tls, host }) => tls === 'none' && !isLoopback(host))
  if (isClear && connect.bind)
    log.warn({ source: name }, 'the directory password goes in clear text')
  if (!connect.verify) log.warn({ source: name }, 'certificates of the directory are not checked')
}
