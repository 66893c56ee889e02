import { decodeQR } from 'qr/decode.js'
import { expect, test } from 'vitest'
import { linphoneXml, waveXml } from '../../src/answers/me/softphones.ts'
import { qrOf } from '../../src/answers/me/qr.ts'
import { isPrivate } from '../../src/answers/page/origin.ts'
import { startCompany, type Company } from '../auth/company.ts'
import { visit, type Visit } from '../page/page-visit.ts'

const bobId = 'company/00000000-0000-4000-8000-000000000002'
const app = { headers: { accept: 'application/xml' } }
const html = { accept: 'text/html,application/xhtml+xml' }
const yaml =
  'login: { mode: none, refusalMs: 0 }\nme: { sipServer: "pbx.example.org:5061", sipTransport: tls }'

async function linkOf(page: Visit): Promise<string> {
  const shown = await (await page.post('/me/telephone')).text()
  return /<code class="link">([^<]+)</.exec(shown)?.[1] ?? ''
}

const secretOf = (company: Company) => company.service.state.secrets.sip(bobId)

test('an app that scans the link gets the account, once', async () => {
  await using company = await startCompany('', { yaml })
  const url = await linkOf(await visit(company, 'bob', '9502'))
  expect(url).toMatch(new RegExp(`^${company.url}/setup/[\\w-]{22}$`))
  const first = await fetch(url, app)
  expect(first.headers.get('cache-control')).toBe('no-store')
  const xml = await first.text()
  expect(xml).toContain('<entry name="username" overwrite="true">502</entry>')
  expect(xml).toContain(`<entry name="passwd" overwrite="true">${secretOf(company)}</entry>`)
  expect(xml).toContain('&lt;sip:pbx.example.org:5061;transport=tls&gt;')
  const second = await fetch(url, app)
  expect([second.status, await second.text()]).toEqual([404, ''])
})

test('a browser has to press the button; looking, a preview or HEAD use nothing up', async () => {
  await using company = await startCompany('', { yaml })
  const url = await linkOf(await visit(company, 'bob', '9502'))
  expect((await fetch(url, { method: 'HEAD' })).status).toBe(200)
  for (const accept of [html.accept, '*/*', 'text/html', 'image/*']) {
    const seen = await (await fetch(url, { headers: { accept } })).text()
    expect(seen).toContain('Show the account')
    expect(seen).not.toContain(secretOf(company))
  }
  const shown = await fetch(url, { method: 'POST', headers: html })
  expect(shown.headers.get('cache-control')).toBe('no-store')
  const text = await shown.text()
  expect(text).toContain(`<code class="secret">${secretOf(company)}</code>`)
  expect(text).toContain('502@pbx.example.org')
  const again = await fetch(url, { method: 'POST', headers: html })
  expect([again.status, await again.text()]).toEqual([404, expect.stringContaining('is over')])
})

test('of two that come at the same moment one gets the account', async () => {
  await using company = await startCompany('', { yaml })
  const url = await linkOf(await visit(company, 'bob', '9502'))
  const answers = await Promise.all(Array.from({ length: 8 }, () => fetch(url, app)))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(404)])
})

test('a link is over after its minutes, after a newer one, and when its owner is disabled', async () => {
  let time = Date.parse('2026-03-02T09:00:00Z')
  await using company = await startCompany('', { yaml, now: () => time })
  const page = await visit(company, 'bob', '9502')
  const late = await linkOf(page)
  time += 10 * 60_000
  expect((await fetch(late, app)).status).toBe(404)
  const older = await linkOf(page)
  const newer = await linkOf(page)
  expect((await fetch(older, app)).status).toBe(404)
  await company.service.syncs[0]?.decide(bobId, 'disable')
  expect((await fetch(newer, app)).status).toBe(404)
  expect((await page.get('/me')).headers.get('location')).toBe('/login')
})

test('nobody who is signed in can use somebody else’s link, nor use it up', async () => {
  await using company = await startCompany('', { yaml })
  const bobs = await visit(company, 'bob', '9502')
  const url = await linkOf(bobs)
  const { cookie } = await visit(company, 'carol', '9503')
  for (const method of ['GET', 'POST']) {
    const refused = await fetch(url, { method, headers: { cookie, ...html } })
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('else’s')])
  }
  const forged = { cookie: bobs.cookie, origin: 'http://evil.example', ...html }
  expect((await fetch(url, { method: 'POST', headers: forged })).status).toBe(403)
  const own = await fetch(url, { headers: { cookie: bobs.cookie, ...app.headers } })
  expect(own.status).toBe(200)
})

