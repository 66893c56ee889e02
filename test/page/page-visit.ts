import type { TestService } from '../support/service.ts'

/** A browser without scripts: signed in, with its cookie. */
export interface Visit {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>
  html(path: string): Promise<string>
  /** A form of the page, with its CSRF token. */
  post(
    path: string,
    form?: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Response>
  readonly cookie: string
  readonly base: string
}

/** The administrator's visit, unless somebody else's name and password are given. */
export async function visit(
  { service }: Pick<TestService, 'service'>,
  name = 'superadmin',
  password = service.newPassword ?? '',
): Promise<Visit> {
  const base = `http://127.0.0.1:${service.web.port}`
  const entered = await fetch(`${base}/login`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ name, password }),
  })
  const [cookie = ''] = (entered.headers.get('set-cookie') ?? '').split(';')
  const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(base + path, { headers: { cookie, ...headers }, redirect: 'manual' })
  const html = async (path: string) => (await get(path)).text()
  const first = (await html('/')) || (await html('/me')) // who has no role is sent there
  const csrf = /name="csrf" value="([^"]+)"/.exec(first)?.[1] ?? ''
  return {
    base,
    cookie,
    get,
    html,
    post: (path, form = {}, headers = {}) =>
      fetch(base + path, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie, ...headers },
        body: new URLSearchParams({ csrf, ...form }),
      }),
  }
}
