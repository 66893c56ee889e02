import { createHash, randomBytes } from 'node:crypto'
import { header, headers, type SipResponse } from './phone-message.ts'

export interface Credentials {
  readonly user: string
  readonly secret: string
}

const hashes: Readonly<Record<string, string>> = { MD5: 'md5', 'SHA-256': 'sha256' }

/**
 * The header that answers a challenge (RFC 7616, and RFC 8760 for the choice: the first challenge
 * whose algorithm is known). `undefined` when the response asks for nothing that can be answered.
 */
export function answerChallenge(
  response: SipResponse,
  request: { readonly method: string; readonly uri: string },
  credentials: Credentials,
): readonly [name: string, value: string] | undefined {
  const proxy = response.status === 407
  for (const challenge of headers(response, proxy ? 'proxy-authenticate' : 'www-authenticate')) {
    const asked = parameters(challenge)
    const algorithm = asked.algorithm ?? 'MD5'
    const hash = hashes[algorithm.toUpperCase()]
    if (!/^digest /i.test(challenge) || hash === undefined) continue
    const digest = (text: string) => createHash(hash).update(text).digest('hex')
    const { realm = '', nonce = '' } = asked
    const secret = digest(`${credentials.user}:${realm}:${credentials.secret}`)
    const what = digest(`${request.method}:${request.uri}`)
    const cnonce = randomBytes(8).toString('hex')
    const qop = asked.qop === undefined ? [] : ['qop=auth', 'nc=00000001', `cnonce="${cnonce}"`]
    const middle = qop.length === 0 ? nonce : `${nonce}:00000001:${cnonce}:auth`
    const fields = [
      `username="${credentials.user}"`,
      `realm="${realm}"`,
      `nonce="${nonce}"`,
      `uri="${request.uri}"`,
      `response="${digest(`${secret}:${middle}:${what}`)}"`,
      `algorithm=${algorithm}`,
      ...(asked.opaque === undefined ? [] : [`opaque="${asked.opaque}"`]),
      ...qop,
    ]
    return [proxy ? 'Proxy-Authorization' : 'Authorization', `Digest ${fields.join(', ')}`]
  }
  return undefined
}

/** The algorithm of the first challenge, e.g. `MD5`; null without one. */
export function challengedBy(response: SipResponse): string | null {
  const challenge = header(response, 'www-authenticate') ?? header(response, 'proxy-authenticate')
  return challenge === undefined ? null : (parameters(challenge).algorithm ?? 'MD5')
}

function parameters(challenge: string): Readonly<Record<string, string | undefined>> {
  const found = challenge.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)
  return Object.fromEntries(
    [...found].map(([, name = '', quoted, plain]) => [name, quoted ?? plain]),
  )
}
