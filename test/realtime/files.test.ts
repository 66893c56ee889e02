import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodePairs } from '../../src/answers/realtime/codec.ts'
import { entry, startTestService, type TestService } from '../support/service.ts'

const sales = { memberOf: 'cn=Sales,ou=groups,dc=example' }
const ldif = [
  entry('zoe', 1, {
    cn: 'Zoë; "Müller", Dr.',
    sn: 'pass#word',
    telephoneNumber: '+49 30 2312 501',
    mail: 'zoe@example.org',
    ...sales,
  }),
  entry('bob', 2, { cn: 'Bob', sn: 'secret2', telephoneNumber: '602' }),
  entry('gone', 3, { telephoneNumber: '503', pwdAccountLockedTime: '000001010000Z' }),
].join('')
const yaml = `
classes: { default: { callGroup: first-digit } }
queues: { sales: { group: Sales } }
realtime: { usersConf: { template: lan, context: did-local } }
`
const source = 'map: { sipSecret: sn, did: telephoneNumber }, secrets: { pin: { initial: "1111" } }'

let company: TestService
beforeAll(async () => void (company = await startTestService({ ldif, yaml, source })))
afterAll(() => company[Symbol.asyncDispose]())

const get = async (path: string, from = company) =>
  (await fetch(`http://127.0.0.1:${from.service.pbx.port}/realtime/${path}`)).text()

test('users.conf has a section of the template for everybody, with his public number as context', async () => {
  expect(await get('files/users.conf')).toBe(`[501](lan)
fullname = Zoë\\; 'Müller', Dr.
cid_number = 501
secret = pass#word
email = zoe@example.org
callgroup = 5
pickupgroup = 5
context = 2312501
hasvoicemail = yes
vmsecret = 1111

[602](lan)
fullname = Bob
cid_number = 602
secret = secret2
callgroup = 6
pickupgroup = 6
context = internal
hasvoicemail = yes
vmsecret = 1111

`)
})

test('as static realtime, which knows no templates, every section has the settings itself', async () => {
  const lines = (await get('users/static?file=users.conf')).trim().split('\r\n')
  const rows = lines.map((line) => Object.fromEntries(decodePairs(line)))
  expect(rows.slice(0, 4)).toEqual([
    { cat_metric: '0', category: '501', var_name: 'type', var_val: 'friend' },
    { cat_metric: '0', category: '501', var_name: 'host', var_val: 'dynamic' },
    { cat_metric: '0', category: '501', var_name: 'hassip', var_val: 'yes' },
    { cat_metric: '0', category: '501', var_name: 'fullname', var_val: `Zoë; 'Müller', Dr.` },
  ])
  expect(new Set(rows.map((row) => row['cat_metric']))).toEqual(new Set(['0', '1']))
})

test('pjsip.conf has the columns of the realtime families', async () => {
  const text = await get('files/pjsip.conf')
  expect(text.match(/^\[501\]\ntype = (endpoint|auth|aor)$/gm)).toHaveLength(3)
  expect(text).toContain('password = pass#word\n')
  expect(text).not.toContain('503')
})

test('voicemail.conf and queues.conf keep what a name holds out of their commas', async () => {
  expect(await get('files/voicemail.conf')).toBe(
    `[default]\n501 = 1111,Zoë 'Müller' Dr.,zoe@example.org\n602 = 1111,Bob\n\n`,
  )
  expect(await get('files/queues.conf')).toContain(`member = PJSIP/501,0,Zoë 'Müller' Dr.\n`)
})

test('a file that is not made of people is empty', async () => {
  expect(await get('files/sip.conf')).toBe('')
  expect(await get('files/../ps_auths')).toBe('')
  expect(await get('x/static?file=extensions.conf')).toBe('')
  expect(await get('x/static')).toBe('')
})

test('what is switched off is answered as empty and takes nothing', async () => {
  await using small = await startTestService({
    ldif,
    yaml: 'realtime: { off: [files, ps_auths, ps_contacts] }',
  })
  expect(await get('files/users.conf', small)).toBe('')
  expect(await small.ask('ps_auths/single', 'id=501')).toBe('')
  expect(await small.ask('ps_contacts/store', 'id=501%3B%40aa&uri=sip%3Aa')).toBe('0')
  expect(await small.ask('ps_endpoints/single', 'id=501')).toContain('id=501')
})

test('a family that is unknown cannot be switched off', async () => {
  const started = startTestService({ ldif, yaml: 'realtime: { off: [ps_nonsense] }' })
  await expect(started).rejects.toThrow(/realtime\.off/)
})
