import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FakeAri } from '../ari/fake-ari.ts'
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

test('tells telephones by maker, with few names whatever they call themselves', async () => {
  let now = Date.UTC(2026, 0, 1)
  await using company = await startTestService({ ldif, now: () => now })
  const agents = [
    'Yealink SIP-T46S 66.85',
    'yealink T58',
    'snom870/8.7',
    'x"} 1\n',
    'fanvilyealink',
  ]
  for (const [at, agent] of agents.entries()) {
    const fields = {
      id: `501;@${at}`,
      uri: 'sip:501@192.0.2.1',
      endpoint: '501',
      user_agent: agent,
    }
    await company.ask('ps_contacts/store', new URLSearchParams(fields).toString())
  }
  const { phones } = company.service.state
  const { id } = await phones.make({ vendor: 'snom', view: 'staff', device: 'a' })
  await phones.make({ vendor: 'snom', view: 'staff', device: 'b' })
  await phones.make({ vendor: 'of-another-time', view: 'staff', device: 'c' })
  phones.noteUse(id, '192.0.2.1', 'snom870')
  now += 30_000
  const lines = (await metricsOf(company))
    .split('\n')
    .filter((line) => line.startsWith('peerage_phones'))
  expect(lines.sort()).toEqual([
    'peerage_phones_allowed{maker="other"} 1',
    'peerage_phones_allowed{maker="snom"} 2',
    'peerage_phones_last_use_seconds{maker="snom"} 30',
    'peerage_phones_registered{maker="fanvil"} 1',
    'peerage_phones_registered{maker="other"} 1',
    'peerage_phones_registered{maker="snom"} 1',
    'peerage_phones_registered{maker="yealink"} 2',
  ])
})

test('tells whether each Asterisk is told of changes, and answered by ARI', async () => {
  await using ari = await FakeAri.start()
  const yaml = `asterisk: [{ name: pbx1, ami: { host: 127.0.0.1, port: 1, user: peerage, password: x }, ari: { url: "${ari.url}", user: peerage, password: secret } }]`
  await using company = await startTestService({ ldif, yaml })
  await company.service.ari.settled()
  const lines = (await metricsOf(company)).split('\n')
  expect(lines).toContain('peerage_asterisk_connected{asterisk="pbx1"} 0')
  expect(lines).toContain('peerage_ari_connected{asterisk="pbx1"} 1')
  expect(lines).toContain('peerage_ari_calls{asterisk="pbx1"} 0')
})

test('the dashboard asks only for metrics that there are', async () => {
  await using company = await startTestService({ ldif })
  const text = await metricsOf(company)
  const file = new URL('../../docs/grafana/peerage.json', import.meta.url)
  const asked = new Set(readFileSync(file, 'utf8').match(/\b(?:peerage|nodejs|process)_\w+/g))
  const there = Array.from(text.matchAll(/^# TYPE (\w+)/gm), ([, name]) => name ?? '')
  const missing = [...asked].filter((name) => !there.includes(name.replace(/_bucket$/, '')))
  expect(missing).toEqual([])
  expect(asked.size).toBeGreaterThan(10)
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
