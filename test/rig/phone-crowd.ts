import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { answerChallenge } from './phone-digest.ts'
import { headers, userOf, type SipHeaders, type SipResponse } from './phone-message.ts'
import { SipTransport } from './phone-transport.ts'

/**
 * Thousands of telephones behind one UDP socket, for load: they register, answer OPTIONS, and are
 * busy when called.
 */
export interface Crowd extends AsyncDisposable {
  /** Registers each, evenly at that rate; each attempt counts from the moment it was due. */
  register(phones: readonly CrowdPhone[], options: CrowdLoad): Promise<readonly Attempt[]>
  /** How often each was asked by OPTIONS, by extension. */
  readonly qualified: ReadonlyMap<string, number>
}

export interface CrowdPhone {
  readonly extension: string
  readonly secret: string
}

export interface CrowdLoad {
  readonly perSecond: number
  /** 0 signs off. */
  readonly expiresSeconds?: number
}

export interface Attempt {
  readonly extension: string
  /** 200 with a Contact, or what was answered last; null: nothing in time. */
  readonly status: number | null
  readonly isBound: boolean
  readonly tookMs: number
}

export async function openCrowd(server: string, patienceMs = 8_000): Promise<Crowd> {
  const qualified = new Map<string, number>()
  const transport = await SipTransport.open(
    '127.0.0.1',
    server,
    patienceMs,
    ({ method, uri }, respond) => {
      if (method === 'OPTIONS') {
        const extension = userOf(uri)
        qualified.set(extension, (qualified.get(extension) ?? 0) + 1)
        respond(200, 'OK')
      } else if (method === 'INVITE') respond(486, 'Busy Here')
      else if (method !== 'ACK') respond(200, 'OK')
    },
  )
  return {
    qualified,
    async register(phones, { perSecond, expiresSeconds = 300 }) {
      const began = performance.now()
      const attempts: Promise<Attempt>[] = []
      while (attempts.length < phones.length) {
        const due = Math.floor(((performance.now() - began) / 1000) * perSecond) + 1
        for (const phone of phones.slice(attempts.length, due)) {
          attempts.push(attempt(transport, server, phone, expiresSeconds))
        }
        await delay(1)
      }
      return Promise.all(attempts)
    },
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  }
}

async function attempt(
  transport: SipTransport,
  server: string,
  phone: CrowdPhone,
  expiresSeconds: number,
): Promise<Attempt> {
  const { extension, secret } = phone
  const began = performance.now()
  try {
    const response = await register(transport, server, extension, secret, expiresSeconds)
    const isBound = headers(response, 'contact').some((value) => value.includes(`:${extension}@`))
    return { extension, status: response.status, isBound, tookMs: performance.now() - began }
  } catch {
    return { extension, status: null, isBound: false, tookMs: performance.now() - began }
  }
}

async function register(
  transport: SipTransport,
  server: string,
  user: string,
  secret: string,
  expiresSeconds: number,
): Promise<SipResponse> {
  const uri = `sip:${server}`
  const callId = randomBytes(8).toString('hex')
  const send = (sequence: number, authorization: SipHeaders): Promise<SipResponse> => {
    const more: SipHeaders = [
      ['From', `<sip:${user}@${server}>;tag=${callId}`],
      ['To', `<sip:${user}@${server}>`],
      ['Call-ID', callId],
      ['CSeq', `${sequence} REGISTER`],
      ['Contact', `<sip:${user}@${transport.address}:${transport.port}>`],
      ['Expires', String(expiresSeconds)],
      ...authorization,
    ]
    return transport.request({ method: 'REGISTER', uri, headers: more }).final
  }
  const challenge = await send(1, [])
  const answer = answerChallenge(challenge, { method: 'REGISTER', uri }, { user, secret })
  return answer === undefined ? challenge : send(2, [answer])
}
