import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { entry, startTestService, type TestService } from '../support/service.ts'

const token = 'only-for-looking-up'
const ldif = [
  entry('zoe', 1, {
    cn: 'Zoë Müller',
    givenName: 'Zoë',
    sn: 'Müller',
    telephoneNumber: '+49 30 2312 501',
    mobile: '0170 3920018',
    o: 'Nord & Licht',
    mail: 'zoe@example.org',
  }),
  entry('acme', 2, { cn: 'Acme', o: 'Acme GmbH', telephoneNumber: '+49 89 4321-0' }),
].join('')

let company: TestService
let template: string
beforeAll(async () => {
  company = await startTestService({ ldif, yaml: `lookup: { token: ${token} }` })
  template = await readFile(new URL('../../3cx/peerage.xml', import.meta.url), 'utf8')
})
afterAll(() => company[Symbol.asyncDispose]())

/**
 * What 3CX makes of a call with this template: the request, the rule, the variables and the outputs
 * of "CRM template XML description"; null: no contact.
 */
async function contactOf(number: string): Promise<Readonly<Record<string, string>> | null> {
  const { port } = company.service.web
  const values = new Map([
    ['Address', `http://127.0.0.1:${port}`],
    ['Token', token],
    ['Number', number],
  ])
  const fill = (text: string) => text.replaceAll(/\[(\w+)\]/g, (_, name) => values.get(name) ?? '')
  const login = fill(
    /<Authentication Type="Basic">\s*<Value>(.*)<\/Value>/.exec(template)?.[1] ?? '',
  )
  const url = fill(plain(/<Request [^>]*Url="([^"]*)"/.exec(template)?.[1] ?? ''))
  const headers = { authorization: `Basic ${Buffer.from(login).toString('base64')}` }
  const answer: unknown = await (await fetch(url, { headers })).json()
  const found = answer as Readonly<Record<string, string | undefined>> // flat, as the template has it
  const rule = /<Rule Type="Any">(\w+)<\/Rule>/.exec(template)?.[1] ?? ''
  if (!found[rule]) return null
  for (const [, name = '', path = ''] of template.matchAll(
    /<Variable Name="(\w+)" Path="(\w+)"/g,
  )) {
    values.set(name, found[path] ?? '')
  }
  const outputs = template.matchAll(/<Output Type="(\w+)" Passes="0" Value="([^"]*)"/g)
  return Object.fromEntries(Array.from(outputs, ([, type, value = '']) => [type, fill(value)]))
}

function plain(attribute: string): string {
  return attribute.replaceAll('&amp;', '&')
}

test('the template for 3CX makes a contact of a caller', async () => {
  expect(await contactOf('+491703920018')).toEqual({
    FirstName: 'Zoë',
    LastName: 'Müller',
    CompanyName: 'Nord & Licht',
    Email: 'zoe@example.org',
    PhoneBusiness: '+49302312501',
    PhoneMobile: '+491703920018',
    PhoneHome: '',
    EntityType: 'Contacts',
    EntityId: 'company/00000000-0000-4000-8000-000000000001',
  })
})

test('a company has its whole name in one field, and nobody is no contact', async () => {
  expect(await contactOf('+4989432177')).toMatchObject({ LastName: 'Acme GmbH', FirstName: '' })
  expect(await contactOf('+494099999999')).toBeNull()
})
