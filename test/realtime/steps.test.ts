import { describe, expect, test } from 'vitest'
import { decodePairs } from '../../src/answers/realtime/codec.ts'
import { entry, startTestService, type TestService } from '../support/service.ts'

const shared = { facsimileTelephoneNumber: '+49 30 2312 570' }
const zoe = entry('zoe', 1, { telephoneNumber: '501', ...shared })
const bob = entry('bob', 2, { telephoneNumber: '502', ...shared })
const source = 'map: { did: facsimileTelephoneNumber }'

async function step(
  { ask }: TestService,
  exten: string,
  { priority = 1, context = 'internal' } = {},
): Promise<string | undefined> {
  const question = `exten=${encodeURIComponent(exten)}&priority=${priority}&context=${context}`
  const row = new Map(decodePairs((await ask('extensions/single', question)).trim()))
  return row.size === 0 ? undefined : `${row.get('app')}(${row.get('appdata')})`
}

test('those who share a number are rung in turn, if their class says so', async () => {
  const yaml = 'classes: { default: { sharedDid: order, ringSeconds: 12 } }'
  await using company = await startTestService({ ldif: zoe + bob, source, yaml })
  expect(await step(company, '+49302312570', { context: 'from-trunk' })).toBe(
    'Gosub(peerage-ring,s,1(501&502,,12,order))',
  )
  expect(await step(company, '501')).toBe('Gosub(peerage-ring,s,1(501,501@default,12))')
})

test('a class may have steps of its own, one after the other, and nothing behind the last', async () => {
  const yaml = `
classes:
  default:
    steps:
      - Set(CDR(userfield)={number})
      - Dial(PJSIP/{phones},{seconds},b(mine^\${EXTEN}^1))
      - VoiceMail({mailbox},u)`
  await using company = await startTestService({ ldif: zoe, yaml })
  expect(await step(company, '501')).toBe('Set(CDR(userfield)=501)')
  expect(await step(company, '501', { priority: 2 })).toBe('Dial(PJSIP/501,30,b(mine^${EXTEN}^1))')
  expect(await step(company, '501', { priority: 3 })).toBe('VoiceMail(501@default,u)')
  expect(await step(company, '501', { priority: 4 })).toBeUndefined()
})

test('of very many who share a number as many are rung as a row of Asterisk holds', async () => {
  const many = Array.from({ length: 300 }, (_, at) =>
    entry(`u${at}`, at + 1, { telephoneNumber: String(5000 + at), ...shared }),
  )
  await using company = await startTestService({ ldif: many.join(''), source })
  const ring = await step(company, '+49302312570', { context: 'from-trunk' })
  const [, appdata = ''] = /^Gosub\((.*)\)$/.exec(ring ?? '') ?? []
  expect(appdata).toMatch(/^peerage-ring,s,1\(5000(&\d{4})+,,30\)$/)
  expect(appdata.length).toBeLessThanOrEqual(510)
  expect(appdata.length).toBeGreaterThan(500)
})

describe('several companies on one Asterisk', () => {
  const tenant = (name: string, id: number) =>
    entry(name, id, { telephoneNumber: '501', description: `501@${name}.example` })
  const options = {
    ldif: tenant('alpha', 1) + tenant('beta', 2) + zoe.replace(btoa('501'), btoa('503')),
    source: 'map: { extension: [description, telephoneNumber] }',
    yaml: `
domainAliases: { 127.0.0.5: alpha.example, 127.0.0.6: beta.example }
dialplan: { domains: { alpha.example: alpha, beta.example: beta } }`,
  }

  test('the same number is another person in the context of each', async () => {
    await using companies = await startTestService(options)
    expect(await step(companies, '501', { context: 'alpha' })).toContain('(501@alpha.example,')
    expect(await step(companies, '501', { context: 'beta' })).toContain('(501@beta.example,')
    expect(await step(companies, '501')).toBeUndefined()
    expect(await step(companies, '503', { context: 'alpha' })).toBeUndefined()
    const longer = 'exten%20LIKE=50%25&priority=1&context=beta'
    expect((await companies.ask('extensions/multi', longer)).match(/exten=/g)).toHaveLength(1)
    expect(await companies.ask('ps_endpoints/single', 'id=501%40beta.example')).toContain(
      'auth=501%40beta.example',
    )
    expect(await companies.ask('ps_auths/single', 'id=501%40beta.example')).toContain(
      '&username=501&',
    )
  })

  test('two domains cannot have one context', async () => {
    const yaml = 'dialplan: { domains: { a.example: internal } }'
    await expect(startTestService({ ldif: zoe, yaml })).rejects.toThrow(
      /dialplan\.domains\.a\.example: the context 'internal' is taken/,
    )
  })
})
