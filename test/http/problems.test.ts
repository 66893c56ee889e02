import { connect } from 'node:net'
import { expect, test } from 'vitest'
import pino from 'pino'
import type { Logger } from '../../src/logger.ts'
import { entry, startTestService } from '../support/service.ts'

const ldif = entry('ada', 1, { telephoneNumber: '501' })

test('every refusal under /api and /auth is problem+json, and still says error', async () => {
  await using company = await startTestService({ ldif })
  const url = `http://127.0.0.1:${company.service.web.port}`
  const authorization = `Bearer ${company.service.newToken}`
  const refused: readonly (readonly [number, string, RequestInit?])[] = [
    [401, '/api/runs', { headers: {} }],
    [400, '/api/runs?limit=0'],
    [404, '/api/runs/99'],
    [404, '/api/nothing'],
    [404, '/auth/nothing'],
    [404, '/nothing'],
    [401, '/metrics', { headers: {} }],
    [
      415,
      '/api/phones',
      { method: 'POST', body: 'x', headers: { authorization, 'content-type': 'text/html' } },
    ],
    [
      400,
      '/api/phones',
      { method: 'POST', body: '{', headers: { authorization, 'content-type': 'application/json' } },
    ],
    [
      413,
      '/api/phones',
      {
        method: 'POST',
        body: JSON.stringify('x'.repeat(70_000)),
        headers: { authorization, 'content-type': 'application/json' },
      },
    ],
    [401, '/auth/session', { headers: {} }],
    [
      401,
      '/auth/login',
      {
        method: 'POST',
        body: '{"name":"x","password":"y"}',
        headers: { 'content-type': 'application/json' },
      },
    ],
    [
      401,
      '/auth/check',
      {
        method: 'POST',
        body: '{"name":"x","password":"y"}',
        headers: { 'content-type': 'application/json' },
      },
    ],
    [401, '/auth/nginx', { headers: {} }],
    [
      404,
      '/auth/exists',
      {
        method: 'POST',
        body: '{"name":"x"}',
        headers: { authorization, 'content-type': 'application/json' },
      },
    ],
  ]
  for (const [status, path, init = { headers: { authorization } }] of refused) {
    const answer = await fetch(url + path, init)
    const about = [path, answer.status, answer.headers.get('content-type')?.split(';')[0]]
    expect(about).toEqual([path, status, 'application/problem+json'])
    const problem = (await answer.json()) as Record<string, unknown>
    expect(problem).toMatchObject({ status, title: answer.statusText, detail: problem['error'] })
    expect(problem['type']).toMatch(/^(about:blank|urn:peerage:problem:[a-z-]+)$/)
    expect(String(problem['detail'])).not.toBe('')
  }
})

test('an address that cannot be decoded is a problem too', async () => {
  await using company = await startTestService({ ldif })
  const socket = connect(company.service.web.port, '127.0.0.1').setEncoding('utf8')
  socket.write('GET /api/people/%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  expect(text).toMatch(/^HTTP\/1\.1 400 /)
  expect(text).toMatch(/content-type: application\/problem\+json/i)
  expect(text).toMatch(/"error":"this address is not understood"/)
})

test('every answer has the id of its request, which the log has too, without what was asked', async () => {
  const lines: Record<string, unknown>[] = []
  const stream = { write: (line: string) => void lines.push(JSON.parse(line) as object as never) }
  const log = pino({ level: 'debug' }, stream) as Logger
  await using company = await startTestService({ ldif, log })
  const ask = async (id: string) => {
    const headers = { authorization: `Bearer ${company.service.newToken}`, 'x-request-id': id }
    const url = `http://127.0.0.1:${company.service.web.port}/api/lookup?q=hush-hush`
    return (await fetch(url, { headers })).headers.get('x-request-id')
  }
  expect(await ask('trace-17')).toBe('trace-17')
  for (const hostile of ['a b', 'x'.repeat(65), '"},{"level":"error', '<script>'])
    expect(await ask(hostile)).toMatch(/^[\da-f-]{36}$/)
  const line = lines.find(({ requestId }) => requestId === 'trace-17')
  expect(line).toMatchObject({
    msg: 'request answered',
    method: 'GET',
    route: '/api/lookup',
    status: 200,
    actor: 'token/first start',
  })
  expect(JSON.stringify(lines)).not.toContain('hush-hush')
})
