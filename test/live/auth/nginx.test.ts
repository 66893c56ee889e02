import { expect, test } from 'vitest'
import { bob, carol, ada, signIn, startCompany } from '../../auth/company.ts'
import { startNginx } from '../../rig/nginx.ts'

test('nginx lets in whom Peerage knows, tells the page behind it who that is, and nobody else', async () => {
  await using company = await startCompany('', { ldif: ada + bob + carol })
  const peerage = company.url
  const check = (location: string, query: string) => `
location = ${location} {
  internal;
  proxy_pass ${peerage}/auth/nginx${query};
  proxy_pass_request_body off;
  proxy_set_header Content-Length "";
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
}`
  const page = (location: string, by: string) => `
location ${location} {
  auth_request ${by};
  auth_request_set $who $upstream_http_x_peerage_user;
  auth_request_set $role $upstream_http_x_peerage_role;
  add_header Seen-User $who;
  add_header Seen-Role $role;
  proxy_pass ${peerage}/healthz;
}`
  await using nginx = await startNginx(
    [
      check('/_anybody', ''),
      check('/_administrators', '?role=administrator'),
      page('/wiki', '/_anybody'),
      page('/router', '/_administrators'),
    ].join('\n'),
  )
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${nginx.url}${path}`, { headers })
  const basic = (name: string, password: string) => ({
    authorization: `Basic ${btoa(`${name}:${password}`)}`,
  })

  const stranger = await get('/wiki')
  expect(stranger.status).toBe(401)
  expect(stranger.headers.get('www-authenticate')).toContain('Basic realm=')
  const guest = await get('/wiki', basic('bob', '9502'))
  expect([guest.status, guest.headers.get('seen-user')]).toEqual([200, 'bob'])
  expect((await get('/wiki', basic('bob', '0000'))).status).toBe(401)
  expect((await get('/router', basic('bob', '9502'))).status).toBe(403)
  const admin = await get('/router', basic('EXAMPLE\\ada', '9501'))
  expect([admin.status, admin.headers.get('seen-role')]).toEqual([200, 'administrator'])
  const { cookie } = await signIn(company, 'bob', '9502')
  expect((await get('/wiki', { cookie })).status).toBe(200)

  const id = company.service.people.byExtension('502')?.id ?? ''
  await company.service.syncs[0]?.decide(id, 'disable')
  expect((await get('/wiki', { cookie })).status).toBe(401)
  expect((await get('/wiki', basic('bob', '9502'))).status).toBe(401)
})
