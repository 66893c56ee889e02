import { request as ask } from 'node:http'
import { describe, expect, test } from 'vitest'
import type { Logger } from '../../src/logger.ts'
import { entry, startTestService } from '../support/service.ts'

const token = 'a-token/for+the.pbx_0~1=='
const ldif = entry('zoe', 1, { telephoneNumber: '501' })

interface Answered {
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, unknown>>
}

function question(port: number, headers = {}, localAddress = '127.0.0.1'): Promise<Answered> {
  const { promise, resolve, reject } = Promise.withResolvers<Answered>()
  const path = '/realtime/ps_auths/single'
  const options = { host: '127.0.0.1', port, path, method: 'POST', headers, localAddress }
  const asked = ask(options, (response) => {
    let text = ''
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
    )
  })
  asked.on('error', reject).end('id=501')
  return promise
}

function recordingLog(): { readonly log: Logger; readonly lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = []
  const note = (about: unknown, message?: unknown) =>
    void lines.push({ ...(about as object), message })
  return { log: { debug: note, info: note, warn: note, error: note } as Logger, lines }
}

describe('with a token', () => {
  test.each([
    ['Bearer', `Bearer ${token}`],
    ['Bearer in any case', `bearer  ${token}`],
    ['Basic with any name', `Basic ${btoa(`asterisk:${token}`)}`],
    ['Basic without a name', `basic ${btoa(`:${token}`)}`],
  ])('it is answered when shown as %s', async (_, authorization) => {
    await using company = await startTestService({ ldif, listen: `pbxToken: ${token}` })
    const answer = await question(company.service.pbx.port, { authorization })
    expect(answer.status).toBe(200)
    expect(answer.text).toMatch(/password=/)
  })

  test.each([
    ['nothing', {}],
    ['another', { authorization: 'Bearer another' }],
    ['a longer one', { authorization: `Bearer ${token}x` }],
    ['the token as the name', { authorization: `Basic ${btoa(`${token}:`)}` }],
    ['an unknown scheme', { authorization: `Digest ${token}` }],
    ['an empty one', { authorization: 'Bearer ' }],
    ['no base64', { authorization: 'Basic ***' }],
  ])('%s is refused with an empty body', async (_, headers) => {
    await using company = await startTestService({ ldif, listen: `pbxToken: ${token}` })
    const answer = await question(company.service.pbx.port, headers)
    expect(answer).toMatchObject({ status: 401, text: '' })
    expect(answer.headers).toMatchObject({
      'content-length': '0',
      'www-authenticate': 'Basic realm="peerage"',
      connection: 'close',
    })
  })
})

describe('with a list of networks', () => {
  test('only they may ask, and everybody else gets an empty 403', async () => {
    const listen = 'pbxAllow: [127.0.0.2, "::1"]'
    await using company = await startTestService({ ldif, listen })
    const { port } = company.service.pbx
    expect(await question(port, {}, '127.0.0.2')).toMatchObject({
      status: 200,
      text: expect.stringMatching(/password=/),
    })
    expect(await question(port, {}, '127.0.0.3')).toMatchObject({ status: 403, text: '' })
  })

  test('the token is wanted as well, and does not help a stranger', async () => {
    const listen = `pbxAllow: [127.0.0.2], pbxToken: ${token}`
    await using company = await startTestService({ ldif, listen })
    const { port } = company.service.pbx
    const authorization = `Bearer ${token}`
    expect((await question(port, {}, '127.0.0.2')).status).toBe(401)
    expect((await question(port, { authorization }, '127.0.0.3')).status).toBe(403)
    expect((await question(port, { authorization }, '127.0.0.2')).status).toBe(200)
  })

  test('an IPv4 peer of a listener on :: is known by its IPv4 address', async () => {
    const listen = 'pbxAllow: [127.0.0.0/8]'
    await using company = await startTestService({ ldif, listen, pbx: '[::]:0' })
    expect((await question(company.service.pbx.port, {}, '127.0.0.9')).status).toBe(200)
  })
})

test('who is refused is logged once for each address and minute, without what was shown', async () => {
  const { log, lines } = recordingLog()
  let now = 1_000_000
  const listen = `pbxToken: ${token}`
  await using company = await startTestService({ ldif, listen, log, now: () => now })
  const { port } = company.service.pbx
  const wrong = { authorization: 'Bearer not-the-right-token' }
  await question(port, wrong, '127.0.0.2')
  await question(port, wrong, '127.0.0.2')
  await question(port, {}, '127.0.0.3')
  now += 60_000
  await question(port, wrong, '127.0.0.2')
  const refused = lines.filter(({ message }) => message === 'question refused')
  expect(refused).toMatchObject([
    { address: '127.0.0.2', problem: 'wrong token' },
    { address: '127.0.0.3', problem: 'no token' },
    { address: '127.0.0.2', problem: 'wrong token', refusedSince: 1 },
  ])
  expect(JSON.stringify(lines)).not.toMatch(/not-the-right-token|a-token/)
})

test('several addresses are listened on, and all of them closed', async () => {
  const ports: number[] = []
  {
    await using company = await startTestService({ ldif, pbx: ['127.0.0.1:0', '127.0.0.2:0'] })
    const { pbx, morePbx } = company.service
    expect([pbx, ...morePbx].map(({ host }) => host)).toEqual(['127.0.0.1', '127.0.0.2'])
    for (const { host, port } of [pbx, ...morePbx]) {
      const answer = await fetch(`http://${host}:${port}/realtime/ps_auths/single`, {
        method: 'POST',
        body: 'id=501',
      })
      expect(await answer.text()).toMatch(/password=/)
    }
    ports.push(pbx.port)
  }
  await expect(question(ports[0] ?? 0)).rejects.toThrow('ECONNREFUSED')
})
