import type { TestService } from '../support/service.ts'
import { entry, startTestService, type TestServiceOptions } from '../support/service.ts'

/** Who is in the LDIF of these tests: by PIN, since a file knows no passwords. */
export const ada = entry('ada', 1, {
  cn: 'Ada',
  telephoneNumber: '501',
  mail: 'ada.lindqvist@example.org',
  memberOf: 'cn=Telephony,ou=groups,dc=example',
})
export const bob = entry('bob', 2, { cn: 'Bob', telephoneNumber: '502' })
export const carol = entry('carol', 3, {
  cn: 'Carol',
  telephoneNumber: '503',
  memberOf: 'cn=Help,ou=groups,dc=example',
})
export const everybody = ada + bob + carol

/** Settings of `login` that make a test quick; PINs are the extensions with a 9 before them. */
export async function startCompany(
  login = '',
  options: Partial<TestServiceOptions> = {},
): Promise<Company> {
  const roles = 'roles: { administrator: [Telephony], helpDesk: [Help], reader: [Readers] }'
  const company = await startTestService({
    ldif: everybody,
    source: 'map: { aliases: [mail] }, loginDomains: [EXAMPLE, example.org]',
    yaml: `login: { mode: none, ${login.includes('refusalMs') ? '' : 'refusalMs: 0,'} ${roles}, ${login} }`,
    ...options,
  })
  const { service } = company
  for (const { person } of service.people.members()) {
    await service.state.secrets.choose(person.id, 'pin', `9${person.extension}`)
  }
  const url = `http://127.0.0.1:${service.web.port}`
  return {
    ...company,
    url,
    post: (path, body, headers = {}) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    [Symbol.asyncDispose]: () => company[Symbol.asyncDispose](),
  }
}

export interface Company extends TestService {
  readonly url: string
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>
}

export interface SignedIn {
  readonly cookie: string
  readonly csrf: string
  readonly role: string
}

/** Throws unless the name and the password are right. */
export async function signIn(
  company: Company,
  name: string,
  password: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<SignedIn> {
  const answer = await company.post('/auth/login', { name, password }, headers)
  if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${await answer.text()}`)
  const about = (await answer.json()) as { csrf: string; role: string }
  const [cookie = ''] = answer.headers.getSetCookie().map((each) => each.split(';')[0])
  return { cookie, ...about }
}
