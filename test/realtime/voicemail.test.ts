import { expect, test } from 'vitest'
import { decodePairs } from '../../src/answers/realtime/codec.ts'
import { entry, startTestService } from '../support/service.ts'

const ldif = entry('zoe', 1, { cn: 'Zoë', telephoneNumber: '501', mail: 'zoe@example.org' })
const source = 'secrets: { pin: { initial: "1111" } }'

test('a mailbox has its owner, PIN and mail address', async () => {
  await using company = await startTestService({ ldif, source })
  const row = await company.ask('voicemail/single', 'mailbox=501&context=default')
  expect(decodePairs(row.trim())).toEqual([
    ['uniqueid', '501'],
    ['context', 'default'],
    ['mailbox', '501'],
    ['password', '1111'],
    ['fullname', 'Zoë'],
    ['email', 'zoe@example.org'],
  ])
  expect(await company.ask('voicemail/single', 'mailbox=501&context=other')).toBe('')
  expect(await company.ask('voicemail/single', 'mailbox=599&context=default')).toBe('')
})

test.each([
  ['as Asterisk really sends it', '&context=defaultmailbox=501', '&password=5678'],
  ['as it ought to be sent', 'context=default&mailbox=501', 'password=5678'],
])('a PIN changed by telephone is kept: %s', async (_, query, body) => {
  await using company = await startTestService({ ldif, source })
  expect(await company.ask(`voicemail/update?${query}`, body)).toBe('1')
  expect(await company.ask('voicemail/single', 'mailbox=501')).toContain('password=5678')
  await company.service.sync()
  expect(await company.ask('voicemail/single', 'mailbox=501')).toContain('password=5678')
})

test('a PIN that no phone can dial is refused', async () => {
  await using company = await startTestService({ ldif, source })
  expect(await company.ask('voicemail/update?&context=defaultmailbox=501', '&password=')).toBe('0')
  expect(await company.ask('voicemail/update?&context=defaultmailbox=501', '&password=%0A1')).toBe(
    '0',
  )
  expect(await company.ask('voicemail/update?&context=defaultmailbox=599', '&password=1')).toBe('0')
  expect(await company.ask('voicemail/single', 'mailbox=501')).toContain('password=1111')
})
