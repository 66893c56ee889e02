import { describe, expect, test } from 'vitest'
import { colleague, contact, number, Office } from './office.ts'

const e164 = '+491703920018'
const siobhan = contact('Siobhán', [number('mobile', e164)])

describe('an answer that was given before', () => {
  test('changes with the name', () => {
    const office = new Office([siobhan])
    expect(office.name(e164)).toBe('Siobhán')
    office.put({ ...siobhan, name: 'Shiv' })
    expect(office.name(e164)).toBe('Shiv')
  })

  test('is gone with the person, and with the number', () => {
    const office = new Office([siobhan])
    expect(office.name('01703920018')).toBe('Siobhán')
    office.put({ ...siobhan, numbers: [] })
    expect(office.name('01703920018')).toBeNull()
    office.put(siobhan)
    expect(office.name('01703920018')).toBe('Siobhán')
    office.remove(siobhan)
    expect(office.name('01703920018')).toBeNull()
  })

  test('that was nobody, is somebody as soon as he has the number', () => {
    const office = new Office([])
    expect(office.name('1703920018')).toBeNull()
    office.put(siobhan)
    expect(office.name('1703920018')).toBe('Siobhán')
  })

  test('that was nobody inside, is somebody as soon as he has the extension', () => {
    const office = new Office([])
    expect(office.name('501', true)).toBeNull()
    office.put(colleague('501', 'Ada'))
    expect(office.name('501', true)).toBe('Ada')
  })

  test('by the end of a number is given up when a second one ends so', () => {
    const office = new Office([contact('Hamburg', [number('work', '+49405551234')])])
    expect(office.name('5551234')).toBe('Hamburg')
    office.put(contact('Munich', [number('work', '+49895551234')]))
    expect(office.name('5551234')).toBeNull()
  })

  test('by a main number begins when the company comes', () => {
    const office = new Office([])
    expect(office.name('+4989432177')).toBeNull()
    office.put(contact('Acme', [number('work', '+498943210', '089 4321-0')], 'Acme GmbH'))
    expect(office.name('+4989432177')).toBe('Acme GmbH')
  })

  test('is forgotten when everybody changes at once', () => {
    const office = new Office([siobhan])
    expect(office.name(e164)).toBe('Siobhán')
    const many = Array.from({ length: 1100 }, (_, at) => contact(`C${at}`, []))
    office.put(...many, { ...siobhan, name: 'Shiv' })
    expect(office.name(e164)).toBe('Shiv')
  })

  test('does not fill the memory, whatever is asked', () => {
    const office = new Office([siobhan])
    for (let at = 0; at < 30_000; at += 1) office.name(`+4989${100_000 + at}`)
    expect(office.name(e164)).toBe('Siobhán')
    office.put({ ...siobhan, name: 'Shiv' })
    expect(office.name(e164)).toBe('Shiv')
  })
})
