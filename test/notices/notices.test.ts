import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Channel } from '../../src/notices/channel.ts'
import { mail } from '../../src/notices/mail.ts'
import type { MailOptions } from '../../src/notices/options.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startFakeSmtp } from './fake-smtp.ts'
import { readMail } from './read-mail.ts'
import { holdPlan, hour, openNotices, run } from './rig.ts'

function mailTo(smtp: string): Channel {
  const to = 'telephony@example.org'
  const options: MailOptions = { to, from: 'pbx@example.org', smtp, verify: true, timeoutMs: 1000 }
  return mail(options)
}

/** A channel that keeps what it is told. */
function ear(): Channel & { readonly heard: string[] } {
  const heard: string[] = []
  return {
    name: 'mail',
    heard,
    async deliver({ event, plan }) {
      heard.push(plan === null ? event : `${event} ${plan}`)
    },
  }
}

test('a failure and its end are told once each, whatever comes between', async () => {
  const channel = ear()
  {
    await using it = await openNotices([channel])
    const outcomes = [
      'done',
      'failed',
      'failed',
      'failed',
      'done',
      'done',
      'failed',
      'held',
    ] as const
    let before: (typeof outcomes)[number] | undefined
    for (const outcome of outcomes) {
      const plan = outcome === 'held' ? await holdPlan(it.state, 30, it.time.now) : null
      it.notices.tell(run(outcome, { plan }), before)
      before = outcome
    }
  }
  expect(channel.heard).toEqual(['failure', 'recovery', 'failure', 'recovery', 'held 1'])
})

test('after a restart nothing is told twice, and what was not delivered is', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'peerage.db')
  await using server = await startFakeSmtp()
  {
    await using it = await openNotices([mailTo(server.url)], path)
    it.notices.tell(run('failed'), 'done')
  }
  expect(server.mails).toHaveLength(1)
  server.fault = { command: 'DATA', reply: '451 later' }
  {
    await using it = await openNotices([mailTo(server.url)], path)
    it.notices.tell(run('failed'), 'failed')
    it.notices.tell(run('done'), 'failed')
  }
  expect(server.mails).toHaveLength(1)
  server.fault = null
  {
    await using it = await openNotices([mailTo(server.url)], path)
    await server.until(2)
    it.notices.tell(run('done'), 'done')
  }
  const subjects = server.mails.map((taken) => readMail(taken).headers.get('subject'))
  expect(subjects).toEqual([
    'Peerage: office is not read: for a reason',
    'Peerage: office is read again',
  ])
})

test('a dead mail server is logged once, tried again, and holds up no other channel', async () => {
  await using server = await startFakeSmtp()
  server.fault = { command: 'MAIL', reply: '421 too busy' }
  const other: Channel & { readonly heard: string[] } = { ...ear(), name: 'webhook' }
  await using it = await openNotices([mailTo(server.url), other])
  it.notices.tell(run('failed'), 'done')
  await server.untilAsked(3)
  it.notices.tell(run('done'), 'failed')
  await server.untilAsked(4)
  expect(other.heard).toEqual(['failure', 'recovery'])
  expect(it.log.lines.filter(({ level }) => level !== 'info')).toMatchObject([
    { level: 'warn', about: { channel: 'mail' }, phrase: /kept and tried again/ },
  ])
  server.fault = null
  await server.until(2)
  expect(server.mails.map((taken) => readMail(taken).headers.get('subject'))).toEqual([
    'Peerage: office is not read: for a reason',
    'Peerage: office is read again',
  ])
  expect(it.log.lines.at(-1)?.phrase).toBe('notices are taken again')
})

test('what could not be delivered for a day is given up, and said so', async () => {
  await using server = await startFakeSmtp()
  server.fault = { command: 'MAIL', reply: '421 too busy' }
  await using it = await openNotices([mailTo(server.url)])
  it.notices.tell(run('failed', { finishedAt: it.time.now }), 'done')
  await server.untilAsked(2)
  it.time.now += 25 * hour
  await expect.poll(() => it.log.lines.map(({ level }) => level)).toContain('error')
  expect(it.log.lines.at(-1)).toMatchObject({ phrase: 'notice given up after a day' })
  expect(await it.state.notices.waiting('mail')).toEqual([])
})

