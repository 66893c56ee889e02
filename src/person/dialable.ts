/**
 * An id that may be dialled or stand as an extension in Asterisk. Nothing that the dialplan, a SIP
 * URI or a channel name could interpret: no space, quote, comma, `&`, `|`, `(`, `$`, `;`, `/`, `:`,
 * and no `_` in front, which would make it a pattern. 79 characters: `AST_MAX_EXTENSION` is 80.
 */
export function isDialable(text: string): boolean {
  return dialable.test(text)
}

const dialable = /^[A-Za-z0-9][A-Za-z0-9._+*#@-]{0,78}$/

/**
 * Whether `PJSIP/501` rings this extension. `PJSIP/501@…` would mean the endpoint `…`, unless what
 * stands there is a company of its own (`domainAliases`) and Asterisk keeps domains apart.
 */
export function isRingable(extension: string, domains: ReadonlySet<string> = none): boolean {
  if (!isDialable(extension)) return false
  const at = extension.indexOf('@')
  return at === -1 || domains.has(extension.slice(at + 1))
}

const none: ReadonlySet<string> = new Set()

/** A call or pickup group of Asterisk: a number, or a name without comma. */
export function isGroupName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(text)
}

/** One `@`, a domain, and nothing that could end a mail header's address. */
export function isMailAddress(text: string): boolean {
  return text.length <= 254 && mailAddress.test(text)
}

const mailAddress = /^[^\s@<>()[\]{}|\\,;:"]+@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u
