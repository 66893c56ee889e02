import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { entry, startTestService, type TestService } from '../support/service.ts'

const people = (count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => {
    const id = from + index
    return entry(`p${id}`, id, { cn: `Person ${id}`, telephoneNumber: String(500 + id) })
  })

const api = ({ service }: TestService) => {
  const headers = { authorization: `Bearer ${service.newToken}` }
  return async (method: 'GET' | 'POST', path: string, body?: object) => {
    const answer = await fetch(`http://127.0.0.1:${service.web.port}/api${path}`, {
      method,
      headers: body ? { ...headers, 'content-type': 'application/json' } : headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    return { status: answer.status, ...((await answer.json()) as Record<string, unknown>) }
  }
}

describe('the API', () => {
  test('shows a held plan, approves it once, and tells what the run changed', async () => {
    await using company = await startTestService({ ldif: people(40).join('') })
    const ask = api(company)
    await writeFile(join(company.folder, 'people.ldif'), people(30).join(''))
    const [held] = await company.service.sync()
    expect(held?.outcome).toBe('held')
    expect(await company.ask('ps_endpoints/single', 'id=540')).toContain('id=540')
    const health = await fetch(`http://127.0.0.1:${company.service.web.port}/healthz`)
    expect(await health.json()).toMatchObject({ status: 'stale', sources: [{ heldPlan: 1 }] })
    expect(await ask('GET', '/plans')).toMatchObject({
      plans: [{ id: 1, status: 'held', people: 10, excess: [{ kind: 'remove', limit: 5 }] }],
    })
    const { plan } = (await ask('GET', '/plans/1')) as { plan?: { items: unknown[] } }
    expect(plan?.items).toHaveLength(10)
    const approved = await ask('POST', '/plans/1/approve')
    expect(approved).toMatchObject({ status: 200, approved: true, run: { outcome: 'done' } })
    expect(await company.ask('ps_endpoints/single', 'id=540')).toBe('')
    expect(await ask('POST', '/plans/1/approve')).toMatchObject({
      status: 409,
      error: 'plan 1 was approved already',
    })
    expect((await ask('POST', '/plans/7/reject')).status).toBe(404)
    const { id } = (approved as unknown as { run: { id: number } }).run
    const { run } = (await ask('GET', `/runs/${id}`)) as { run?: { changes: object[] } }
    expect(run?.changes[0]).toMatchObject({ kind: 'disabled', name: 'Person 31', extension: '531' })
  })

  test('rejects a plan', async () => {
    await using company = await startTestService({ ldif: people(40).join('') })
    const ask = api(company)
    await writeFile(join(company.folder, 'people.ldif'), people(30).join(''))
    await company.service.sync()
    expect(await ask('POST', '/plans/1/reject')).toMatchObject({ status: 200, rejected: true })
    const [run] = await company.service.sync()
    expect(run).toMatchObject({ outcome: 'done', counts: { disabled: 0 } })
    expect(await company.ask('ps_endpoints/single', 'id=540')).toContain('id=540')
  })

  test('decides about a person, which look-ups show', async () => {
    await using company = await startTestService({ ldif: people(3).join('') })
    const ask = api(company)
    const id = company.service.people.byExtension('501')?.id ?? ''
    const person = `/people/${encodeURIComponent(id)}`
    expect(await ask('POST', `${person}/disable`)).toMatchObject({ lifecycle: 'disabled' })
    expect(await company.ask('ps_endpoints/single', 'id=501')).toBe('')
    await company.change(people(3).join(''))
    expect(await company.ask('ps_endpoints/single', 'id=501')).toBe('')
    expect(await ask('GET', '/lookup?q=501')).toMatchObject({
      found: [
        { lifecycle: 'disabled', decided: 'disabled', person: { disabled: 'administrator' } },
      ],
    })
    expect(await ask('POST', `${person}/enable`)).toMatchObject({ lifecycle: 'active' })
    expect(await company.ask('ps_endpoints/single', 'id=501')).toContain('id=501')
    expect((await ask('POST', '/people/nobody/disable')).status).toBe(404)
    expect((await ask('POST', `${person}/delete`)).status).toBe(400)
  })

  test('reads everything again where one entry cannot be asked for', async () => {
    await using company = await startTestService({ ldif: people(3).join('') })
    const ask = api(company)
    await writeFile(join(company.folder, 'people.ldif'), people(4).join(''))
    const answer = await ask('POST', '/invalidate', { number: '501' })
    expect(answer).toMatchObject({ runs: [{ outcome: 'done', counts: { added: 1 } }] })
    expect((await ask('POST', '/invalidate', {})).status).toBe(400)
    expect((await ask('POST', '/invalidate', { source: 'nowhere', user: 'x' })).status).toBe(404)
  })

  test('gives no secret away in a snapshot', async () => {
    await using company = await startTestService({ ldif: people(3).join('') })
    const { service } = company
    const answer = await fetch(`http://127.0.0.1:${service.web.port}/api/snapshot`, {
      headers: { authorization: `Bearer ${service.newToken}` },
    })
    const text = await answer.text()
    expect(text.trim().split('\n')).toHaveLength(4)
    for (const { person } of service.people.members()) {
      expect(text).toContain(person.id)
      expect(text).not.toContain(service.state.secrets.sip(person.id) ?? 'no secret')
    }
  })
})

test('trouble is told once, and so is its end', async () => {
  const told: { event: string; source: string; plan: number | null }[] = []
  const server = createServer((question, answer) => {
    let text = ''
    question.on('data', (chunk) => (text += chunk))
    question.on('end', () => {
      told.push(JSON.parse(text))
      answer.writeHead(204).end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  {
    await using company = await startTestService({
      ldif: people(40).join(''),
      yaml: `notify: { webhook: "http://127.0.0.1:${port}/" }`,
    })
    const file = join(company.folder, 'people.ldif')
    await rm(file)
    for (let round = 0; round < 3; round++) await company.service.sync()
    await writeFile(file, people(40).join(''))
    for (let round = 0; round < 2; round++) await company.service.sync()
    await writeFile(file, people(20).join(''))
    for (let round = 0; round < 2; round++) await company.service.sync()
  }
  server.close()
  expect(told.map(({ event }) => event)).toEqual(['failure', 'recovery', 'held'])
  expect(told.at(-1)).toMatchObject({ source: 'company', plan: 1 })
})

test('an entry of eight megabytes and an id that comes twice stop nobody else', async () => {
  const huge = entry('huge', 90, { telephoneNumber: '590', description: 'x'.repeat(8_000_000) })
  const twin = entry('twin', 1, { telephoneNumber: '599' })
  await using company = await startTestService({ ldif: people(2).join('') + huge + twin })
  expect(await company.ask('ps_endpoints/single', 'id=501')).toContain('id=501')
  expect(await company.ask('ps_endpoints/single', 'id=502')).toContain('id=502')
  expect(await company.ask('ps_endpoints/single', 'id=599')).toBe('')
  const [run] = await company.service.ready
  expect(run?.outcome).toBe('done')
  expect(run?.problems.map(({ text }) => text).join()).toMatch(/same dn or entryUUID/)
}, 30_000)

test('the control socket serves the same, for the commands', async () => {
  await using company = await startTestService({
    ldif: people(1).join(''),
    state: '"sqlite:./peerage.db"',
  })
  const socketPath = join(company.folder, 'peerage.sock')
  const status = await new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: '/api/plans' }, (answer) =>
      resolve(answer.statusCode),
    )
    asked.on('error', reject).end()
  })
  expect(status).toBe(200)
})
