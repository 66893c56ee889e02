import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { vendors } from '../../../src/answers/phonebook/vendors.ts'
import { ensurePackages } from '../../rig/packages.ts'
import { entry, startTestService, type TestService } from '../../support/service.ts'

const run = promisify(execFile)
const people = [
  ['Anna', 'Müller', '503'],
  ['Jan', 'Mucha', '520'],
  ['Ana', 'Muñoz', '521'],
  ['Max', 'Mueller', '522'],
  ['Ida', 'Munz', '523'],
  ['Otto', 'Tal', '530'],
] as const
const ldif = [
  ...people.map(([givenName, sn, telephoneNumber], at) =>
    entry(`u${at}`, at + 1, { cn: `${givenName} ${sn}`, givenName, sn, telephoneNumber }),
  ),
  entry('wang', 90, { cn: '王伟', givenName: 'Wei', sn: 'Wang', telephoneNumber: '506' }),
].join('')

const stack = new AsyncDisposableStack()
let company: TestService
let token = ''
beforeAll(async () => {
  await ensurePackages(['curl', 'ldap-utils'])
  const languages = ['de', 'en', 'fr', 'es', 'it', 'pl', 'ru', 'uk']
  const views = languages.map((each) => `${each}: { language: ${each} }`).join(', ')
  const yaml = `views: { staff: { language: de }, ${views} }`
  company = stack.use(await startTestService({ ldif, yaml, listen: 'ldap: "127.0.0.1:0"' }))
  token = await tokenOf('staff')
})
afterAll(() => stack.disposeAsync())

async function tokenOf(view: string): Promise<string> {
  const made = await company.service.state.phones.make({ vendor: 'snom', view, device: view })
  return made.token
}

/** What `curl` hears, which sends the address as it is, raw bytes too. */
async function curl(path: string, ...more: readonly string[]): Promise<string> {
  const url = `http://127.0.0.1:${company.service.web.port}/pb/${path}`
  const args = ['--silent', '--show-error', '--fail', '--max-time', '20', ...more, url]
  return (await run('curl', args)).stdout
}

/** Names in the order of `ldapsearch`. */
async function ldapsearch(filter: string): Promise<string[]> {
  const url = `ldap://127.0.0.1:${company.service.ldap.ldap?.port}`
  const login = ['-x', '-LLL', '-o', 'ldif-wrap=no', '-D', 'phone', '-w', token]
  const args = [...login, '-H', url, '-b', 'dc=peerage', filter, 'sn']
  const { stdout } = await run('ldapsearch', args, { env: { ...process.env, LDAPCONF: '' } })
  return Array.from(stdout.matchAll(/^sn(:?): (.*)$/gm), ([, coded, value = '']) =>
    coded === '' ? value : Buffer.from(value, 'base64').toString(),
  )
}

/** Those of the names that a document shows, in its order. */
function order(text: string, names: readonly string[]): string[] {
  return names
    .filter((name) => text.includes(name))
    .toSorted((a, b) => text.indexOf(a) - text.indexOf(b))
}

const searches = vendors.flatMap(({ name, forms }) =>
  Object.entries(forms)
    .filter(([, form]) => form.kind === 'page')
    .map(([form]) => ({
      address: `${name}/TOKEN/${form}`,
      asks: name === 'gigaset' ? 'command=get%5flist&type=pb&set_first' : 'q',
    })),
)
const books = vendors.flatMap(({ name, forms }) =>
  Object.entries(forms)
    .filter(([, form]) => form.kind === 'book')
    .map(([form]) => `${name}/TOKEN/${form}`),
)

describe.each(searches)('over HTTP, at $address', ({ address, asks }) => {
  const find = (term: string) => curl(`${address.replace('TOKEN', token)}?${asks}=${term}`)

  test.each(['mueller', 'muller', 'M%C3%BCl', 'Mül', '6855', '503'])(
    'Müller is found by %s',
    async (term) => {
      const text = await find(term)
      expect(text).toContain('503')
      expect(order(text, ['Mucha', 'Muñoz', 'Tal'])).toEqual([])
    },
  )

  test('he stands between Mucha and Muñoz', async () => {
    const names = ['Muñoz', 'Müller', 'Mucha', 'Mueller']
    const [first, ...more] = order(await find('mu'), names)
    expect([first, more.at(-1)]).toEqual(['Mucha', 'Muñoz'])
    expect(more).toContain('Müller')
  })

  test.each(['%E7%8E%8B', '王', 'wang', '9264'])('王 is found by %s', async (term) => {
    const text = await find(term)
    expect(text).toContain('506')
    expect(text).toMatch(/王伟|Wang/)
  })
})

test.each(books)('%s has everybody in order', async (address) => {
  const text = await curl(address.replace('TOKEN', token))
  const names = ['Muñoz', 'Tal', 'Mucha', 'Müller']
  expect(order(text, names)).toEqual(['Mucha', 'Müller', 'Muñoz', 'Tal'])
  expect(text).toMatch(/王伟|Wang/)
})

test('a phone without Chinese letters shows Wang, and one with them 王', async () => {
  const ask = (model: string) =>
    curl(`cisco/${token}/find?q=wang`, '--header', `x-CiscoIPPhoneModelName: ${model}`)
  expect(await ask('CP-7960G')).toContain('<Name>Wang Wei</Name><Telephone>506</Telephone>')
  expect(await ask('CP-8841')).toContain('<Name>王伟</Name><Telephone>506</Telephone>')
})

test.each(['de', 'en', 'fr', 'es', 'it', 'pl', 'ru', 'uk'])(
  'the order is that of the language: %s',
  async (language) => {
    const text = await curl(`yealink/${await tokenOf(language)}/book.xml`)
    // In Spanish ñ is a letter of its own, behind all n.
    const last = language === 'es' ? ['Munz', 'Muñoz'] : ['Muñoz', 'Munz']
    const names = ['Mucha', 'Mueller', 'Müller', 'Muñoz', 'Munz', 'Tal']
    expect(order(text, names)).toEqual(['Mucha', 'Mueller', 'Müller', ...last, 'Tal'])
  },
)

describe('over LDAP', () => {
  test.each(['mueller', 'muller', 'Mül', '6855'])('Müller is found by %s', async (term) => {
    expect(await ldapsearch(`(|(cn=${term}*)(sn=${term}*))`)).toContain('Müller')
    expect(await ldapsearch(`(sn=${term}*)`)).not.toContain('Mucha')
  })

  test('he stands between Mucha and Muñoz', async () => {
    const all = ['Mucha', 'Mueller', 'Müller', 'Muñoz', 'Munz']
    expect(await ldapsearch('(sn=mu*)')).toEqual(all)
  })

  test.each(['王', 'wang', '9264'])('王 is found by %s', async (term) => {
    expect(await ldapsearch(`(cn=${term}*)`)).toEqual(['Wang'])
  })
})
