import { expect, test } from 'vitest'
import { entry, startTestService, type TestService } from '../support/service.ts'

const ldif = entry('ada', 1, { telephoneNumber: '501' }) + entry('grace', 2, {})

async function metricsOf({ service }: TestService): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${service.web.port}/metrics`, {
    headers: { authorization: `Bearer ${service.newToken}` },
  })
  expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4')
  return answer.text()
}

test('counts what Asterisk asks by family, kind and result, with its latencies', async () => {
  await using company = await startTestService({ ldif })
  await company.ask('ps_endpoints/single', 'id=501')
  await company.ask('ps_endpoints/single', 'id=501')
  await company.ask('ps_endpoints/single', 'id=599')
  await company.ask('ps_contacts/store', 'id=501%3B%40x&uri=sip%3A501%40192.0.2.1&endpoint=501')
  const lines = (await metricsOf(company)).split('\n')
  const asked = 'family="ps_endpoints",verb="single"'
  expect(lines).toContain(`peerage_lookups_total{${asked},result="found"} 2`)
  expect(lines).toContain(`peerage_lookups_total{${asked},result="empty"} 1`)
  expect(lines).toContain(
    'peerage_lookups_total{family="ps_contacts",verb="store",result="kept"} 1',
  )
  expect(lines).toContain(`peerage_lookup_seconds_bucket{le="+Inf",${asked}} 3`)
  expect(lines).toContain(`peerage_lookup_seconds_count{${asked}} 3`)
})

test('tells the age of the data, the runs by their ends, and the people', async () => {
  let now = Date.UTC(2026, 0, 1)
  await using company = await startTestService({ ldif, now: () => now })
  now += 90_000
  const lines = (await metricsOf(company)).split('\n')
  expect(lines).toContain('peerage_people{source="company"} 2')
  expect(lines).toContain('peerage_data_age_seconds{source="company"} 90')
  expect(lines).toContain('peerage_runs_total{source="company",outcome="done"} 1')
  expect(lines).toContain('peerage_plan_held{source="company"} 0')
})

test('is for those who have a token', async () => {
  await using company = await startTestService({ ldif })
  const answer = await fetch(`http://127.0.0.1:${company.service.web.port}/metrics`)
  expect(answer.status).toBe(401)
})

test('is ready when somebody can be answered, and not before', async () => {
  await using company = await startTestService({ ldif })
  await using empty = await startTestService({ ldif: null })
  const ask = async ({ service }: TestService) =>
    (await fetch(`http://127.0.0.1:${service.web.port}/readyz`)).status
  expect(await ask(company)).toBe(200)
  expect(await ask(empty)).toBe(503)
})
