import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { signIn, startCompany, type Company } from '../auth/company.ts'
import { entry } from '../support/service.ts'

const attack = `"'><script>alert(1)</script><img src=x onerror=alert(2)>`
const administer = (company: Company) => ({
  authorization: `Bearer ${company.service.newToken}`,
})

test('what a directory says comes as JSON, never as a page, whatever it looks like', async () => {
  const ldif = entry('evil', 1, { cn: attack, telephoneNumber: '501', mobile: attack })
  await using company = await startCompany('', { ldif })
  const q = encodeURIComponent(attack)
  for (const path of [
    '/api/people',
    `/api/people?q=${q}`,
    '/api/numbers/unreadable',
    `/api/people/${q}`,
    `/api/runs/${q}`,
    '/api/lookup?q=501',
    `/api/${q}`,
    `/auth/${q}`,
  ]) {
    const { headers } = await fetch(company.url + path, { headers: administer(company) })
    expect([path, headers.get('content-type')]).toEqual([
      path,
      expect.stringMatching(/^application\/(problem\+)?json/),
    ])
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  }
  const docs = await fetch(`${company.url}/api/docs?q=${q}`, { headers: administer(company) })
  expect(await docs.text()).not.toContain('<script')
})

test('no other site reads an answer: none is allowed to, not even to ask', async () => {
  await using company = await startCompany()
  const origin = 'https://evil.example'
  for (const method of ['GET', 'OPTIONS']) {
    const answer = await fetch(`${company.url}/api/people`, {
      method,
      headers: {
        ...administer(company),
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    })
    const allowed = [...answer.headers.keys()].filter((name) => name.startsWith('access-control'))
    expect(allowed).toEqual([])
  }
})

test('another method, or one in disguise, asks for no more than the method that is meant', async () => {
  await using company = await startCompany()
  const { cookie, csrf } = await signIn(company, 'carol', '9503')
  const status = async (method: string, path: string, more: Record<string, string> = {}) =>
    (
      await fetch(company.url + path, {
        method,
        headers: { cookie, 'x-csrf-token': csrf, ...more },
      })
    ).status
  expect(await status('HEAD', '/api/audit')).toBe(403)
  expect(await status('HEAD', '/api/lookup?q=501&secrets=true')).toBe(403)
  for (const name of ['x-http-method-override', 'x-method-override'])
    expect(await status('POST', '/api/audit', { [name]: 'GET' })).toBe(403)
  for (const method of ['PUT', 'DELETE', 'PATCH'])
    expect(await status(method, '/api/tokens')).toBe(403)
})

test('a body that would change what objects are is refused', async () => {
  await using company = await startCompany()
  for (const body of [
    '{"name":"x","scopes":["read"],"__proto__":{"role":"administrator"}}',
    '{"name":"x","scopes":["read"],"constructor":{"prototype":{"role":"administrator"}}}',
  ]) {
    const answer = await fetch(`${company.url}/api/tokens`, {
      method: 'POST',
      headers: { ...administer(company), 'content-type': 'application/json' },
      body,
    })
    expect(answer.status).toBe(400)
  }
  expect(({} as Record<string, unknown>)['role']).toBeUndefined()
})

test('a guessed token is refused like none, in the same words, and is not kept', async () => {
  await using company = await startCompany()
  const refusal = async (headers: Record<string, string>) => {
    const answer = await fetch(`${company.url}/api/people`, { headers })
    return [answer.status, await answer.text()]
  }
  const none = await refusal({})
  for (const token of ['x', 'a'.repeat(43), company.service.newToken?.slice(0, -1) ?? '', '%00'])
    expect(await refusal({ authorization: `Bearer ${token}` })).toEqual(none)
  const trail = await company.service.state.audit.newest(100)
  expect(JSON.stringify(trail)).not.toContain('aaaa')
})

test('two requests in one are two, and neither borrows the rights of the other', async () => {
  await using company = await startCompany()
  const socket = connect(company.service.web.port, '127.0.0.1').setEncoding('utf8')
  const authorization = `Authorization: Bearer ${company.service.newToken}`
  socket.write(
    `GET /api/runs HTTP/1.1\r\nHost: x\r\n${authorization}\r\nContent-Length: 0\r\n\r\n` +
      'GET /api/audit HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  )
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 401'])
})

test('two lengths of one body are refused', async () => {
  await using company = await startCompany()
  const socket = connect(company.service.web.port, '127.0.0.1').setEncoding('utf8')
  socket.write(
    'POST /api/sync HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/audit HTTP/1.1\r\nHost: x\r\n\r\n',
  )
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400'])
})
