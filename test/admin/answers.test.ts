import { expect, test } from 'vitest'
import { entry, startTestService, type TestService } from '../support/service.ts'
import { undescribed, type DescribedApi, type RealAnswer } from '../support/described-answers.ts'

const ldif = [
  entry('ada', 1, {
    cn: 'Ada Lovelace',
    telephoneNumber: '501',
    mobile: '+49 171 3920001',
    departmentNumber: 'Research',
    mail: 'ada@example.org',
  }),
  entry('bob', 2, { cn: 'Bob', telephoneNumber: '501' }),
  entry('cleo', 3, { cn: '王伟', telephoneNumber: '509', mobile: 'call me 4' }),
  entry('dora', 4, { cn: 'Dora', telephoneNumber: '511' }),
]
const ada = 'company/00000000-0000-4000-8000-000000000001'
const cleo = 'company/00000000-0000-4000-8000-000000000003'
const person = (id: string, rest = '') => `/api/people/${encodeURIComponent(id)}${rest}`

/** Where something is to be told of everything: who is missing, a held plan, a phone that came … */
async function openBusyOffice(): Promise<TestService> {
  const company = await startTestService({
    ldif: ldif.join('\n'),
    leavers: '{ grace: 2h }',
    source: 'guard: { changes: 2, percent: 90 }',
    yaml: `login: { mode: none, refusalMs: 0 }
asterisk:
  - name: pbx1
    ami: { host: 127.0.0.1, port: 1, user: peerage, password: x }
    ari: { url: "http://127.0.0.1:1", user: peerage, password: x }
`,
  })
  await company.change(ldif.slice(0, 3).join('\n')) // Dora is missing
  const more = [5, 6, 7].map((id) => entry(`new${id}`, id, { telephoneNumber: '501' }))
  await expect(company.change([...ldif, ...more].join('\n'))).rejects.toThrow('sync failed')
  const { phones, tokens } = company.service.state
  const { token } = await phones.make({ vendor: 'snom', view: 'staff', device: '000413aabbcc' })
  await fetch(`http://127.0.0.1:${company.service.web.port}/pb/snom/${token}/find`)
  await tokens.make('wiki', ['read', 'lookup'])
  await asker(company)('POST', person(cleo, '/disable'))
  return company
}

function asker({ service }: TestService) {
  return async (method: string, path: string, body?: unknown): Promise<RealAnswer> => {
    const answer = await fetch(`http://127.0.0.1:${service.web.port}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${service.newToken}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const type = answer.headers.get('content-type') ?? ''
    return { status: answer.status, type, body: await answer.text() }
  }
}

async function describedBy(company: TestService): Promise<DescribedApi> {
  return JSON.parse((await asker(company)('GET', '/api/openapi.json')).body) as DescribedApi
}

test('answers are as they are described where there is much to tell, and where there is nothing', async () => {
  await using busy = await openBusyOffice()
  await using empty = await startTestService({ ldif: null })
  const paths: readonly (readonly [described: string, asked?: string])[] = [
    ['/api/people'],
    ['/api/people', '/api/people?filter=missing'],
    ['/api/people', '/api/people?limit=1'],
    ['/api/people/{id}', person(ada)],
    ['/api/lookup', '/api/lookup?q=501&secrets=true'],
    ['/api/why', '/api/why?q=%2B491713920001&from=501&trunk=any'],
    ['/api/why', '/api/why?q=anonymous'],
    ['/api/runs'],
    ['/api/plans'],
    ['/api/snapshot'],
    ['/api/conflicts'],
    ['/api/numbers'],
    ['/api/numbers/free'],
    ['/api/numbers/unreadable'],
    ['/api/numbers/unowned'],
    ['/api/phones'],
    ['/api/views'],
    ['/api/views/{name}/preview', '/api/views/staff/preview'],
    ['/api/views/{name}/preview', '/api/views/staff/preview?vendor=snom&limit=1'],
    ['/api/audit'],
    ['/api/tokens'],
    ['/api/asterisk'],
    ['/api/asterisk/someone'],
    ['/api/sources'],
    ['/api/configuration'],
    ['/healthz'],
    ['/readyz'],
  ]
  for (const company of [busy, empty]) {
    const document = await describedBy(company)
    const ask = asker(company)
    for (const [described, asked = described] of paths) {
      const answer = await ask('GET', asked)
      expect(undescribed(document, `get ${described}`, answer)).toEqual([])
      if (company === busy) expect(answer.body).not.toMatch(/^\{"\w+":\[\]/)
    }
  }
  expect((await asker(busy)('GET', '/api/phones')).body).toContain('"lastUse":{"at":')
})

test('what a plan does to people and telephones is answered as it is described', async () => {
  await using company = await openBusyOffice()
  const document = await describedBy(company)
  const ask = asker(company)
  const plan = await ask('GET', '/api/plans/1')
  expect(plan.body).toContain('"kind":"added"')
  expect(undescribed(document, 'get /api/plans/{id}', plan)).toEqual([])
  const snapshot = await ask('GET', '/api/snapshot')
  expect(snapshot.body).toContain('"decided":"disabled"')
  expect(undescribed(document, 'get /api/snapshot', snapshot)).toEqual([])
})

test('a refusal is as it is described', async () => {
  await using company = await openBusyOffice()
  const document = await describedBy(company)
  const ask = asker(company)
  const nobody = await ask('GET', person('company/nobody'))
  expect(nobody.status).toBe(404)
  expect(undescribed(document, 'get /api/people/{id}', nobody)).toEqual([])
  const tooMany = await ask('GET', '/api/people?limit=0')
  expect(undescribed(document, 'get /api/people', tooMany)).toEqual([])
  const taken = await ask('POST', '/api/tokens', { name: 'wiki', scopes: ['read'] })
  expect(taken.status).toBe(409)
  expect(undescribed(document, 'post /api/tokens', taken)).toEqual([])
  const away = await ask('POST', '/api/calls', { from: '501', to: '+49 171 3920001' })
  expect(away.status).toBe(503)
  expect(undescribed(document, 'post /api/calls', away)).toEqual([])
})

test('a field that is not described, is not there or is of another kind is noticed, however deep', async () => {
  await using company = await openBusyOffice()
  const document = await describedBy(company)
  const answer = await asker(company)('GET', '/api/lookup?q=ada')
  const changed = (from: string, to: string) => {
    expect(answer.body).toContain(from)
    const body = answer.body.replace(from, to)
    return undescribed(document, 'get /api/lookup', { ...answer, body }).join()
  }
  expect(changed('"kind":"mobile"', '"kind":"mobile","shoe":44')).toMatch('/numbers/0/shoe')
  expect(changed('"hidden":false,', '')).toMatch('/found/0/person must have required')
  expect(changed('"missingSince":null', '"missingSince":"never"')).toMatch('/missingSince')
})
