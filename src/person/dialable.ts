/**
 * An id that may be dialled or stand as an extension in Asterisk. Nothing that the dialplan, a SIP
 * URI or a channel name could interpret: no space, quote, comma, `&`, `|`, `(`, `$`, `;`, `/`, `:`,
 * and no `_` in front, which would make it a pattern. 79 characters: `AST_MAX_EXTENSION` is 80.
 */
export function isDialable(text: string): boolean {
  return dialable.test(text)
}

const dialable = /^[A-Za-z0-9][A-Za-z0-9._+*#@-]{0,78}$/

/** An extension that may stand in `Dial(PJSIP/…)`: with an `@` it would mean another endpoint. */
export function isRingable(extension: string): boolean {
  return isDialable(extension) && !extension.includes('@')
}

/** A call or pickup group of Asterisk: a number, or a name without comma. */
export function isGroupName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(text)
}

/** One `@`, a domain, and nothing that could end a mail header's address. */
export function isMailAddress(text: string): boolean {
  return text.length <= 254 && mailAddress.test(text)
}

const mailAddress = /^[^\s@<>()[\]{}|\\,;:"]+@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u
