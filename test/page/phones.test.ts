import { expect, test } from 'vitest'
import { entry, startTestService } from '../support/service.ts'
import { visit } from './page-visit.ts'

const ada = entry('ada', 1, { cn: 'Ada Lovelace', sn: 'Lovelace', telephoneNumber: '501' })
const berg = entry('berg', 2, { cn: 'Ina Berg', sn: 'Berg', telephoneNumber: '502' })

test('a phone gets an address, is listed with its last use, and may not read after it is revoked', async () => {
  await using company = await startTestService({ ldif: ada + berg })
  const page = await visit(company)
  expect(await page.html('/phones')).toContain('No phone has a token so far.')
  const wanted = { vendor: 'yealink', view: 'staff', device: '805ec0a1b2c3' }
  const made = await (await page.post('/phones', wanted)).text()
  expect(made).toContain('Phones cannot reach this address')
  const url = /<code class="link">([^<]+)</.exec(made)?.[1] ?? ''
  const book = await fetch(`${url}/menu.xml`, {
    headers: { 'user-agent': 'Yealink SIP-T46U 108.86.0.20' },
  })
  expect(await book.text()).toContain('Lovelace')
  const listed = await page.html('/phones')
  expect(listed).not.toContain(url.slice(-22))
  expect(listed).toMatch(/805ec0a1b2c3.*Yealink.*staff.*127\.0\.0\.1.*T46U 108\.86\.0\.20/s)
  expect((await page.post('/phones/1/revoke')).headers.get('location')).toBe('/phones')
  expect((await fetch(`${url}/menu.xml`)).status).toBe(401)
})

test.each([
  [{ vendor: 'nobody', view: 'staff', device: 'a' }],
  [{ vendor: 'yealink', view: 'nowhere', device: 'a' }],
  [{ vendor: 'yealink', view: 'staff', device: '<b>' }],
])('what is no phone gets no address: %j', async (wanted) => {
  await using company = await startTestService({ ldif: ada })
  const page = await visit(company)
  const refused = await page.post('/phones', wanted)
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('no such')])
  expect(company.service.state.phones.list()).toEqual([])
})

test('the preview shows what a phone would: names and numbers, and its document', async () => {
  await using company = await startTestService({
    ldif: ada + berg,
    yaml: 'views: { staff: { nameOrder: last-first }, empty: { departments: [none] } }',
  })
  const page = await visit(company)
  const book = await page.html('/phones/preview?vendor=grandstream&view=staff')
  expect(book).toMatch(/<td class="lead">Berg Ina<\/td>.*502.*<td class="lead">Lovelace Ada<\/td>/s)
  expect(book).toContain('&lt;AddressBook')
  const search = await page.html('/phones/preview?vendor=panasonic&view=staff')
  expect(search).toContain('This phone searches; shown is its first page.')
  const empty = await page.html('/phones/preview?vendor=cisco&view=empty')
  expect(empty).toContain('0 contacts')
  expect((await page.get('/phones/preview?vendor=cisco&view=nowhere')).status).toBe(404)
})

test('every maker has a preview', async () => {
  await using company = await startTestService({ ldif: ada + berg })
  const page = await visit(company)
  const makers = Array.from(
    (await page.html('/phones')).matchAll(/<option value="([^"]+)"/g),
    ([, name = '']) => name,
  )
  expect(makers.length).toBeGreaterThan(20)
  for (const maker of new Set(makers)) {
    const shown = await page.html(`/phones/preview?vendor=${maker}&view=staff`)
    expect([maker, shown]).toEqual([maker, expect.stringMatching(/Lovelace[^]*<pre[^>]*>[^<]{20}/)])
  }
})

test('readers look at phones, and only administrators make and revoke them', async () => {
  await using company = await startTestService({
    ldif: ada.replace('uid: ada', 'uid: ada\nmemberOf: cn=Readers,dc=example'),
    yaml: 'login: { mode: none, roles: { reader: [Readers] } }',
  })
  const id = 'company/00000000-0000-4000-8000-000000000001'
  await company.service.state.secrets.choose(id, 'pin', '8274')
  const { id: phone } = await company.service.state.phones.make({
    vendor: 'snom',
    view: 'staff',
    device: 'lobby',
  })
  const page = await visit(company, 'ada', '8274')
  const html = await page.html('/phones')
  expect(html).toContain('lobby')
  expect(html).not.toContain('/revoke')
  expect((await page.post(`/phones/${phone}/revoke`)).status).toBe(403)
  const wanted = { vendor: 'snom', view: 'staff', device: 'x' }
  expect((await page.post('/phones', wanted)).status).toBe(403)
  expect(company.service.state.phones.list()).toHaveLength(1)
})
