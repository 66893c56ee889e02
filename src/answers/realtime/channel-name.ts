import { isDialable } from '../../person/dialable.ts'

/**
 * Whether `PJSIP/501` rings this extension. `PJSIP/501@…` would mean the endpoint `…`, unless what
 * stands there is a company of its own (`domainAliases`) and Asterisk keeps domains apart.
 */
export function isChannelName(extension: string, domains: ReadonlySet<string> = none): boolean {
  if (!isDialable(extension)) return false
  const at = extension.indexOf('@')
  return at === -1 || domains.has(extension.slice(at + 1))
}

const none: ReadonlySet<string> = new Set()
