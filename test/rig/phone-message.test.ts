import { describe, expect, test } from 'vitest'
import { answerChallenge } from './phone-digest.ts'
import { decodeAddress, decodeMessage, encodeMessage, header, userOf } from './phone-message.ts'
import { decodeSdp, encodeSdp } from './phone-sdp.ts'

describe(decodeMessage, () => {
  test('reads a request with compact and folded headers', () => {
    const message = decodeMessage(
      Buffer.from('INVITE sip:502@h SIP/2.0\r\nf: "Zoë"\r\n <sip:501@h>;tag=a\r\ni: x\r\n\r\nbody'),
    )
    expect(message).toMatchObject({ kind: 'request', method: 'INVITE', body: 'body' })
    expect(message && header(message, 'from')).toBe('"Zoë" <sip:501@h>;tag=a')
    expect(message && header(message, 'call-id')).toBe('x')
  })

  test('reads what it wrote', () => {
    const response = {
      kind: 'response',
      status: 486,
      reason: 'Busy Here',
      headers: [['to', '<sip:a@b>']],
      body: 'é',
    } as const
    const back = decodeMessage(encodeMessage(response))
    expect(back).toEqual({
      ...response,
      headers: [...response.headers, ['content-length', '2']],
    })
  })

  test('takes no keep-alive for a message', () => {
    expect(decodeMessage(Buffer.from('\r\n\r\n'))).toBeUndefined()
    expect(decodeMessage(Buffer.alloc(0))).toBeUndefined()
  })
})

describe(decodeAddress, () => {
  test.for([
    ['"Müller, \\"Zoë\\"" <sip:501@h;x=y>;tag=t', 'Müller, "Zoë"', 'sip:501@h;x=y', 't'],
    ['Zoe <sip:501@h>', 'Zoe', 'sip:501@h', null],
    ['<sip:501@h>', null, 'sip:501@h', null],
    ['sip:501@h;tag=t', null, 'sip:501@h', 't'],
  ] as const)('%s', ([value, name, uri, tag]) => {
    expect(decodeAddress(value)).toEqual({ name, uri, tag })
  })

  test('the user of an address has no escapes', () => {
    expect(userOf('sip:%2B4930@h')).toBe('+4930')
    expect(userOf('sip:h')).toBe('')
  })
})

describe(answerChallenge, () => {
  const challenged = (value: string) =>
    answerChallenge(
      {
        kind: 'response',
        status: 401,
        reason: '',
        headers: [['www-authenticate', value]],
        body: '',
      },
      { method: 'GET', uri: '/dir/index.html' },
      { user: 'Mufasa', secret: 'Circle Of Life' },
    )

  // RFC 2617, 3.5, without qop: the one whose answer needs no random number.
  test('answers an old MD5 challenge', () => {
    const [name, value] =
      challenged('Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"') ??
      []
    expect(name).toBe('Authorization')
    expect(value).toContain('response="670fd8c2df070c60b045671b8b24ff02"')
  })

  test('answers SHA-256 with 64 digits', () => {
    const [, value] = challenged('Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256') ?? []
    expect(value).toMatch(/response="[0-9a-f]{64}", algorithm=SHA-256, qop=auth/)
  })

  test('has no answer to what it does not know', () => {
    expect(challenged('Digest realm="r", nonce="n", algorithm=SHA-512-256')).toBeUndefined()
    expect(challenged('Basic realm="r"')).toBeUndefined()
  })
})

test('an SDP offer is understood by the other side, unless it has no µ-law', () => {
  const offer = encodeSdp('127.0.0.1', 4000, 101)
  expect(decodeSdp(offer)).toEqual({ host: '127.0.0.1', port: 4000, events: 101 })
  expect(decodeSdp(offer.replace('RTP/AVP 0', 'RTP/AVP 8'))).toBeUndefined()
})
