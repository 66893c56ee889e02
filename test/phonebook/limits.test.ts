import { describe, expect, test } from 'vitest'
import { Trimmer, tightest } from '../../src/answers/phonebook/limits.ts'
import { named, openOffice } from './office.ts'

const ina = named('501', 'Ina', 'Berg', {
  numbers: [
    { kind: 'work', e164: '+48221234567', text: '' },
    { kind: 'work', e164: '+48221234568', text: '' },
    { kind: 'mobile', e164: '+491701234567', text: '' },
    { kind: 'home', e164: '+498912345', text: '' },
  ],
})

describe('what a phone can take', () => {
  test('is the tightest of what its model, its form and its page can', () => {
    expect(tightest({ entries: 500 }, { entries: 2000, characters: 'latin' }, {})).toMatchObject({
      entries: 500,
      bytes: Number.POSITIVE_INFINITY,
      characters: 'latin',
    })
  })

  test('of numbers is rather one of each kind than two of one', async () => {
    await using office = await openOffice([ina])
    const fanvil = await office.read('fanvil/TOKEN/phonebook.xml')
    expect(fanvil).toContain(
      '<Telephone>501</Telephone><Mobile>001701234567</Mobile><Other>00048221234567</Other>',
    )
    expect(await office.read('fanvil/TOKEN/find')).toContain('Dial:008912345')
  })

  test('and what was cut is counted', async () => {
    await using office = await openOffice([ina, named('502', 'Otto', 'Tal')])
    const snapshot = await office.phonebook.snapshot('staff')
    const trimmer = new Trimmer({ entries: 1, numbers: 2, nameCharacters: 3 })
    const [only, ...more] = trimmer.contacts(snapshot?.all() ?? [], snapshot?.size ?? 0)
    expect(only?.numbers.map(({ dial }) => dial)).toEqual(['501', '00048221234567'])
    expect(more).toEqual([])
    expect(trimmer.text('Berg')).toBe('Ber')
    expect(trimmer.cut).toEqual({ entries: 1, numbers: 3, names: 1 })
  })

  test('of a Gigaset base depends on its model', async () => {
    const many = Array.from({ length: 501 }, (_, at) => named(String(1000 + at), 'N', `Berg ${at}`))
    await using office = await openOffice(many)
    const count = async (agent: string) => {
      const text = await office.read('gigaset/TOKEN/central.xml', { 'user-agent': agent })
      return text.match(/<entry /g)?.length
    }
    expect(await count('Gigaset N530 IP PRO/1.0;7C2F80E0D605')).toBe(500)
    expect(await count('Gigaset N870 IP PRO/83.V2.11.0;7C2F80E0D605')).toBe(501)
  })
})

describe('a Gigaset base', () => {
  const longer = named('502', 'Aaron', 'Aal', { mobile: '+4917012345678' })
  const caller = named('503', 'Zoe', 'Zander', { mobile: '+491701234567' })
  const auto = 'gigaset/TOKEN/netdir?command=get%5flist&type=pb&reqsrc=auto&count=1&first=1'

  test('is told who calls, though others have the number as a part of theirs', async () => {
    await using office = await openOffice([longer, caller])
    expect(await office.read(`${auto}&hm=01701234567`)).toContain('total="1" first="1" last="1"')
    expect(await office.read(`${auto}&hm=01701234567`)).toContain('<ln>Zander</ln>')
    expect(await office.read(`${auto}&hm=0170123`)).toContain('notfound="hm" total="0"')
  })

  test('gets no more than it can take, and is told where that ends', async () => {
    const many = Array.from({ length: 60 }, (_, at) => named(String(600 + at), 'N', `Berg ${at}`))
    await using office = await openOffice(many)
    const text = await office.read('gigaset/TOKEN/netdir?count=50&limit=2048')
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2048)
    const entries = text.match(/<entry /g)?.length ?? 0
    expect(entries).toBeGreaterThan(10)
    expect(text).toContain(`total="60" first="1" last="${entries}"`)
    expect(await office.read('gigaset/TOKEN/netdir?count=50&limit=1')).toContain('last="1"')
  })
})
