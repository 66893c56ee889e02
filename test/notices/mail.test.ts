import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkMail } from '../../src/notices/check-mail.ts'
import type { Told } from '../../src/notices/channel.ts'
import { mail } from '../../src/notices/mail.ts'
import type { MailOptions } from '../../src/notices/options.ts'
import { type Certificates, makeCertificates } from '../rig/certificates.ts'
import { startFakeSmtp, type FakeSmtpOptions } from './fake-smtp.ts'
import { readMail } from './read-mail.ts'

let folder: string
let certificates: Certificates

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peerage-mail-'))
  certificates = await makeCertificates(folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const user = { name: 'peerage', password: 'pass-of-mail' }
const failure: Told = {
  id: 7,
  source: 'office',
  event: 'failure',
  run: 12,
  plan: null,
  at: 1_795_000_000_000,
  text: "directory 'office': ldaps://dc1:636: bind: svc is refused: the account is locked (invalid credentials, data 775); check sources.office.bind",
  about: undefined,
  readAt: 1_794_990_000_000,
}

async function start(offers: FakeSmtpOptions = {}, more: Partial<MailOptions> = {}) {
  const server = await startFakeSmtp(offers)
  const options: MailOptions = {
    to: ['telephony@example.org', 'night@example.org'],
    from: 'pbx@example.org',
    smtp: server.url,
    verify: true,
    timeoutMs: 2000,
    ...(offers.user ? { user: user.name, password: user.password } : {}),
    ...(offers.tls ? { tls: 'starttls', caFile: certificates.caFile } : {}),
    ...more,
  }
  return {
    server,
    options,
    deliver: (told: Partial<Told> = {}) => mail(options).deliver({ ...failure, ...told }),
    check: () => Array.fromAsync(checkMail(options)),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

describe.each([
  ['without TLS and log-in', () => ({})],
  ['with a log-in', () => ({ user })],
  ['with STARTTLS', () => ({ tls: certificates })],
  ['with STARTTLS and a log-in', () => ({ tls: certificates, user })],
])('a mail server %s', (_, offers) => {
  test('takes a mail that says what failed, what goes on, and what to do', async () => {
    await using it = await start(offers())
    await it.deliver()
    const [taken] = it.server.mails
    expect(taken).toMatchObject({
      from: 'pbx@example.org',
      to: ['telephony@example.org', 'night@example.org'],
      isSecure: 'tls' in offers(),
      user: 'user' in offers() ? 'peerage' : null,
    })
    const { headers, text } = readMail(taken ?? expect.fail('no mail'))
    expect(headers.get('subject')).toMatch(
      /^Peerage: office is not read: directory 'office': .*dc1/,
    )
    expect(headers.get('auto-submitted')).toBe('auto-generated')
    expect(text).toContain('the account is locked (invalid credentials, data 775)')
    expect(text).toContain('answered from the people of 2026-11-18')
    expect(text).toContain('peerage runs show 12')
  })

  test('is tried by check, up to the log-in, and nothing is sent', async () => {
    await using it = await start(offers())
    const steps = await it.check()
    expect(steps.filter(({ ok }) => !ok)).toEqual([])
    expect(steps.map(({ step }) => step)).toEqual([
      'connect',
      'ehlo',
      ...('tls' in offers() || 'user' in offers() ? ['tls'] : []),
      ...('user' in offers() ? ['auth'] : []),
    ])
    expect(it.server.mails).toEqual([])
  })
})

test('nothing that a directory says becomes a header, a command or a line of its own', async () => {
  await using it = await start()
  const evil = 'x\r\nBcc: thief@example.org\r\n\r\n.\r\nMAIL FROM:<a@b>\u2028\u202ezyx\u0000'
  await it.deliver({ text: evil, source: 'office' })
  expect(it.server.mails).toHaveLength(1)
  const [taken] = it.server.mails
  const { headers, text } = readMail(taken ?? expect.fail('no mail'))
  expect(taken?.to).toEqual(['telephony@example.org', 'night@example.org'])
  expect(headers.has('bcc')).toBe(false)
  expect(headers.get('subject')).toContain('x Bcc: thief@example.org . MAIL FROM:<a@b> zyx')
  expect(
    text
      .split('\n')
      .find((line) => line.includes('thief'))
      ?.trim(),
  ).toBe('x Bcc: thief@example.org . MAIL FROM:<a@b> zyx')
})

test('a mail that is tried again is the same mail', async () => {
  await using it = await start()
  await it.deliver()
  await it.deliver()
  const ids = it.server.mails.map((taken) => readMail(taken).headers.get('message-id'))
  expect(ids[0]).toMatch(/^<notice-7\..*@example\.org>$/)
  expect(ids[1]).toBe(ids[0])
})

describe('trouble with the mail server is told in words, with the remedy', () => {
  const refusal = async (it: Awaited<ReturnType<typeof start>>) => {
    const [step] = (await it.check()).filter(({ ok }) => !ok)
    const error: unknown = await it.deliver().then(
      () => null,
      (reason: unknown) => reason,
    )
    return {
      step: step?.step,
      text: error instanceof Error ? `${error.name} ${error.message}` : '',
    }
  }

  test('nothing listens there', async () => {
    const it = await start()
    await it.server[Symbol.asyncDispose]()
    expect(await refusal(it)).toMatchObject({
      step: 'connect',
      text: expect.stringMatching(
        /^Error mail server smtp:.*no connection: .*ECONNREFUSED.*mail\.smtp$/,
      ),
    })
  })

  test('it says nothing', async () => {
    await using it = await start({}, { timeoutMs: 200 })
    it.server.fault = 'silent'
    expect((await refusal(it)).step).toBe('connect')
  })

  test('a wrong password, which is shown nowhere even if the server repeats it', async () => {
    await using it = await start({ user }, { password: 'not-the-password' })
    const { step, text } = await refusal(it)
    expect(step).toBe('auth')
    expect(text).toMatch(/^NotTaken .*log-in refused: .*; check mail\.user and mail\.password/)
    expect(text).not.toContain('not-the-password')
    const sent = Buffer.from('\0peerage\0not-the-password').toString('base64')
    expect(text).not.toContain(sent)
  })

  test('an authority that is not known', async () => {
    await using it = await start({ tls: certificates }, { caFile: certificates.otherCaFile })
    const { step, text } = await refusal(it)
    expect(step).toBe('tls')
    expect(text).toMatch(/TLS failed.*mail\.caFile/)
    expect(it.server.mails).toEqual([])
  })

  test('TLS is demanded and not offered, so no password is sent', async () => {
    await using it = await start({ user }, { tls: 'starttls' })
    expect((await refusal(it)).step).toBe('tls')
    expect(it.server.mails).toEqual([])
  })

  test('a recipient is not known', async () => {
    await using it = await start()
    it.server.fault = { command: 'RCPT', reply: '550 5.1.1 no such user' }
    const { text } = await refusal(it)
    expect(text).toMatch(/^NotTaken .*not taken: .*no such user.*check mail\.to/)
  })
})
