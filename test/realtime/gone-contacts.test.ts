import { expect, test } from 'vitest'
import { entry, startTestService } from '../support/service.ts'

const ada = entry('ada', 1, { telephoneNumber: '501' })
const zoe = entry('zoe', 2, { telephoneNumber: '502' })
const id = '501%3B%40d41d8cd98f00b204e9800998ecf8427e'

/** Ada's phone is registered, then she leaves. */
async function openAfterLeaving() {
  const clock = { ms: 1_795_000_000_000 }
  const company = await startTestService({ ldif: ada + zoe, now: () => clock.ms })
  const seconds = () => clock.ms / 1000
  const contact = `uri=sip%3A501%40127.0.0.1&expiration_time=${seconds() + 3600}&endpoint=501`
  const ranOut = () =>
    company.ask('ps_contacts/multi', `expiration_time%20%3C%3D=${Math.floor(seconds())}`)
  await company.ask('ps_contacts/store', `id=${id}&${contact}`)
  const before = await ranOut()
  await company.change(zoe)
  await company.service.asterisks.settled()
  return { company, clock, contact, ranOut, before }
}

test('the phone of somebody who left counts as run out, and is nowhere else', async () => {
  const { company: opened, ranOut, before } = await openAfterLeaving()
  await using company = opened
  expect(before).toBe('')
  expect(await ranOut()).toMatch(new RegExp(`^id=${id}&.*expiration_time=1&`))
  for (const body of ['id%20LIKE=%25', 'id%20LIKE=501%3B%40%25', 'endpoint=501', `id=${id}`]) {
    expect(await company.ask('ps_contacts/multi', body)).toBe('')
  }
})

test('each Asterisk may delete it, and hears that it did', async () => {
  const { company: opened, ranOut } = await openAfterLeaving()
  await using company = opened
  expect(await company.ask('ps_contacts/destroy', `id=${id}`)).toBe('1')
  expect(await company.ask('ps_contacts/destroy', `id=${id}`)).toBe('1')
  expect(await ranOut()).not.toBe('')
})

test('after some time nobody is told any more', async () => {
  const { company: opened, ranOut, clock } = await openAfterLeaving()
  await using company = opened
  clock.ms += 101_000
  expect(await ranOut()).toBe('')
  expect(await company.ask('ps_contacts/destroy', `id=${id}`)).toBe('0')
})

test('a phone that is registered anew is not deleted', async () => {
  const { company: opened, ranOut, contact } = await openAfterLeaving()
  await using company = opened
  await company.change(ada + zoe)
  await company.ask('ps_contacts/store', `id=${id}&${contact}`)
  expect(await ranOut()).toBe('')
})

test('what Asterisk deletes itself is gone at once', async () => {
  await using company = await startTestService({ ldif: ada })
  await company.ask('ps_contacts/store', `id=${id}&uri=sip%3A501%40127.0.0.1&expiration_time=9`)
  expect(await company.ask('ps_contacts/destroy', `id=${id}`)).toBe('1')
  expect(await company.ask('ps_contacts/multi', 'expiration_time%20%3C%3D=99')).toBe('')
})
