import { expect, test } from 'vitest'
import { isUntied } from '../../src/pbx/untied.ts'
import { makePerson } from '../support/person.ts'
import { startFakeAmi, type FakeAction, type FakeAmi } from './fake-ami.ts'
import { openTold, type Told } from './told.ts'

const wakes = { wakes: true }

/** As Asterisk 22 prints it. */
function shown(extension: string, state: string, contact: string): string {
  return [
    ` Endpoint:  <Endpoint/CID.....................................>  <State.....>  <Channels.>`,
    ` Endpoint:  ${extension}/${extension}                                        ${state}   0 of inf`,
    `     InAuth:  ${extension}/${extension}`,
    `        Aor:  ${extension}                                                2`,
    `      Contact:  ${extension}/sip:${extension}@127.0.0.1:42933           aa65dc4380 ${contact}`,
  ].join('\n')
}

test.for([
  ['Unavailable', 'Avail         0.373', true, true],
  ['Unavailable', 'Unavail         -nan', true, false],
  ['Unavailable', 'NonQual         -nan', true, false],
  ['Unavailable', 'NonQual         -nan', false, true],
  ['Not in use ', 'Avail         0.373', true, false],
  ['Not in use ', 'NonQual         -nan', false, false],
] as const)(
  'an endpoint that is %s with a contact that is %s (asked: %s) is untied: %s',
  ([state, contact, isQualified, expected]) => {
    expect(isUntied(shown('501', state, contact), { extension: '501', isQualified })).toBe(expected)
  },
)

/** An Asterisk with a phone, 501, that a reload ties or does not. */
function startUntied(company: () => Told | undefined, isTiedByReload: boolean) {
  const listed: (readonly string[] | null)[] = []
  let isTied = false
  let reloads = 0
  const says = (text: string) =>
    `Response: Success\r\n${text
      .split('\n')
      .map((line) => `Output: ${line}\r\n`)
      .join('')}\r\n`
  const answer = ({ Action, Command = '' }: FakeAction) => {
    if (Action === 'CoreStatus') {
      return `Response: Success\r\nCoreReloadTime: ${reloads}\r\n\r\n`
    }
    if (Action !== 'Command') return undefined
    if (Command === 'module reload res_pjsip.so') {
      const pbx = company()?.pbx
      listed.push(pbx && !pbx.mayBeStarting() ? [...pbx.registered()] : null)
      reloads++
      isTied = isTiedByReload
    }
    if (Command.startsWith('pjsip show endpoint')) {
      return says(shown('501', isTied ? 'Not in use ' : 'Unavailable', 'Avail         0.373'))
    }
    return says(
      Command.startsWith('pjsip reload') ? `Synchronizing AOR '501'` : 'Asterisk has fully booted.',
    )
  }
  return { ami: startFakeAmi({ answer }), listed }
}

async function register({ state }: Told): Promise<void> {
  const id = '501;@0123456789abcdef0123456789abcdef'
  await state.contacts.put(id, { id, qualify_frequency: '60' })
}

const said = (ami: FakeAmi, command: string) =>
  ami.actions.filter(({ Command }) => Command?.startsWith(command)).length

test('a phone that Asterisk asked for in vain is tied by one reload, which lists who has a phone', async () => {
  let company: Told | undefined
  const { ami: starting, listed } = startUntied(() => company, true)
  await using ami = await starting
  await using told = await openTold([{ name: 'pbx1', ami: ami.options }], {}, wakes)
  company = told
  told.put(makePerson('501', { id: 'test/ada' }), makePerson('502', { id: 'test/zoe' }))
  await told.pbx.settled()
  await register(told)
  await told.pbx.settled()
  expect(said(ami, 'module reload')).toBe(0)
  ami.cut() // and Asterisk was not started again
  await expect.poll(() => said(ami, 'pjsip show endpoint 501'), { timeout: 5000 }).toBe(3)
  await told.pbx.settled()
  expect(listed).toEqual([['501']])
  expect(said(ami, 'pjsip reload qualify aor 501')).toBe(1)
  expect(told.lines).toContain(
    'warn: Asterisk has phones that it asked for in vain, so its res_pjsip is reloaded',
  )
})

test('one that a reload does not help is said, and leads to no second one', async () => {
  const { ami: starting } = startUntied(() => undefined, false)
  await using ami = await starting
  await using told = await openTold([{ name: 'pbx1', ami: ami.options }], {}, wakes)
  told.put(makePerson('501', { id: 'test/ada' }))
  await told.pbx.settled()
  await register(told)
  await told.pbx.settled()
  for (const times of [3, 4]) {
    ami.cut()
    await expect.poll(() => said(ami, 'pjsip show endpoint 501'), { timeout: 5000 }).toBe(times)
    await told.pbx.settled()
  }
  expect(said(ami, 'module reload')).toBe(1)
  expect(told.lines.filter((line) => line.includes('a restart mends'))).toHaveLength(2)
})

test('nobody is listed as long as an Asterisk may be starting', async () => {
  await using none = await openTold([], {}, wakes)
  expect(none.pbx.mayBeStarting()).toBe(true)
  let isStarting = true
  const says = (text: string) => `Response: Success\r\nOutput: ${text}\r\n\r\n`
  await using ami = await startFakeAmi({
    answer: ({ Action, Command = '' }) => {
      if (Action !== 'Command') return undefined
      return says(isStarting && Command.startsWith('core show help') ? 'No such command' : 'yes')
    },
  })
  await using told = await openTold([{ name: 'pbx1', ami: ami.options }], {}, wakes)
  told.put(makePerson('501', { id: 'test/ada' }))
  await register(told)
  await ami.arrived(({ Command = '' }) => Command.startsWith('core show help'))
  expect(told.pbx.mayBeStarting()).toBe(true)
  isStarting = false
  await told.pbx.settled()
  expect(told.pbx.mayBeStarting()).toBe(false)
  expect([...told.pbx.registered()]).toEqual(['501'])
})
