import { expect, test } from 'vitest'
import { Channel } from '../agi/channel.ts'
import { entry, startTestService } from '../support/service.ts'

const day = 86_400_000
const manager = entry('zoe', 1, { cn: 'Zoë', telephoneNumber: '+49 30 2312 501' })
const horst = { cn: 'Horst', telephoneNumber: '+49 30 2312 502' }
const leaver = (more: Readonly<Record<string, string>> = {}) =>
  entry('horst', 2, { ...horst, manager: 'uid=zoe,ou=people,dc=example', ...more })
const others = [3, 4, 5, 6]
  .map((id) => entry(`p${id}`, id, { telephoneNumber: `50${id}` }))
  .join('')

/** A company whose time passes as told; `rings`: whom a call to Horst's number rings. */
async function openCompany(leavers: string) {
  let now = Date.UTC(2026, 0, 1)
  const options = { ldif: manager + leaver() + others, leavers, now: () => now }
  const company = await startTestService(options)
  return {
    change: (ldif: string) => company.change(ldif + others),
    pass: (ms: number) => void (now += ms),
    async rings() {
      const port = company.service.agi?.port ?? 0
      const environment = { extension: '+49302312502' }
      const { variables } = await Channel.run({ port, script: 'did', environment })
      return [variables.get('PEERAGE_ROUTE'), variables.get('PEERAGE_RING')]
    },
    [Symbol.asyncDispose]: () => company[Symbol.asyncDispose](),
  }
}

test('who is missing rings himself until his grace is over', async () => {
  await using company = await openCompany('{ grace: 24h }')
  expect(await company.rings()).toEqual(['person', '502'])
  await company.change(manager)
  expect(await company.rings()).toEqual(['person', '502'])
})

test('who left rings his manager for 30 days, then nobody', async () => {
  await using company = await openCompany('{ grace: 0h }')
  await company.change(manager)
  company.pass(29 * day)
  expect(await company.rings()).toEqual(['manager', '501'])
  company.pass(2 * day)
  expect(await company.rings()).toEqual(['nobody', ''])
})

test('who is deleted before that takes his manager with him', async () => {
  await using company = await openCompany('{ grace: 0h, deleteAfter: 0h }')
  await company.change(manager)
  expect(await company.rings()).toEqual(['manager', '501'])
  await company.change(manager)
  expect(await company.rings()).toEqual(['nobody', ''])
})

test('who is only disabled rings his manager for as long as that lasts', async () => {
  await using company = await openCompany('{ grace: 0h }')
  await company.change(manager + leaver({ pwdAccountLockedTime: '000001010000Z' }))
  expect(await company.rings()).toEqual(['manager', '501'])
  company.pass(400 * day)
  expect(await company.rings()).toEqual(['manager', '501'])
  await company.change(manager + leaver())
  expect(await company.rings()).toEqual(['person', '502'])
})
