import { expect, test } from 'vitest'
import { entry } from '../support/service.ts'
import { startWithFile, type ServiceWithFile } from '../support/with-file.ts'

const ada = entry('ada', 1, { cn: 'Ada', telephoneNumber: '501', userPassword: 'hunter2' })

async function ask({ service }: ServiceWithFile, method: string, path: string, body?: unknown) {
  const answer = await fetch(`http://127.0.0.1:${service.web.port}/api${path}`, {
    method,
    headers: {
      authorization: `Bearer ${service.newToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, never> }
}

test('the configured sources are listed, with their next reads', async () => {
  await using company = await startWithFile({ ldif: ada })
  const { body } = await ask(company, 'GET', '/sources')
  const [source] = body['sources'] as unknown as { name: string; next: number[] }[]
  expect(source).toMatchObject({ name: 'company', preset: 'openldap', changes: 'file' })
  expect(source?.next).toHaveLength(4)
  const { configuration } = (await ask(company, 'GET', '/configuration')).body
  expect(configuration).toMatchObject({ obstacle: null, change: null })
})

test('settings are tried in every way, in use or not', async () => {
  await using company = await startWithFile({ ldif: ada })
  const settings = { preset: 'openldap', ldif: 'people.ldif', map: { extension: 'cn' } }
  const tested = await ask(company, 'POST', '/sources/company/test', {})
  expect(tested.body).toMatchObject({
    connection: [{ step: 'file', ok: true }, {}, {}],
    error: null,
  })
  const attributes = await ask(company, 'POST', '/sources/company/attributes', {})
  expect(attributes.body).toMatchObject({ attributes: { entries: 1 } })
  expect(JSON.stringify(attributes.body)).not.toContain('hunter2')
  const preview = await ask(company, 'POST', '/sources/other/preview', { settings })
  expect(preview.body).toMatchObject({ people: { people: [{ person: { extension: 'Ada' } }] } })
  const plan = await ask(company, 'POST', '/sources/company/plan', { settings })
  expect(plan.body).toMatchObject({ plan: { plan: { items: [{ kind: 'changed' }] } } })
})

test('settings are saved and taken up, and a source is taken out', async () => {
  await using company = await startWithFile({ ldif: ada })
  const settings = 'preset: openldap\nldif: people.ldif # twice\n'
  const saved = await ask(company, 'PUT', '/sources/branch', { settings })
  expect(saved.status).toBe(202)
  expect(company.text()).toContain(
    '  branch:\n    preset: openldap\n    ldif: people.ldif # twice\n',
  )
  await expect.poll(company.reloads).toBe(1)
  const meanwhile = await ask(company, 'DELETE', '/sources/branch')
  expect(meanwhile.status).toBe(409)
  await company.file.inForce()
  expect((await ask(company, 'DELETE', '/sources/branch')).status).toBe(202)
  expect(company.text()).not.toContain('branch')
})

test('what is wrong is refused with all of it, and changes nothing', async () => {
  await using company = await startWithFile({ ldif: ada })
  const before = company.text()
  const settings = { preset: 'openldap', ldif: '/etc/shadow', nonsense: true }
  const answer = await ask(company, 'PUT', '/sources/company', { settings })
  expect(answer.status).toBe(400)
  expect(answer.body['complaints']).toMatchObject([{ path: 'sources.company.ldif' }])
  expect((await ask(company, 'POST', '/sources/nobody/test', {})).status).toBe(404)
  expect((await ask(company, 'PUT', '/sources/..%2Fetc', { settings })).status).toBe(400)
  const last = await ask(company, 'DELETE', '/sources/company')
  expect(last.status).toBe(400)
  expect(company.text()).toBe(before)
})
