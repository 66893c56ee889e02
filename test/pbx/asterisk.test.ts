import { describe, expect, test } from 'vitest'
import { makePerson } from '../support/person.ts'
import {
  pjsipCommands,
  sipCommands,
  startFakeAmi,
  type FakeAmi,
  type FakeAction,
} from './fake-ami.ts'
import { openTold } from './told.ts'

const isForget = ({ Action }: FakeAction) => Action !== 'ListCommands' && Action !== 'Challenge'
const told = (ami: FakeAmi, from = 0) =>
  ami.actions
    .slice(from)
    .filter(isForget)
    .map(({ Cache, Object, Command }) => Command ?? [Cache, Object].filter(Boolean).join(' '))

const wholeCaches = ['res_pjsip/endpoint', 'res_pjsip/auth', 'res_pjsip/aor']
const ada = makePerson('501', { id: 'test/ada' })
const zoe = makePerson('502', { id: 'test/zoe' })

describe('an Asterisk', () => {
  test('drops everything once when it is connected, and later just what changed', async () => {
    await using ami = await startFakeAmi()
    await using company = await openTold([{ name: 'pbx1', ami: ami.options }])
    await company.pbx.settled()
    expect(told(ami)).toEqual(wholeCaches)
    const before = ami.actions.length
    company.put(ada)
    company.put({ ...ada, extension: '511' }, zoe)
    company.remove(zoe)
    await company.pbx.settled()
    const caches = (id: string) => wholeCaches.map((cache) => `${cache} ${id}`)
    expect(told(ami, before).sort()).toEqual(
      [...new Set(['501', '511', '502'])].flatMap(caches).sort(),
    )
    expect(company.pbx.status()).toMatchObject([
      {
        name: 'pbx1',
        connected: true,
        technologies: ['pjsip'],
        problem: null,
        flushed: 1,
        expired: 9,
      },
    ])
  })

  test('drops only how somebody proves himself when his secret changed', async () => {
    await using ami = await startFakeAmi()
    await using company = await openTold([{ name: 'pbx1', ami: ami.options }])
    company.put(ada)
    await company.pbx.settled()
    const before = ami.actions.length
    await company.state.secrets.choose(ada.id, 'sip', 'another')
    await company.pbx.settled()
    expect(told(ami, before)).toEqual(['res_pjsip/auth 501'])
    expect(JSON.stringify(ami.actions)).not.toContain('another')
  })

  test('drops everything when more than 500 changed', async () => {
    await using ami = await startFakeAmi()
    await using company = await openTold([{ name: 'pbx1', ami: ami.options }])
    await company.pbx.settled()
    const before = ami.actions.length
    company.put(...Array.from({ length: 501 }, (_, at) => makePerson(String(1000 + at))))
    await company.pbx.settled()
    expect(told(ami, before)).toEqual(wholeCaches)
  })

  test('is told again, for what it was asking when the change came', async () => {
    await using ami = await startFakeAmi()
    await using company = await openTold([{ name: 'pbx1', ami: ami.options }], { againMs: 20 })
    await company.pbx.settled()
    company.put(ada)
    const first = await ami.arrived(({ Object }) => Object === '501')
    const after = ami.actions.indexOf(first) + 3
    await ami.arrived(({ Object }) => Object === '501', after)
    expect(told(ami, after).filter((text) => text.endsWith('501')).length).toBeGreaterThan(0)
  })

  test('hears nothing that an extension smuggles in, and drops everything instead', async () => {
    await using ami = await startFakeAmi({ commands: [...pjsipCommands, ...sipCommands] })
    await using company = await openTold([{ name: 'pbx1', ami: ami.options }])
    await company.pbx.settled()
    const before = ami.actions.length
    for (const extension of ['501\r\nAction: Command\r\nCommand: core stop now', '5 01', 'like']) {
      company.put(makePerson(extension))
    }
    await company.pbx.settled()
    expect(new Set(told(ami, before))).toEqual(
      new Set([...wholeCaches, 'sip prune realtime peer all']),
    )
    expect(JSON.stringify(ami.actions)).not.toContain('core stop')
    expect(ami.connections).toBe(1)
  })

  test('with chan_sip prunes peers', async () => {
    await using ami = await startFakeAmi({ commands: sipCommands })
    await using company = await openTold([{ name: 'old', ami: ami.options }])
    await company.pbx.settled()
    company.put(ada)
    await company.pbx.settled()
    expect(told(ami)).toEqual(['sip prune realtime peer all', 'sip prune realtime peer 501'])
    expect(company.pbx.status()).toMatchObject([{ technologies: ['sip'], expired: 1 }])
  })

  test('that cannot be told says what it lacks, once', async () => {
    await using ami = await startFakeAmi({ commands: ['SIPpeers'] })
    const options = { name: 'old', ami: ami.options, technology: 'both' as const }
    await using company = await openTold([options], { keepAliveMs: 10 })
    await ami.arrived(({ Action }) => Action === 'ListCommands', 4)
    const [{ problem } = { problem: null }] = company.pbx.status()
    expect(problem).toMatch(/no res_sorcery_memory_cache.*\[peerage\] wants the class system/)
    expect(problem).toMatch(/chan_sip, but no way.*\[peerage\] wants the class command/)
    expect(company.lines.filter((line) => line.startsWith('warn'))).toHaveLength(1)
  })

  test('that still loads its modules is told when it can be', async () => {
    const commands: string[] = []
    await using ami = await startFakeAmi({ commands })
    await using company = await openTold([{ name: 'pbx1', ami: ami.options }], { keepAliveMs: 20 })
    await ami.arrived(({ Action }) => Action === 'ListCommands')
    company.put(ada)
    commands.push(...pjsipCommands)
    await company.pbx.settled()
    expect(told(ami)).toEqual(expect.arrayContaining(wholeCaches))
    expect(company.pbx.status()).toMatchObject([{ problem: null, technologies: ['pjsip'] }])
  })
})

test('none of several waits for another', async () => {
  await using dead = await startFakeAmi({ answer: () => null })
  await using ami = await startFakeAmi()
  await using company = await openTold([
    { name: 'dead', ami: dead.options },
    { name: 'alive', ami: ami.options },
  ])
  company.put(ada)
  await ami.arrived(({ Action }) => Action === 'SorceryMemoryCacheExpire')
  company.put({ ...ada, name: 'Ada King' })
  await ami.arrived(({ Object }) => Object === '501')
  await expect
    .poll(() => company.pbx.status())
    .toMatchObject([{ connected: false }, { connected: true }])
})
