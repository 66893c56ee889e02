import { expect, test } from 'vitest'
import { decodePairs } from '../../src/answers/realtime/codec.ts'
import { entry, startTestService } from '../support/service.ts'

const ldif = [
  entry('zoe', 1, {
    cn: 'Müller, "Zoë" ${EVIL}',
    telephoneNumber: '501',
    mobile: '+49 171 1234567',
    title: 'Head; of=all',
  }),
  entry('bob', 2, { cn: 'Bob', telephoneNumber: '502', homePhone: '+49 30 99887766' }),
  entry('eve', 3, { cn: 'Eve', telephoneNumber: '503', homePhone: '+49 30 99887766' }),
  entry('gone', 4, {
    cn: 'Gone',
    mobile: '+49 171 7654321',
    pwdAccountLockedTime: '000001010000Z',
  }),
].join('')

test('any number of a person gives the name, in any spelling, and nothing that a dialplan evaluates', async () => {
  await using company = await startTestService({ ldif })
  const about = async (number: string) => {
    const row = await company.ask('callerid/single', `number=${encodeURIComponent(number)}`)
    return Object.fromEntries(decodePairs(row.trim()))
  }
  expect(await about('01711234567')).toEqual({
    number: '01711234567',
    name: "Müller 'Zoë' {EVIL}",
    e164: '+491711234567',
    extension: '501',
    kind: 'mobile',
  })
  // A stranger may send a short number, too, and is no colleague for it.
  expect(await about('501')).toEqual({})
  expect(await about('+493099887766')).toEqual({}) // two have it, and nobody knows who calls
  // Who may not use the telephone is somebody all the same.
  expect(await about('+491717654321')).toMatchObject({ name: 'Gone' })
  expect(await about('anonymous')).toEqual({})
})

test('who has a public number may call from a context that is named by it', async () => {
  const numbers = { telephoneNumber: '+49 30 2312 501' }
  const yaml = 'classes: { default: { context: inside, didContext: true } }'
  const without = entry('bob', 2, { telephoneNumber: '777' })
  const source = 'map: { did: { from: telephoneNumber, own: true } }'
  await using company = await startTestService({
    ldif: entry('zoe', 1, numbers) + without,
    yaml,
    source,
  })
  for (const family of ['ps_endpoints/single', 'sippeers/single']) {
    const key = family.startsWith('ps') ? 'id' : 'name'
    expect(await company.ask(family, `${key}=501`)).toContain('context=49302312501&')
  }
  expect(await company.ask('ps_endpoints/single', 'id=777')).toContain('context=inside&')
})

test('people who share a number ring in order, if their class says so', async () => {
  const shared = { facsimileTelephoneNumber: '+49 30 2312 570' }
  const pair = ['501', '502'].map((telephoneNumber, at) =>
    entry(`p${at}`, at, { telephoneNumber, ...shared }),
  )
  const source = 'map: { did: facsimileTelephoneNumber }'
  const yaml = 'classes: { default: { sharedDid: order } }'
  await using company = await startTestService({ ldif: pair.join(''), source, yaml })
  const row = await company.ask('extensions/single', 'exten=%2B49302312570&context=from-trunk')
  expect(decodeURIComponent(row)).toContain('peerage-ring,s,1(501&502,,30,order)')
})
