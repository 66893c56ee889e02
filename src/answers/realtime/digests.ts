import { createHash } from 'node:crypto'

/** Realm of an Asterisk that is not told another: `default_realm` of pjsip.conf, `realm` of sip.conf. */
export const usualRealm = 'asterisk'

/** What SIP's digest needs of a password (RFC 7616, 3.4.2): H(user:realm:password), in hex. */
export function credential(
  algorithm: 'md5' | 'sha256',
  user: string,
  realm: string,
  secret: string,
): string {
  return createHash(algorithm).update(`${user}:${realm}:${secret}`).digest('hex')
}
