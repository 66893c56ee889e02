import { cutToBytes } from '../../person/text.ts'

/**
 * Texts of the directory where Asterisk does more with them than show them: caller ids, mail
 * headers, dialplan variables, folder names.
 */

/** Bytes of UTF-8 in `cid_name` of chan_sip and `fullname` of app_voicemail, without the NUL. */
const longestName = 79

/**
 * A name that stands between quotes in `"Zoë" <501>` and in the To: of a mail, and that somebody
 * may hand to `Set()` or `Exec()`: no quote, bracket or backslash, and nothing that is evaluated.
 */
export function nameText(name: string): string {
  const plain = name
    .replaceAll('"', "'")
    .replaceAll(/[<>\\\s]+/g, ' ')
    .replaceAll(/\$+(?=[{[])/g, '')
  return cutToBytes(plain.trim(), longestName)
}

/** As `nameText`, and free of what separates arguments and entries of a line. */
export function wordText(text: string): string {
  return nameText(text.replaceAll(/[,;|&^=]+/g, ' '))
}

/**
 * The prompts' language: a part of the name of a folder (`sounds/de`), so a tag and nothing else.
 * `de-DE, en;q=0.5` (preferredLanguage, RFC 2798) is `de_DE`; Asterisk falls back to `de` itself.
 */
export function languageText(language: string | undefined): string {
  const tag = /^\s*([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3})\s*(?:[,;]|$)/.exec(language ?? '')
  return tag?.[1]?.replaceAll('-', '_') ?? ''
}