test('whoever guesses links is kept waiting, and every guess looks the same', async () => {
  await using company = await startCompany('', { yaml })
  const guesses = ['a', 'x'.repeat(22), "' or 1=1 --", '../me', 'y'.repeat(90)]
  const answers = await Promise.all(
    guesses.map(async (guess) => {
      const answer = await fetch(`${company.url}/setup/${encodeURIComponent(guess)}`, app)
      return [answer.status, await answer.text()]
    }),
  )
  expect(answers).toEqual(guesses.map(() => [404, '']))
  const statuses: number[] = []
  for (let guess = 0; guess < 30; guess++) {
    statuses.push(
      (await fetch(`${company.url}/setup/${String(guess).padStart(22, 'z')}`, app)).status,
    )
  }
  expect(statuses.at(-1)).toBe(429)
})

test('whose account was taken, from where, stands in the audit trail, and no secret does', async () => {
  await using company = await startCompany('', { yaml })
  const url = await linkOf(await visit(company, 'bob', '9502'))
  await fetch(url, app)
  const entries = await company.service.state.audit.newest(10)
  expect(entries[0]).toMatchObject({ actor: `person/${bobId}`, action: 'GET /setup/:token' })
  const text = JSON.stringify(entries)
  expect(text).not.toContain(url.slice(-22))
  expect(text).not.toContain(secretOf(company))
})

test('behind a proxy that speaks TLS, the link does too; over plain http it warns', async () => {
  await using company = await startCompany('', { yaml })
  const entered = await fetch(`${company.url}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'x-forwarded-for': '192.0.2.9', 'x-forwarded-proto': 'https' },
    body: new URLSearchParams({ name: 'bob', password: '9502' }),
  })
  const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const headers = { cookie, 'x-forwarded-for': '192.0.2.9', 'x-forwarded-proto': 'https' }
  const own = await (await fetch(`${company.url}/me`, { headers })).text()
  const csrf = /name="csrf" value="([^"]+)"/.exec(own)?.[1] ?? ''
  const body = new URLSearchParams({ csrf })
  const shown = await (
    await fetch(`${company.url}/me/telephone`, { method: 'POST', headers, body })
  ).text()
  expect(shown).toMatch(/<code class="link">https:\/\/127\.0\.0\.1:\d+\/setup\//)
  expect(isPrivate('https://pbx.example.org')).toBe(true)
  expect(isPrivate('http://pbx.example.org')).toBe(false)
})

test('the code that is shown reads as the link', () => {
  const text = 'https://pbx.example.org/setup/0123456789abcdefghijkl'
  expect(read(qrOf(text))).toBe(text)
})

test('no name breaks out of what an app scans', () => {
  const name = `O'Neil" <sip:evil@example.org> & Söhne]]>`
  const account = {
    name,
    user: '502',
    secret: 'a<b&c"d',
    server: 'pbx',
    domain: 'pbx',
    transport: 'udp',
  } as const
  expect(linphoneXml(account)).toContain('a&lt;b&amp;c&quot;d')
  expect(linphoneXml(account).match(/<entry /g)).toHaveLength(11)
  const wave = waveXml(account)
  expect(wave.match(/<\/?[A-Z]\w+/g)).toHaveLength(16)
  expect(read(qrOf(wave))).toBe(wave)
})

test('whose extension has a domain of its own registers under that at the same server', () => {
  const account = {
    name: 'Bob',
    user: '502',
    secret: 'x',
    server: 'pbx.example.org:5061',
    domain: 'tenant.example',
    transport: 'tls',
  } as const
  const xml = linphoneXml(account)
  expect(xml).toContain('&lt;sip:pbx.example.org:5061;transport=tls&gt;')
  expect(xml).toContain('&lt;sip:502@tenant.example&gt;')
  expect(waveXml(account)).toContain(
    '<RegisterServer>tenant.example</RegisterServer><OutboundServer>pbx.example.org:5061<',
  )
})

/** What a camera would see: modules of four pixels, dark ones black. */
function read({ size, path }: { readonly size: number; readonly path: string }): string {
  const scale = 4
  const side = size * scale
  const data = new Uint8Array(side * side * 4).fill(255)
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1/g)) {
    for (let at = 0; at < scale * scale; at++) {
      const column = Number(x) * scale + (at % scale)
      const row = Number(y) * scale + Math.floor(at / scale)
      data.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3)
    }
  }
  return decodeQR({ width: side, height: side, data })
}