test('a held plan is mailed with its people, its effect on telephones and the ways to decide', async () => {
  await using server = await startFakeSmtp()
  await using it = await openNotices([mailTo(server.url)])
  const plan = await holdPlan(it.state, 300, it.time.now, 'Ada\r\nBcc: x')
  it.notices.tell(run('held', { plan, error: 'plan 1 is held' }), 'done')
  const [taken] = await server.until(1)
  const { headers, text } = readMail(taken ?? expect.fail('no mail'))
  expect(headers.get('subject')).toBe(
    'Peerage: office: plan 1 is held: 300 people to remove, 25 are allowed',
  )
  expect(headers.has('bcc')).toBe(false)
  expect(text).toContain('It is about 300 people: 300 missing.')
  expect(text).toContain('300 extensions would reach nobody any more.')
  expect(text).toContain('- Ada Bcc: x 0 500: missing')
  expect(text).toContain('… and 275 more people')
  expect(text).toMatch(/extension 500 +Ada Bcc: x 0 → nobody/)
  expect(text).toContain('peerage approve 1')
  expect(text).toContain('peerage reject 1')
  expect(text).toMatch(/until 2026-11-19 \d\d:\d\d UTC/)
  expect(text.length).toBeLessThan(6000)
})

test('a mail counts those who are in the plan apart from those who were announced before', async () => {
  await using server = await startFakeSmtp()
  await using it = await openNotices([mailTo(server.url)])
  const plan = await holdPlan(it.state, 299, it.time.now, 'Ada', 1)
  it.notices.tell(run('held', { plan }), 'done')
  const [taken] = await server.until(1)
  const { headers, text } = readMail(taken ?? expect.fail('no mail'))
  const words = '299 people to remove (300 with 1 announced before), 25 are allowed'
  expect(headers.get('subject')).toBe(`Peerage: office: plan 1 is held: ${words}`)
  expect(text).toContain(`  ${words}`)
  expect(text).toContain('It is about 299 people: 299 missing.')
})

test('a plan is told once, also if it fails in between, and one that takes its place after an hour', async () => {
  const channel = ear()
  {
    await using it = await openNotices([channel])
    const first = await holdPlan(it.state, 30, it.time.now)
    it.notices.tell(run('held', { plan: first }), 'done')
    await expect.poll(() => channel.heard).toHaveLength(1)
    it.notices.tell(run('failed'), 'held')
    it.notices.tell(run('held', { plan: first }), 'failed')
    await expect.poll(() => channel.heard).toHaveLength(3)
    const second = await holdPlan(it.state, 31, it.time.now)
    it.notices.tell(run('held', { plan: second }), 'held')
    await sleep(20)
    it.time.now += hour
    it.notices.tell(run('held', { plan: second }), 'held')
    it.notices.tell(run('held', { plan: second }), 'held')
    await expect.poll(() => channel.heard).toHaveLength(4)
    const third = await holdPlan(it.state, 32, it.time.now)
    it.notices.tell(run('held', { plan: third }), 'done')
  }
  expect(channel.heard).toEqual(['held 1', 'failure', 'recovery', 'held 2', 'held 3'])
})

test('of plans that follow each other at once, the last is told, and none that went away', async () => {
  const channel = ear()
  {
    await using it = await openNotices([channel])
    const plans: number[] = []
    for (const count of [30, 31, 32]) plans.push(await holdPlan(it.state, count, it.time.now))
    for (const plan of plans) it.notices.tell(run('held', { plan }), plan === 1 ? 'done' : 'held')
    await expect.poll(() => channel.heard).toEqual(['held 3'])
    it.notices.tell(run('done'), 'held')
    const fourth = await holdPlan(it.state, 33, it.time.now)
    it.notices.tell(run('held', { plan: fourth }), 'done')
    it.notices.tell(run('done'), 'held')
  }
  expect(channel.heard).toEqual(['held 3'])
})

test('a plan that nobody decided about is told when it has expired, once', async () => {
  const channel = ear()
  {
    await using it = await openNotices([channel])
    const plan = await holdPlan(it.state, 30, it.time.now)
    it.notices.tell(run('held', { plan }), 'done')
    await expect.poll(() => channel.heard).toEqual(['held 1'])
    it.time.now += 25 * hour
    it.notices.tell(run('failed', { finishedAt: it.time.now }), 'held')
    it.notices.tell(run('failed', { finishedAt: it.time.now }), 'failed')
  }
  expect(channel.heard).toEqual(['held 1', 'expired 1', 'failure'])
})
