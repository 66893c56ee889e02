import { expect, test } from 'vitest'
import { entry, startTestService } from '../support/service.ts'

const ada = (pager?: string) =>
  entry('ada', 1, { telephoneNumber: '501', ...(pager === undefined ? {} : { pager }) })

async function opened(ldif: string, source: string) {
  const company = await startTestService({ ldif, source })
  const { service } = company
  const id = service.people.byExtension('501')?.id ?? ''
  const post = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${service.web.port}/api/people/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.newToken}` },
    })
    return { status: answer.status, ...((await answer.json()) as object) }
  }
  const { secrets } = service.state
  return {
    ...company,
    id,
    pin: () => secrets.pin(id),
    sip: () => secrets.sip(id),
    choose: (pin: string) => secrets.choose(id, 'pin', pin),
    reset: (what: 'pin' | 'secret', whom = id) => post(`${encodeURIComponent(whom)}/reset-${what}`),
  }
}

test('an administrator resets a PIN to the initial one; the answer does not tell it', async () => {
  await using it = await opened(ada(), 'secrets: { pin: { initial: "1111" } }')
  await it.choose('9999')
  const sip = it.sip()
  expect(await it.reset('pin')).toEqual({ status: 200, id: it.id, name: 'ada', origin: 'new' })
  expect([it.pin(), it.sip()]).toEqual(['1111', sip])
})

test('what the directory dictates is read again for it', async () => {
  await using it = await opened(ada('4711'), 'secrets: { pin: { from: pager, overwrite: never } }')
  expect(it.pin()).toBe('4711')
  await it.choose('9999')
  await it.change(ada('4712'))
  expect(it.pin()).toBe('9999')
  expect(await it.reset('pin')).toMatchObject({ origin: 'directory' })
  expect(it.pin()).toBe('4712')
})

test('a phone is asked for the new SIP secret at once', async () => {
  await using it = await opened(ada(), '')
  const before = await it.ask('ps_auths/single', 'id=501')
  expect(before).toContain(it.sip())
  expect(await it.reset('secret')).toMatchObject({ origin: 'new' })
  const after = await it.ask('ps_auths/single', 'id=501')
  expect(after).toContain(it.sip())
  expect(after).not.toBe(before)
})

test('nobody is nobody', async () => {
  await using it = await opened(ada(), '')
  expect((await it.reset('pin', 'company/nobody')).status).toBe(404)
})
