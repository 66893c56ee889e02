import { Agent, request } from 'node:http'
import { expect, test } from 'vitest'
import { EndpointList } from '../../src/answers/realtime/endpoint-list.ts'
import type { Family } from '../../src/answers/realtime/family.ts'
import { Row } from '../../src/answers/realtime/row.ts'
import { entry, startTestService, type TestService } from '../support/service.ts'

const people = ['501', '502'].map((extension, at) =>
  entry(`p${extension}`, at, { telephoneNumber: extension }),
)
const ldif = people.join('')
const everybody = 'id%20LIKE=%25'

/** One of Asterisk's threads: it asks over a connection of its own. */
function thread({ service }: TestService) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ask = (path: string, body: string) =>
    new Promise<string[]>((resolve, reject) => {
      const options = { agent, method: 'POST', path: `/realtime/${path}`, port: service.pbx.port }
      const asked = request(options, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.on('end', () => resolve(text.match(/^id=[^&\r]*/gm) ?? []))
      })
      asked.on('error', reject).end(body)
    })
  return { ask, [Symbol.dispose]: () => agent.destroy() }
}

test('usually everybody is in the list of everybody', async () => {
  await using company = await startTestService({ ldif })
  using asterisk = thread(company)
  expect(await asterisk.ask('ps_endpoints/multi', everybody)).toEqual(['id=501', 'id=502'])
})

test('otherwise nobody is, but for whose contacts the same thread asked just before', async () => {
  await using company = await startTestService({ ldif, yaml: 'listEverybody: false' })
  using asterisk = thread(company)
  using other = thread(company)
  for (const family of ['ps_endpoints', 'ps_auths', 'ps_aors']) {
    expect(await asterisk.ask(`${family}/multi`, everybody)).toEqual([])
  }
  await asterisk.ask('ps_contacts/multi', 'id%20LIKE=502%3B%40%25')
  expect(await other.ask('ps_endpoints/multi', everybody)).toEqual([])
  expect(await asterisk.ask('ps_endpoints/multi', everybody)).toEqual(['id=502'])
  expect(await asterisk.ask('ps_endpoints/multi', everybody)).toEqual([])
  expect(await asterisk.ask('ps_aors/single', 'id=501')).toEqual(['id=501'])
})

test('of messages those with a phone have to be told, and nobody else', async () => {
  const yaml = 'listEverybody: false\nclasses: { default: { mwi: notify } }'
  await using company = await startTestService({ ldif, yaml })
  using asterisk = thread(company)
  const everyMailbox = 'mailboxes%20!%3D='
  expect(await asterisk.ask('ps_endpoints/multi', everyMailbox)).toEqual([])
  const contact = '502%3B%400123456789abcdef0123456789abcdef'
  await asterisk.ask('ps_contacts/store', `id=${contact}&uri=sip%3A502%4010.0.0.1`)
  expect(await asterisk.ask('ps_endpoints/multi', everyMailbox)).toEqual(['id=502'])
})

test('a stranger, and a broken question, are answered with nobody', async () => {
  await using company = await startTestService({ ldif, yaml: 'listEverybody: false' })
  using asterisk = thread(company)
  for (const aor of ['599', '%25', '%zz', '50%5F']) {
    await asterisk.ask('ps_contacts/multi', `id%20LIKE=${aor}%3B%40%25`)
    expect(await asterisk.ask('ps_endpoints/multi', everybody)).toEqual([])
  }
})

test('an Asterisk that reloads gets those with a phone, whatever it asks in between', () => {
  let phones: string[] | null = null
  const list = new EndpointList(() => ({
    registered: () => phones ?? [],
    mayBeStarting: () => phones === null,
  }))
  const thread = {}
  const ask = (name: string, body: string) => {
    const rows = list.answer(thread, anyFamily(name), body)
    return rows && Array.from(rows, ({ line }) => line.trim())
  }
  expect(ask('ps_aors', everybody)).toEqual([])
  expect(ask('ps_endpoints', everybody)).toEqual([])
  phones = ['501', '502']
  expect(ask('ps_aors', everybody)).toEqual(['id=501', 'id=502'])
  phones = null // what was when it began is what counts
  expect(ask('ps_contacts', 'id%20LIKE=502%3B%40%25')).toBeUndefined()
  expect(ask('ps_endpoints', everybody)).toEqual(['id=501', 'id=502'])
  expect(ask('ps_endpoints', everybody)).toEqual([])
  phones = ['501']
  expect(ask('ps_auths', everybody)).toEqual([])
  expect(ask('ps_endpoints', everybody)).toEqual(['id=501'])
  expect(ask('ps_aors', everybody)).toEqual(['id=501'])
  ask('ps_contacts', 'id%20LIKE=502%3B%40%25') // not of that reload
  expect(ask('ps_endpoints', everybody)).toEqual(['id=502'])
})

/** Has everybody. */
function anyFamily(name: string): Family {
  const id = (value: string) => [new Row([['id', value]])]
  return { name, columns: new Set(['id']), exact: { id }, all: () => [] }
}
