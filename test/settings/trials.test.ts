import { createServer } from 'node:net'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Draft, Trial } from '../../src/answers/admin/source-settings.ts'
import { isSecretAttribute } from '../../src/settings/attribute-use.ts'
import { openSettings } from '../../src/settings/open-settings.ts'
import { entry } from '../support/service.ts'
import { startWithFile, type ServiceWithFile } from '../support/with-file.ts'
import { readConfig } from '../../src/config/config.ts'

const ada = entry('ada', 1, { cn: 'Ada', telephoneNumber: '501', userPassword: 'hunter2' })
const grace = entry('grace', 2, { cn: 'Grace', telephoneNumber: '502', roomNumber: 'B 12' })

/** The settings as the service has them, for a test that has no browser. */
function settingsOf({ service, file }: ServiceWithFile, signal = new AbortController().signal) {
  const clockOf = (name: string) => service.syncs.find((each) => each.name === name)?.clock
  const config = readConfig(file.path, file.environment)
  return openSettings({ people: service.people, clockOf, now: Date.now, config, signal, file })
}

function begun(company: ServiceWithFile, name = 'company'): Draft {
  const draft = settingsOf(company).beginNew('me', name)
  if (!draft) throw new Error('no draft')
  return draft
}

async function tried<What extends Trial>(draft: Draft, what: What) {
  draft.try(what)
  await draft.settled()
  const run = draft.trials[what]
  if (!run) throw new Error(`not tried: ${JSON.stringify(draft.look().complaints)}`)
  return run
}

test('attributes are counted as the entries have them, and a secret is never shown', async () => {
  await using company = await startWithFile({ ldif: ada + grace })
  const { found, error } = await tried(begun(company), 'attributes')
  expect(error).toBeNull()
  const uses = new Map(found?.used.map((use) => [use.name, use]))
  expect(uses.get('telephonenumber')).toMatchObject({
    count: 2,
    example: '501',
    fields: ['extension', 'did', 'phone'],
  })
  expect(uses.get('roomnumber')).toMatchObject({ count: 1, fields: ['mailStop'] })
  expect(uses.get('userpassword')).toMatchObject({ count: 1, example: null, isSecret: true })
  expect(JSON.stringify(found)).not.toContain('hunter2')
})

test('an attribute that is mapped as a secret is one, whatever its name', async () => {
  await using company = await startWithFile({ ldif: grace })
  const draft = begun(company)
  draft.write(`${draft.text}secrets: { sip: { from: roomNumber } }\n`)
  expect(JSON.stringify((await tried(draft, 'attributes')).found)).not.toContain('B 12')
})

test.each([
  'userPassword',
  'unicodePwd',
  'ms-Mcs-AdmPwd',
  'msLAPS-EncryptedPassword',
  'sambaNTPassword',
  'krbPrincipalKey',
  'ipaNTHash',
  'supplementalCredentials',
  'voicemailPin',
])('%s is a secret', (name) => {
  expect(isSecretAttribute(name)).toBe(true)
})

test.each(['telephoneNumber', 'pager', 'pwdLastSet', 'badPwdCount', 'shippingAddress', 'mail'])(
  '%s is no secret',
  (name) => {
    expect(isSecretAttribute(name)).toBe(false)
  },
)

test('the first people are shown as other settings would make them, and nobody changes', async () => {
  await using company = await startWithFile({ ldif: ada + grace })
  const draft = begun(company)
  draft.fillIn({ map: { extension: 'roomNumber', name: 'uid', department: 'userPassword' } })
  const { found } = await tried(draft, 'people')
  expect(found?.people.map(({ person }) => person?.name)).toEqual(['ada', 'grace'])
  expect(found?.people[1]?.problems.join()).toContain('roomNumber')
  expect(JSON.stringify(found)).not.toContain('hunter2')
  expect(company.service.people.byExtension('501')?.name).toBe('Ada')
})

