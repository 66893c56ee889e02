import { describe, expect, test } from 'vitest'
import { bob, startCompany } from './company.ts'

const asked = { name: 'bob', password: '9502' }

describe('another server that asks about a password', () => {
  test('needs a token', async () => {
    await using company = await startCompany()
    expect((await company.post('/auth/check', asked)).status).toBe(401)
    expect((await company.post('/auth/exists', asked)).status).toBe(401)
    const token = await company.service.state.tokens.make('wiki')
    const authorization = `Bearer ${token}`
    const right = await company.post('/auth/check', asked, { authorization })
    expect(await right.json()).toEqual({
      ok: true,
      id: `person/company/00000000-0000-4000-8000-000000000002`,
      name: 'Bob',
      role: 'person',
      user: 'bob',
      extension: '502',
      email: null,
    })
    const wrong = await company.post('/auth/check', { ...asked, password: '1' }, { authorization })
    expect(wrong.status).toBe(403)
    expect((await company.post('/auth/exists', asked, { authorization })).status).toBe(200)
  })

  test('needs none where its address is listed, and nobody comes in through a proxy there', async () => {
    await using company = await startCompany('systems: [127.0.0.1]')
    expect((await company.post('/auth/check', asked)).status).toBe(200)
    for (const forwarded of ['127.0.0.1', '203.0.113.1', '127.0.0.1, 127.0.0.1']) {
      const headers = { 'x-forwarded-for': forwarded }
      expect((await company.post('/auth/check', asked, headers)).status).toBe(401)
    }
    const wrongToken = { authorization: 'Bearer nothing' }
    expect((await company.post('/auth/check', asked, wrongToken)).status).toBe(401)
  })

  test('hears that there is nobody any more when somebody was disabled', async () => {
    await using company = await startCompany('systems: [127.0.0.1]')
    const id = company.service.people.byExtension('502')?.id ?? ''
    await company.service.syncs[0]?.decide(id, 'disable')
    const answer = await company.post('/auth/check', asked)
    expect([answer.status, await answer.json()]).toMatchObject([403, { why: 'disabled' }])
    expect((await company.post('/auth/exists', asked)).status).toBe(404)
  })
})

describe('nginx', () => {
  test('hears who it is, by name and password, and remembers that for a minute at most', async () => {
    await using company = await startCompany()
    const ask = (password: string, query = '') =>
      fetch(`${company.url}/auth/nginx${query}`, {
        headers: { authorization: `Basic ${btoa(`bob:${password}`)}` },
      })
    const all = await Promise.all(Array.from({ length: 20 }, () => ask('9502')))
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([204]))
    expect(all[0]?.headers.get('x-peerage-user')).toBe('bob')
    expect((await ask('9502', '?role=reader')).status).toBe(403)
    expect((await ask('0000')).status).toBe(401)
    const trail = await company.service.state.audit.newest(100, { kind: 'sign-in' })
    expect(trail).toHaveLength(1)
    await company.change(bob.replace('bob,', 'bobby,').replace('000002', '000007'))
    expect((await ask('9502')).status).toBe(401)
  })

  test('is told to ask for a name where there is none', async () => {
    await using company = await startCompany()
    const answer = await fetch(`${company.url}/auth/nginx`)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toContain('Basic realm=')
  })
})
