import type { Result } from './reply.ts'

/** RFC 4511, appendix A, as far as a reader meets them. */
const words: Readonly<Record<number, string>> = {
  1: 'operations error',
  2: 'protocol error',
  3: 'time limit exceeded',
  4: 'size limit exceeded',
  7: 'authentication method not supported',
  8: 'stronger authentication required',
  10: 'referral to another server',
  11: 'administrative limit exceeded',
  12: 'a critical extension is not available',
  13: 'confidentiality required',
  16: 'no such attribute',
  18: 'inappropriate matching',
  21: 'invalid syntax',
  32: 'no such object',
  34: 'invalid DN syntax',
  48: 'inappropriate authentication',
  49: 'invalid credentials',
  50: 'insufficient access rights',
  51: 'busy',
  52: 'unavailable',
  53: 'unwilling to perform',
}

/** Codes by which a server says that another one, or a later try, may do better. */
export function isPassing(code: number): boolean {
  return code === 51 || code === 52
}

/** `size limit exceeded (code 4: …)`, with the server's own words, which end in a NUL on AD. */
export function inWords(result: Result): string {
  const own = result.diagnostic.replaceAll(/\p{Cc}+/gu, ' ').trim()
  return `${words[result.code] ?? 'refused'} (code ${result.code}${own ? `: ${own}` : ''})`
}

/** Active Directory's sub-codes in a refused bind, `… data 52e, …`. */
const activeDirectory: Readonly<Record<string, string>> = {
  '525': 'there is no such user',
  '52e': 'the user does not exist or the password is wrong',
  '530': 'the account may not log in at this time',
  '531': 'the account may not log in from this machine',
  '532': 'the password has expired',
  '533': 'the account is disabled',
  '701': 'the account has expired',
  '773': 'the password must be changed first',
  '775': 'the account is locked',
}

/** Why a bind was refused, and what would help. */
export function bindRefusal(result: Result): string {
  const [, subcode = ''] = /\bdata ([\da-f]+)/i.exec(result.diagnostic) ?? []
  const reason = activeDirectory[subcode.toLowerCase()]
  if (reason) return `${reason} (invalid credentials, data ${subcode})`
  if (result.code === 8 || result.code === 13) {
    return 'the server wants an encrypted connection for a password: use ldaps:// or StartTLS'
  }
  if (result.code === 48) return `${inWords(result)}: the server lets nobody in without a user`
  return inWords(result)
}
