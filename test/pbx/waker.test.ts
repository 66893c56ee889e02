import { expect, test } from 'vitest'
import { makePerson } from '../support/person.ts'
import { startFakeAmi, type FakeAmi } from './fake-ami.ts'
import { startFakeAri } from './fake-ari.ts'
import { openTold, type Told } from './told.ts'

const ada = makePerson('501', { id: 'test/ada' })
const zoe = makePerson('502', { id: 'test/zoe' })

async function register({ state }: Told, extension: string, seconds = '60'): Promise<void> {
  const id = `${extension};@0123456789abcdef0123456789abcdef`
  await state.contacts.put(id, { id, qualify_frequency: seconds })
}

const asked = (ami: FakeAmi) =>
  ami.actions.flatMap(({ Action, Command, Endpoint }) =>
    Action === 'Command' || Action === 'PJSIPQualify' ? [Command ?? `qualify ${Endpoint}`] : [],
  )

test('a phone that registers is woken once: its AOR, its endpoint, then it is asked', async () => {
  await using ami = await startFakeAmi()
  await using ari = await startFakeAri()
  await using company = await openTold([{ name: 'pbx1', ami: ami.options, ari: ari.options }])
  company.put(ada, zoe)
  await register(company, '501')
  await company.pbx.settled()
  expect(asked(ami)).toEqual(['pjsip reload qualify aor 501', 'qualify 501'])
  await register(company, '501')
  await register(company, '502', '0')
  await company.pbx.settled()
  expect(asked(ami).slice(2)).toEqual(['pjsip reload qualify aor 502'])
  expect(ari.touched).toEqual(['501', '502'])
  expect(company.pbx.status()).toMatchObject([{ woken: 2, problem: null }])
})

test('everybody is woken again when Asterisk was started again, as soon as it is up', async () => {
  await using ami = await startFakeAmi()
  await using ari = await startFakeAri()
  await using company = await openTold([{ name: 'pbx1', ami: ami.options, ari: ari.options }])
  company.put(ada, zoe)
  await register(company, '501')
  await register(company, '502')
  await company.pbx.settled()
  ari.startedAt = null
  ami.cut()
  await expect.poll(() => ami.connections, { timeout: 5000 }).toBe(2)
  expect(ari.touched).toHaveLength(2)
  ari.startedAt = 'later'
  await expect.poll(() => ari.touched.slice(2), { timeout: 5000 }).toEqual(['501', '502'])
})

test('everybody is woken again after a reload, which nobody tells of', async () => {
  await using ami = await startFakeAmi()
  await using ari = await startFakeAri()
  const options = [{ name: 'pbx1', ami: ami.options, ari: ari.options }]
  await using company = await openTold(options, { keepAliveMs: 20 })
  company.put(ada)
  await register(company, '501')
  await company.pbx.settled()
  ari.startedAt = 'reloaded'
  await expect.poll(() => ari.touched, { timeout: 5000 }).toEqual(['501', '501'])
})

test('a phone kept by hand, and an extension that is no word, are left alone', async () => {
  await using ami = await startFakeAmi()
  await using ari = await startFakeAri()
  await using company = await openTold([{ name: 'pbx1', ami: ami.options, ari: ari.options }])
  company.put(ada, makePerson('like', { id: 'test/like' }))
  await register(company, 'reception')
  await register(company, 'like')
  await register(company, '501')
  await company.pbx.settled()
  expect(ari.touched).toEqual(['501'])
  expect(asked(ami)).toHaveLength(2)
})

test('somebody whom Asterisk does not know any more holds up nobody', async () => {
  await using ami = await startFakeAmi()
  await using ari = await startFakeAri(['501'])
  await using company = await openTold([{ name: 'pbx1', ami: ami.options, ari: ari.options }])
  company.put(ada, zoe)
  await register(company, '501')
  await register(company, '502')
  await company.pbx.settled()
  expect(ari.touched).toEqual(['502'])
  expect(company.pbx.status()).toMatchObject([{ woken: 1, problem: null }])
})

test('a wrong password is said, without it, and changes of people are told all the same', async () => {
  await using ami = await startFakeAmi()
  await using ari = await startFakeAri()
  const wrong = { ...ari.options, password: 'guessed' }
  await using company = await openTold([{ name: 'pbx1', ami: ami.options, ari: wrong }])
  const { port } = new URL(ari.options.url)
  const complaint = `ARI user 'peerage' refused at http://127.0.0.1:${port}; check asterisk[0].ari.user and its password`
  await expect.poll(() => company.pbx.status()[0]?.problem, { timeout: 5000 }).toBe(complaint)
  expect(company.lines.filter((line) => line.includes(complaint))).toEqual([
    `warn: phones are not woken, trying again: ${complaint}`,
  ])
  await expect.poll(() => company.pbx.status()[0]?.connected, { timeout: 5000 }).toBe(true)
  company.put(ada)
  await expect
    .poll(() => ami.actions.filter(({ Object }) => Object === '501').length)
    .toBeGreaterThan(0)
})

test('a user who may only read is said, and so is a manager without console commands', async () => {
  await using ami = await startFakeAmi({
    answer: ({ Action }) =>
      Action === 'Command' ? 'Response: Error\r\nMessage: Permission denied\r\n\r\n' : undefined,
  })
  await using able = await startFakeAmi()
  await using ari = await startFakeAri()
  ari.mayWrite = false
  await using company = await openTold([
    { name: 'pbx1', ami: ami.options, ari: ari.options },
    { name: 'pbx2', ami: able.options, ari: ari.options },
  ])
  company.put(ada)
  await register(company, '501')
  const problems = () => company.pbx.status().map(({ problem }) => problem)
  await expect
    .poll(problems)
    .toEqual([
      expect.stringContaining('the class command is wanted'),
      expect.stringContaining("ARI user 'peerage' may only read; write read_only = no"),
    ])
  ari.mayWrite = true
  await expect.poll(() => ari.touched, { timeout: 5000 }).toEqual(['501'])
})