test('what would change is said person by person, with its effect on telephones', async () => {
  await using company = await startWithFile({ ldif: ada + grace })
  const before = company.service.people.size
  const draft = begun(company)
  draft.fillIn({ filter: '(uid=ada)' })
  const { found } = await tried(draft, 'plan')
  expect(found?.plan.items).toMatchObject([{ kind: 'disabled', name: 'Grace' }])
  expect(found?.plan.effects.numbers).toMatchObject([{ number: '502', after: [] }])
  expect(company.service.people.size).toBe(before)
  expect(company.service.people.byExtension('502')?.name).toBe('Grace')
})

test('a new source is held against those who are there: who loses a number is said', async () => {
  await using company = await startWithFile({ ldif: ada })
  await writeFile(join(company.folder, 'more.ldif'), entry('ann', 3, { telephoneNumber: '501' }))
  const draft = begun(company, 'branch')
  draft.fillIn({ ldif: 'more.ldif' })
  const { found } = await tried(draft, 'plan')
  expect(found).toMatchObject({ isFirst: true, entries: 1 })
  expect(found?.plan.effects.lost).toMatchObject([
    { number: '501', owner: { name: 'Ada' }, loser: { name: 'ann' } },
  ])
})

test('a source that is taken out leaves its people until somebody decides', async () => {
  const more = '  branch:\n    preset: openldap\n    ldif: more.ldif\n'
  const sources = `  company:\n    preset: openldap\n    ldif: people.ldif\n${more}`
  await using company = await startWithFile({ ldif: ada + grace, sources })
  const draft = begun(company)
  draft.remove()
  expect(draft.look().difference.filter(({ kind }) => kind === 'gone')).toHaveLength(3)
  const { found } = await tried(draft, 'plan')
  expect(found).toMatchObject({ left: 2, plan: { people: 2 } })
  expect(found?.plan.effects.numbers.map(({ number }) => number)).toEqual(['501', '502'])
})

test('a server that is silent is given up after its time, and another trial stops it at once', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as { port: number } // it listens on TCP
  await using company = await startWithFile({ ldif: ada })
  const draft = begun(company, 'silent')
  draft.write(
    `preset: openldap\nservers: ["ldap://127.0.0.1:${port}"]\nbase: dc=x\nconnectMs: 200\n`,
  )
  const { found, error } = await tried(draft, 'connection')
  expect(error).toBeNull()
  expect(found.at(-1)).toMatchObject({ step: 'tls', ok: false })
  draft.write(draft.text.replace('200', '9000'))
  draft.try('people')
  const first = draft.trials.people
  draft.try('people')
  await expect.poll(() => first?.isRunning).toBe(false)
  expect(first?.error).toContain('something else is tried')
  draft.write(draft.text.replace('9000', '100'))
  expect((await tried(draft, 'people')).error).toContain('silent')
  silent.close()
})

test('dry runs are made one after the other', async () => {
  await using company = await startWithFile({ ldif: ada })
  const settings = settingsOf(company)
  const drafts = ['me', 'you'].flatMap((owner) => settings.begin(owner, 'company') ?? [])
  for (const draft of drafts) draft.try('plan')
  await drafts[1]?.settled()
  expect(drafts[0]?.trials.plan?.isRunning).toBe(false)
  expect(drafts.map(({ trials }) => trials.plan?.found?.entries)).toEqual([1, 1])
})

test('wrong settings are not tried', async () => {
  await using company = await startWithFile({ ldif: ada })
  const draft = begun(company)
  draft.write('preset: openldap\nldif: people.ldif\nfilter: "("\n')
  draft.try('people')
  expect(draft.trials.people).toBeUndefined()
})

test('a draft is its owner’s alone, and the oldest make room', async () => {
  await using company = await startWithFile({ ldif: ada })
  const settings = settingsOf(company)
  const first = settings.begin('me', 'company')
  expect(settings.draft('me', first?.id ?? '')).toBe(first)
  expect(settings.draft('somebody', first?.id ?? '')).toBeUndefined()
  for (let count = 0; count < 20; count++) settings.begin('somebody', 'company')
  expect(settings.draft('me', first?.id ?? '')).toBeUndefined()
})
