import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodePairs } from '../../src/answers/realtime/codec.ts'
import { entry, startTestService, type TestService } from '../support/service.ts'

const ldif = [
  entry('zoe', 1, { cn: 'Zoë', telephoneNumber: '501' }),
  entry('bob', 2, { cn: 'Bob', telephoneNumber: '502' }),
].join('')

let company: TestService
beforeAll(
  async () =>
    void (company = await startTestService({
      ldif,
      source: 'map: { callGroup: { from: extension, match: "^(.)" } }',
    })),
)
afterAll(() => company[Symbol.asyncDispose]())

const registration =
  'ipaddr=127.0.0.1&fullcontact=sip%3A501%40127.0.0.1%3A5071&lastms=0&useragent=rig-ua&defaultuser=501&regseconds=1795314936&port=5071'

test('a peer is found by name, whichever way chan_sip asks', async () => {
  const dynamic = await company.ask('sippeers/single', 'name=501&host=dynamic')
  expect(Object.fromEntries(decodePairs(dynamic.trim()))).toMatchObject({
    name: '501',
    type: 'friend',
    host: 'dynamic',
    context: 'internal',
    callerid: '"Zoë" <501>',
    mailbox: '501@default',
    namedcallgroup: '5',
  })
  expect(await company.ask('sippeers/single', 'name=501')).toBe(dynamic)
  expect(await company.ask('sippeers/single', 'name=999&host=dynamic')).toBe('')
})

test('questions that no person of ours can mean are answered with nothing', async () => {
  expect(await company.ask('sippeers/single', 'host=127.0.0.1&port=5071')).toBe('')
  expect(await company.ask('sippeers/multi', 'host=127.0.0.1&insecure%20LIKE=%25port%25')).toBe('')
  expect(await company.ask('sippeers/multi', 'name%20LIKE=%25&callbackextension%20LIKE=%25')).toBe(
    '',
  )
})

test('a registration is made by an update and found by name and by address, in both families', async () => {
  expect(await company.ask('sipregs/single', 'name=501')).toBe('')
  expect(await company.ask('sipregs/update?name=501', registration)).toBe('1')
  expect(await company.ask('sipregs/single', 'name=501')).toContain('ipaddr=127.0.0.1')
  expect(await company.ask('sipregs/single', 'ipaddr=127.0.0.1&port=5071')).toContain('name=501')
  expect(await company.ask('sipregs/single', 'ipaddr=127.0.0.1&port=5072')).toBe('')
  expect(await company.ask('sippeers/single', 'ipaddr=127.0.0.1&port=5071')).toMatch(
    /^name=501&.*port=5071/,
  )
  expect(await company.ask('sippeers/multi', 'name%20LIKE=%25')).toMatch(
    /^name=501.*\r\nname=502.*\r\n$/,
  )
})

test('an un-REGISTER empties the registration', async () => {
  await company.ask('sippeers/update?name=502', registration.replaceAll('5071', '5072'))
  const empty = 'fullcontact=&lastms=0&useragent=&regserver=&regseconds=0&port=0&ipaddr='
  expect(await company.ask('sippeers/update?name=502', empty)).toBe('1')
  expect(await company.ask('sippeers/single', 'ipaddr=127.0.0.1&port=5072')).toBe('')
  expect(await company.ask('sippeers/single', 'name=502')).not.toContain('ipaddr')
})

test('nobody registers who is not there', async () => {
  expect(await company.ask('sipregs/update?name=999', registration)).toBe('0')
  expect(await company.ask('sipregs/single', 'name=999')).toBe('')
})
