import type { Choice } from './choice.ts'
import { managerChanges, managerUsers } from './manager-account.ts'
import { restApplication, restListener, restUsers } from './rest-account.ts'
import type { Files } from './shipped.ts'

/** How this installation is reached. */
export interface Installation {
  /** Without a path: `https://peerage.example:8070`. */
  readonly url: string
  readonly token: string | null
  /** Authority of our certificate (PEM); null: a usual one, or no TLS. */
  readonly authority: string | null
  /** Where this Asterisk keeps its configuration. */
  readonly folder: string
}

export interface Change {
  /** Whole lines: anchored by the multi-line flag. */
  readonly line: RegExp
  readonly instead: string
  /** A mere comment, which may be gone. */
  readonly isComment?: true
}

const authorityFile = 'peerage-ca.pem'

/**
 * The shipped files with what is particular to one installation. Throws when a setting is not where
 * it was: then this file and `asterisk/` disagree.
 */
export function adapt(shipped: Files, choice: Choice, installation: Installation): Files {
  const changes = changesFor(choice, installation)
  const files = new Map<string, string>()
  const accounts: Record<string, { readonly file: string; readonly text: string | null }> = {
    'manager.conf': { file: 'manager_users.conf', text: managerUsers(choice, installation.url) },
    'ari.conf': { file: 'ari_users.conf', text: restUsers(choice) },
  }
  for (const [name, text] of shipped) {
    files.set(name, changed(name, text, changes[name] ?? []))
    const users = accounts[name]
    if (users?.text != null) files.set(users.file, users.text)
  }
  if (installation.authority !== null) files.set(authorityFile, installation.authority)
  return files
}

function changesFor(choice: Choice, installation: Installation): Record<string, readonly Change[]> {
  const { cache, contacts, driver } = choice
  const isLocal = contacts === 'local'
  const url = { line: /http:\/\/127\.0\.0\.1:8070\//gm, instead: `${installation.url}/` }
  const shared = {
    'extconfig.conf': [
      url,
      ...(isLocal
        ? [{ line: /^ps_contacts => .*$/gm, instead: ';ps_contacts: kept locally' }]
        : []),
    ],
    'res_curl.conf': curlChanges(choice, installation),
    'manager.conf': managerChanges(choice),
  }
  if (driver === 'chan_sip') {
    if (cache === 'off') return shared
    const friends = { line: /^rtcachefriends = no$/gm, instead: 'rtcachefriends = yes' }
    return { ...shared, 'sip.conf': [friends] }
  }
  const sorcery: Change[] = [
    { ...url, isComment: true },
    ...(cache === 'off' ? [{ line: /^\w+\/cache = .*\n/gm, instead: '' }] : []),
    ...(cache === 'short' ? [{ line: dayLong, instead: '$1object_lifetime_stale=10,$260' }] : []),
    ...(isLocal
      ? [{ line: /^contact = realtime,ps_contacts$/gm, instead: 'contact = astdb,registrar' }]
      : []),
  ]
  return {
    ...shared,
    'sorcery.conf': sorcery,
    'http.conf': restListener(choice),
    'extensions_ari.conf': restApplication(choice),
  }
}

const dayLong = /^(\w+\/cache = .*?)(object_lifetime_maximum=)86400/gm

function curlChanges({ version }: Choice, installation: Installation): Change[] {
  const { token, authority, folder, url } = installation
  const knows = version >= 20
  const trust =
    authority === null
      ? []
      : knows
        ? [
            '; Releases before 2025 do not know this option: see docs/asterisk.md.',
            `ssl_cainfo = ${folder.replaceAll('$', '$$$$')}/${authorityFile}`,
          ]
        : [
            `; Asterisk ${version} knows no option for our authority: copy ${authorityFile} into`,
            '; /usr/local/share/ca-certificates, as .crt, and run update-ca-certificates.',
          ]
  return [
    ...(token === null
      ? []
      : [
          {
            line: /^;httpheader = Authorization: Bearer .*$/gm,
            instead: `httpheader = Authorization: Bearer ${token}`,
          },
        ]),
    ...(url.startsWith('https:') && trust.length > 0
      ? [{ line: /^httptimeout = .*$/gm, instead: `$&\n\n${trust.join('\n')}` }]
      : []),
  ]
}

function changed(name: string, text: string, changes: readonly Change[]): string {
  return changes.reduce((before, { line, instead, isComment }) => {
    if (!line.test(before) && !isComment)
      throw new Error(`asterisk/…/${name} has no line like ${line.source}`)
    return before.replaceAll(line, instead)
  }, text)
}
