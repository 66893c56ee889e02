import { expect, test } from 'vitest'
import type { AuditEntry } from '../../src/state/audit.ts'
import { openState } from '../../src/state/state.ts'
import { signIn, startCompany } from './company.ts'

test('the trail tells who changed what, who came in and who did not, and holds no password', async () => {
  await using company = await startCompany()
  const { cookie, csrf } = await signIn(company, 'ada', '9501')
  const headers = { cookie, 'x-csrf-token': csrf }
  const id = company.service.people.byExtension('502')?.id ?? ''
  await company.post(`/api/people/${encodeURIComponent(id)}/disable`, {}, headers)
  const help = await signIn(company, 'carol', '9503')
  const helping = { cookie: help.cookie, 'x-csrf-token': help.csrf }
  await company.post('/api/accounts/superadmin/reset', {}, helping)
  await company.post('/auth/login', { name: 'bob', password: 'a-wrong-one' })
  await company.post('/auth/login', { name: 'typed-my-password-here', password: 'x' })

  const answer = await fetch(`${company.url}/api/audit`, { headers })
  const { entries } = (await answer.json()) as { entries: AuditEntry[] }
  const lines = entries.toReversed().map(({ kind, actor, action, target, outcome }) => {
    return [kind, actor.replace(/0000.*-0*/, ''), action, target, outcome]
  })
  const disabled = new URLSearchParams({ id, decision: 'disable' }).toString()
  expect(lines).toEqual([
    ['sign-in', 'person/company/1', 'page', '', 'done'],
    ['change', 'person/company/1', 'POST /api/people/:id/:decision', disabled, 'done'],
    ['sign-in', 'person/company/3', 'page', '', 'done'],
    [
      'change',
      'person/company/3',
      'POST /api/accounts/:name/reset',
      'name=superadmin',
      'refused (403)',
    ],
    ['refusal', 'person/company/2', 'page', '', 'wrong'],
    ['refusal', 'unknown name', 'page', '', 'wrong'],
  ])
  expect(JSON.stringify(entries)).not.toMatch(/a-wrong-one|typed-my|9501|9503/)
  const older = await fetch(`${company.url}/api/audit?limit=2&before=${entries[0]?.id}`, {
    headers,
  })
  expect(await older.json()).toMatchObject({ entries: entries.slice(1, 3) })
})

test('refusals push out older refusals, and never what was changed', async () => {
  await using state = await openState({ state: 'sqlite::memory:' }, () => 1)
  const entry = { at: 1, actor: 'a', address: '', action: 'x', target: '', outcome: 'done' }
  await state.audit.add({ ...entry, kind: 'change' })
  const many = Array.from({ length: 5100 }, () => state.audit.add({ ...entry, kind: 'refusal' }))
  await Promise.all(many)
  expect(await state.audit.newest(10_000, { kind: 'refusal' })).toHaveLength(5000)
  expect(await state.audit.newest(10, { kind: 'change' })).toHaveLength(1)
})

test('sessions and accounts survive a restart, and their cookies and passwords are not in the state', async () => {
  await using company = await startCompany()
  const { cookie } = await signIn(company, 'bob', '9502')
  const { database } = company.service.state
  const rows = [
    ...(await database.query('select * from sessions')),
    ...(await database.query('select * from accounts')),
  ]
  expect(rows).toHaveLength(2)
  const text = JSON.stringify(rows)
  expect(text).not.toContain(cookie.replace('peerage=', ''))
  expect(text).not.toContain(company.service.newPassword)
})
