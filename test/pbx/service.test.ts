import { expect, test } from 'vitest'
import { entry, startTestService } from '../support/service.ts'
import { startFakeAmi, type FakeAmi } from './fake-ami.ts'

const zoe = (name: string) => entry('zoe', 1, { cn: name, telephoneNumber: '501' })

const startCompany = (ami: FakeAmi) =>
  startTestService({
    ldif: zoe('Zoë'),
    yaml: `asterisk: [{ name: pbx1, ami: ${JSON.stringify(ami.options)} }]`,
  })

test('a change of the directory reaches Asterisk', async () => {
  await using ami = await startFakeAmi()
  await using company = await startCompany(ami)
  await company.service.asterisks.settled()
  const before = ami.actions.length
  await company.change(zoe('Zoë Müller'))
  await ami.arrived(
    ({ Cache, Object }) => `${Cache} ${Object}` === 'res_pjsip/endpoint 501',
    before,
  )
  const later = ami.actions.length
  await company.service.sync()
  await company.service.asterisks.settled()
  expect(ami.actions.slice(later).filter(({ Object }) => Object !== undefined)).toEqual([])
})

test('the API shows to who may ask it how each Asterisk is', async () => {
  await using ami = await startFakeAmi()
  await using company = await startCompany(ami)
  await company.service.asterisks.settled()
  const { web, newToken } = company.service
  const ask = (token: string) =>
    fetch(`http://127.0.0.1:${web.port}/api/asterisk`, {
      headers: { authorization: `Bearer ${token}` },
    })
  expect((await ask('wrong')).status).toBe(401)
  const answer = await ask(newToken ?? '')
  const text = await answer.text()
  expect(JSON.parse(text)).toMatchObject({
    asterisk: [
      {
        name: 'pbx1',
        address: `127.0.0.1:${ami.options.port}`,
        connected: true,
        connectedSince: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        technologies: ['pjsip'],
        problem: null,
      },
    ],
  })
  expect(text).not.toContain(ami.options.password)
})

test('an Asterisk that is away holds up neither the start nor an answer', async () => {
  const ami = await startFakeAmi()
  await ami[Symbol.asyncDispose]()
  await using company = await startCompany(ami)
  expect(await company.ask('ps_endpoints/single', 'id=501')).toContain('id=501')
  await company.change(zoe('Zoë Müller'))
  expect(await company.ask('ps_endpoints/single', 'id=501')).toContain('M%C3%BCller')
  expect(company.service.asterisks.status()).toMatchObject([{ connected: false }])
})
