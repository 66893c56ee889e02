import { expect, test } from 'vitest'
import { makePerson } from '../support/person.ts'
import {
  pjsipCommands,
  sipCommands,
  startFakeAmi,
  type FakeAction,
  type FakeAmi,
} from './fake-ami.ts'
import { openTold, type Told } from './told.ts'

const ada = makePerson('501', { id: 'test/ada' })
const zoe = makePerson('502', { id: 'test/zoe' })
const wakes = { wakes: true }

async function register({ state }: Told, extension: string, seconds = '60'): Promise<void> {
  const id = `${extension};@0123456789abcdef0123456789abcdef`
  await state.contacts.put(id, { id, qualify_frequency: seconds })
}

/** A manager interface of an Asterisk that was started at `since.time`. */
function startPjsip(since = { time: '08:00' }, knows = (_extension: string) => true) {
  const says = (text: string) =>
    `Response: Success\r\nMessage: Command output follows\r\nOutput: ${text}\r\n\r\n`
  const answer = ({ Action, Command = '' }: FakeAction) => {
    if (Action === 'CoreStatus')
      return `Response: Success\r\nCoreStartupTime: ${since.time}\r\n\r\n`
    if (Action !== 'Command') return undefined
    const extension = /^pjsip reload qualify aor (.+)$/.exec(Command)?.[1]
    if (extension === undefined) return says('Asterisk has fully booted.')
    return says(knows(extension) ? `Synchronizing AOR '${extension}'` : 'Unable to retrieve aor')
  }
  return startFakeAmi({ answer })
}

const woken = (ami: FakeAmi) =>
  ami.actions.flatMap(({ Action, Command, Endpoint }) => {
    const extension = /^pjsip reload qualify aor (.+)$/.exec(Command ?? '')?.[1]
    return extension ?? (Action === 'PJSIPQualify' ? [`asked ${Endpoint}`] : [])
  })

test('a phone that registers is woken once, and asked whether it is there if it is to be', async () => {
  await using ami = await startPjsip()
  await using company = await openTold([{ name: 'pbx1', ami: ami.options }], {}, wakes)
  company.put(ada, zoe)
  await register(company, '501')
  await company.pbx.settled()
  expect(woken(ami)).toEqual(['501', 'asked 501'])
  await register(company, '501')
  await register(company, '502', '0')
  await company.pbx.settled()
  expect(woken(ami).slice(2)).toEqual(['502'])
  expect(company.pbx.status()).toMatchObject([{ woken: 2, problem: null }])
})

test('everybody is woken again when Asterisk was started again', async () => {
  const since = { time: '08:00' }
  await using ami = await startPjsip(since)
  await using company = await openTold([{ name: 'pbx1', ami: ami.options }], {}, wakes)
  company.put(ada, zoe)
  await register(company, '501', '0')
  await register(company, '502', '0')
  await company.pbx.settled()
  since.time = '09:00'
  ami.cut()
  await expect.poll(() => woken(ami).slice(2), { timeout: 5000 }).toEqual(['501', '502'])
})

test('nobody is woken again when only the connection was lost', async () => {
  await using ami = await startPjsip()
  await using company = await openTold([{ name: 'pbx1', ami: ami.options }], {}, wakes)
  company.put(ada)
  await register(company, '501', '0')
  await company.pbx.settled()
  ami.cut()
  await expect.poll(() => ami.connections, { timeout: 5000 }).toBe(2)
  await company.pbx.settled()
  expect(woken(ami)).toEqual(['501'])
})

test('everybody is woken again after a reload, which nobody tells of', async () => {
  const since = { time: '08:00' }
  await using ami = await startPjsip(since)
  const quick = { keepAliveMs: 20 }
  await using company = await openTold([{ name: 'pbx1', ami: ami.options }], quick, wakes)
  company.put(ada)
  await register(company, '501', '0')
  await company.pbx.settled()
  since.time = 'reloaded'
  await expect.poll(() => woken(ami), { timeout: 5000 }).toEqual(['501', '501'])
})

test('a phone kept by hand, and an extension that is no word, are left alone', async () => {
  await using ami = await startPjsip()
  await using company = await openTold([{ name: 'pbx1', ami: ami.options }], {}, wakes)
  company.put(ada, makePerson('like', { id: 'test/like' }))
  await register(company, 'reception')
  await register(company, 'like')
  await register(company, '501')
  await company.pbx.settled()
  expect(woken(ami)).toEqual(['501', 'asked 501'])
})

test('somebody whom Asterisk does not know any more holds up nobody', async () => {
  await using ami = await startPjsip({ time: '08:00' }, (extension) => extension !== '501')
  await using company = await openTold([{ name: 'pbx1', ami: ami.options }], {}, wakes)
  company.put(ada, zoe)
  await register(company, '501')
  await register(company, '502')
  await company.pbx.settled()
  expect(woken(ami)).toEqual(['501', '502', 'asked 502'])
  expect(company.pbx.status()).toMatchObject([{ woken: 1, problem: null }])
})

test('a manager who may use no console commands is said, and is told of changes all the same', async () => {
  await using ami = await startFakeAmi({
    answer: ({ Action }) =>
      Action === 'Command' ? 'Response: Error\r\nMessage: Permission denied\r\n\r\n' : undefined,
  })
  await using company = await openTold([{ name: 'pbx1', ami: ami.options }], {}, wakes)
  const complaint = 'may not wake phones; in manager.conf the class command is wanted in `write`'
  await expect.poll(() => company.pbx.status()[0]?.problem, { timeout: 5000 }).toBe(complaint)
  expect(company.lines.filter((line) => line.includes(complaint))).toEqual([
    `warn: phones are not woken, trying again: ${complaint}`,
  ])
  company.put(ada)
  await expect
    .poll(() => ami.actions.some(({ Object }) => Object === '501'), { timeout: 5000 })
    .toBe(true)
})

test.for([
  ['an Asterisk with chan_sip', sipCommands, true],
  ['one that gets the list of everybody', pjsipCommands, false],
] as const)('%s is not asked to wake anybody', async ([, commands, wakes]) => {
  await using ami = await startFakeAmi({ commands })
  await using company = await openTold([{ name: 'pbx1', ami: ami.options }], {}, { wakes })
  company.put(ada)
  await register(company, '501')
  await company.pbx.settled()
  expect(woken(ami)).toEqual([])
})
