import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodePairs } from '../../src/answers/realtime/codec.ts'
import { entry, startTestService, type TestService } from '../support/service.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const sales = { memberOf: 'cn=Sales,ou=groups,dc=example' }
const zoe = entry('zoe', 1, { cn: 'Müller, Zoë | "Z"', telephoneNumber: '501', ...sales })
const bob = entry('bob', 2, { cn: 'Bob', telephoneNumber: '502', ...sales })
const eve = entry('eve', 3, { cn: 'Eve', telephoneNumber: '503' })
const gone = entry('gone', 4, {
  telephoneNumber: '504',
  pwdAccountLockedTime: '000001010000Z',
  ...sales,
})
const yaml = `
queues:
  sales: { group: Sales, extension: "600", strategy: rrmemory, options: { joinempty: strict } }
  desk: { interface: "Local/{extension}@internal/n", stateInterface: "PJSIP/{extension}" }
classes:
  desk: { when: { under: "ou=people,dc=example" }, queue: desk }
`

let company: TestService
beforeAll(
  async () => void (company = await startTestService({ ldif: zoe + bob + eve + gone, yaml })),
)
afterAll(() => company[Symbol.asyncDispose]())

async function members(of: TestService, queue: string): Promise<Record<string, string>[]> {
  const text = await of.ask('queue_members/multi', `interface%20LIKE=%25&queue_name=${queue}`)
  return text
    .split('\r\n')
    .filter((line) => line !== '')
    .map((line) => Object.fromEntries(decodePairs(line)))
}

test('a queue has what the configuration says', async () => {
  const row = decodePairs((await company.ask('queues/single', 'name=sales')).trim())
  expect(Object.fromEntries(row)).toEqual({
    name: 'sales',
    strategy: 'rrmemory',
    timeout: '15',
    retry: '5',
    wrapuptime: '0',
    maxlen: '0',
    ringinuse: 'no',
    joinempty: 'strict',
  })
  expect(await company.ask('queues/single', 'name=support')).toBe('')
  expect((await company.ask('queues/multi', 'name%20LIKE=%25')).match(/^name=/gm)).toHaveLength(2)
})

test('its members are those of the group who may be called', async () => {
  expect(await members(company, 'sales')).toEqual([
    {
      uniqueid: expect.stringMatching(/^[0-9a-f]{24}$/),
      queue_name: 'sales',
      interface: 'PJSIP/501',
      membername: "Müller Zoë 'Z'",
      penalty: '0',
      paused: '0',
    },
    expect.objectContaining({ interface: 'PJSIP/502', membername: 'Bob' }),
  ])
})

test('a queue may be a whole class, and be rung through the dialplan', async () => {
  expect(
    (await members(company, 'desk')).map((row) => [row['interface'], row['state_interface']]),
  ).toEqual([
    ['Local/501@internal/n', 'PJSIP/501'],
    ['Local/502@internal/n', 'PJSIP/502'],
    ['Local/503@internal/n', 'PJSIP/503'],
  ])
})

test('its number leads to it', async () => {
  const step = await company.ask('extensions/single', 'exten=600&priority=1&context=internal')
  expect(decodePairs(step.trim())).toContainEqual(['appdata', 'peerage-queue,s,1(sales)'])
  expect(await company.ask('extensions/single', 'exten=600&priority=1&context=from-trunk')).toBe('')
})

describe('what Asterisk writes about a member', () => {
  test('is kept by a restart, and what makes no sense is not', async () => {
    await using folder = await temporaryFolder()
    const options = { yaml, folder: folder.path, state: '"sqlite:./peerage.db"' }
    const first = await startTestService({ ldif: zoe + bob, ...options })
    const id = (await members(first, 'sales'))[1]?.['uniqueid']
    expect(await first.ask(`queue_members/update?uniqueid=${id}`, 'paused=1')).toBe('1')
    expect(await first.ask(`queue_members/update?uniqueid=${id}`, 'penalty=3')).toBe('1')
    expect(await first.ask(`queue_members/update?uniqueid=${id}`, 'penalty=-1&interface=X')).toBe(
      '1',
    )
    expect(await first.ask('queue_members/update?uniqueid=0', 'paused=1')).toBe('0')
    await first[Symbol.asyncDispose]()
    await using second = await startTestService({ ldif: zoe + bob, ...options })
    expect((await members(second, 'sales'))[1]).toMatchObject({
      uniqueid: id,
      interface: 'PJSIP/502',
      paused: '1',
      penalty: '3',
    })
  })

  test('survives that somebody is renumbered, and leaves with him', async () => {
    await using fresh = await startTestService({ ldif: zoe + bob, yaml })
    const id = (await members(fresh, 'sales'))[1]?.['uniqueid'] ?? ''
    await fresh.ask(`queue_members/update?uniqueid=${id}`, 'paused=1')
    await fresh.change(zoe + bob.replace(btoa('502'), btoa('512')))
    expect(await members(fresh, 'sales')).toContainEqual(
      expect.objectContaining({ uniqueid: id, interface: 'PJSIP/512', paused: '1' }),
    )
    await fresh.change(zoe)
    expect(await members(fresh, 'sales')).toHaveLength(1)
    expect(await fresh.ask(`queue_members/update?uniqueid=${id}`, 'paused=0')).toBe('0')
  })
})

test('who joins or leaves the group joins or leaves the queue', async () => {
  await using fresh = await startTestService({ ldif: zoe + eve, yaml })
  const names = async () => (await members(fresh, 'sales')).map((row) => row['interface'])
  await fresh.change(zoe + entry('eve', 3, { cn: 'Eve', telephoneNumber: '503', ...sales }))
  expect(await names()).toEqual(['PJSIP/501', 'PJSIP/503'])
  await fresh.change(entry('zoe', 1, { cn: 'Zoë', telephoneNumber: '501' }) + eve)
  expect(await names()).toEqual([])
})

test('a queue that only a class names is there, with plain settings', async () => {
  await using fresh = await startTestService({
    ldif: zoe,
    yaml: 'classes: { sales: { when: { group: Sales }, queue: hotline } }',
  })
  expect(await fresh.ask('queues/single', 'name=hotline')).toContain('strategy=ringall')
  expect(await members(fresh, 'hotline')).toHaveLength(1)
})

test.each([
  ['queues: { "a b": {} }', /is no name for a queue/],
  ['queues: { a: { interface: "PJSIP/{extension},evil" } }', /interface: is no channel/],
  ['queues: { a: { extension: "6,0" } }', /extension: cannot be dialled/],
  ['queues: { a: { options: { "x=y": 1 } } }', /is no column of queues/],
])('%s is refused', async (wrong, complaint) => {
  await expect(startTestService({ ldif: zoe, yaml: wrong })).rejects.toThrow(complaint)
})
