import { Phonebook } from '../../src/answers/phonebook/phonebook.ts'
import type { PhoneAnswer } from '../../src/answers/phonebook/request.ts'
import type { ViewOptions } from '../../src/answers/phonebook/options.ts'
import { openLogger } from '../../src/logger.ts'
import { claimsOf } from '../../src/people/member.ts'
import { People } from '../../src/people/people.ts'
import type { Person } from '../../src/person/person.ts'
import { compileSite } from '../../src/person/site.ts'
import { PhoneTokens } from '../../src/state/phone-tokens.ts'
import { migrate } from '../../src/state/migrate.ts'
import { openSqlite } from '../../src/state/sqlite.ts'
import { makePerson } from '../support/person.ts'

export const site = compileSite({
  country: 'DE',
  areaCode: '30',
  extensionLength: [3, 4],
  outsidePrefix: '0',
  dids: ['+4930123 5xx -> 5xx'],
})

export interface Office extends AsyncDisposable {
  readonly phonebook: Phonebook
  readonly tokens: PhoneTokens
  readonly people: People
  /** A token of a phone that sees `staff`. */
  readonly token: string
  /** GET `/pb/…` as a phone would, from 192.0.2.7. `TOKEN` in the path stands for the token. */
  ask(path: string, headers?: Record<string, string>, method?: string): Promise<PhoneAnswer>
  /** The text of an answer that must be a 200. */
  read(path: string, headers?: Record<string, string>): Promise<string>
  put(...persons: readonly Person[]): void
  remove(id: string): void
}

/** The phone book over people in memory, without any socket. */
export async function openOffice(
  persons: readonly Person[],
  options: {
    readonly views?: Record<string, ViewOptions>
    readonly networks?: string[]
    readonly requestsPerMinute?: number
    readonly now?: () => number
  } = {},
): Promise<Office> {
  await using stack = new AsyncDisposableStack()
  const {
    now = () => 1_700_000_000_000,
    views = { staff: { language: 'de' } },
    ...phonebook
  } = options
  const database = stack.use(await openSqlite(':memory:'))
  await migrate(database)
  const tokens = stack.use(await PhoneTokens.open(database, now))
  const people = new People(['test'])
  const book = stack.use(
    new Phonebook({ views, phonebook }, { people, site, tokens, log: openLogger('silent'), now }),
  )
  const { token } = await tokens.make({ vendor: 'snom', view: 'staff', device: '000413aabbcc' })
  const ask: Office['ask'] = (path, headers = {}, method = 'GET') =>
    book.answer({
      method,
      url: `/pb/${path.replace('TOKEN', token)}`,
      headers: { host: 'pb.example', ...headers },
      address: '192.0.2.7',
      isSecure: false,
    })
  const opened = stack.move()
  const office: Office = {
    phonebook: book,
    tokens,
    people,
    token,
    ask,
    async read(path, headers) {
      const { status, body } = await ask(path, headers)
      if (status !== 200) throw new Error(`${path} was answered ${status}`)
      return body.toString().replaceAll(token, 'TOKEN')
    },
    put(...some) {
      const put = some.map((person) => {
        const before = people.member(person.id)
        return { before, after: { person, claims: claimsOf(person, before, 1) } }
      })
      people.apply({ put, removed: [] })
    },
    remove(id) {
      const member = people.member(id)
      if (member) people.apply({ put: [], removed: [member] })
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
  office.put(...persons)
  return office
}

/** `named('501', 'Ina', 'Berg')`; with a mobile number when one is given. */
export function named(
  extension: string | null,
  firstName: string | null,
  lastName: string,
  about: Partial<Person> & { readonly mobile?: string } = {},
): Person {
  const { mobile, ...rest } = about
  return makePerson(extension, {
    id: `test/${extension ?? lastName}`,
    firstName,
    lastName,
    name: [firstName, lastName].filter((part) => part !== null).join(' '),
    ...(mobile !== undefined && {
      numbers: [{ kind: 'mobile', e164: mobile, text: mobile }],
    }),
    ...rest,
  })
}

/** What dialects stumble over, one person each. */
export const hardPeople: readonly Person[] = [
  named('501', 'Ina', 'Berg', {
    details: {
      department: 'Sales',
      company: 'Berg AG',
      title: 'Head of Sales',
      location: 'Berlin',
    },
    email: 'ina@example.org',
    numbers: [
      { kind: 'work', e164: '+4930123501', text: '+49 30 123 501' },
      { kind: 'work', e164: '+48221234567', text: '+48 22 123 45 67' },
      { kind: 'mobile', e164: '+491701234567', text: '0170 1234567' },
      { kind: 'home', e164: '+498912345', text: '089 12345' },
    ],
  }),
  named('502', 'Smith & Sons <x> "q" \'a\'', ']]>&amp;', { details: { department: 'R&D <1>' } }),
  named('503', 'Anna', 'Müller-Lüdenscheidt', { mobile: '+491701111111' }),
  named('504', 'Łukasz', 'Łódź'),
  named('505', 'Ωμέγα', 'Αλφα'),
  named('506', 'Wei', 'Wang', { name: '王伟', user: 'wei.wang' }),
  named('507', 'דוד', 'לוי'),
  named('508', null, `Long ${'name '.repeat(59)}`.trimEnd()),
  named('509', 'Con\u0001trol\u0000', 'Lone \ud800 surrogate\r\n#hash'),
  named('510', 'Оксана', 'Ткаченко'),
  named(null, 'No', 'Number'),
  named('511', null, 'Besprechung, Raum 1'),
  named('512', 'Hidden', 'Person', { hidden: true }),
  named('513', 'Disabled', 'Person', { disabled: 'disabled' }),
  named('514', '😀', 'Emoji'),
]
