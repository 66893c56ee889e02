import { describe, expect, test } from 'vitest'
import type { ClassOptions } from '../../src/answers/realtime/class-options.ts'
import { colleague, contact, number, Office } from './office.ts'

const e164 = '+491703920018'
const caller = (name: string, company?: string) => contact(name, [number('mobile', e164)], company)

/** What the telephone of 501, whose class is as given, shows. */
function shown(name: string, own: ClassOptions, company?: string, country = 'DE') {
  const office = new Office([colleague('501', 'Ada'), caller(name, company)], {
    classes: { default: own },
    country,
  })
  const { name: text, number: digits } = office.calls.caller(e164, { to: '501' })
  return { name: text, number: digits }
}

describe('a name', () => {
  test.each([
    ['{lastName}', null],
    ['{name}[ ({organisation})]', 'Zoë (Brien)'],
    ['{name}[, {department}]', 'Zoë'],
    ['{name} <{kind}>', 'Zoë mobile'],
    ['{nonsense}{constructor}', null],
  ])('by the template %s', (callerName, expected) => {
    expect(shown('Zoë', { callerName }, 'Brien').name).toBe(expected ?? 'Zoë')
  })

  test.each([
    ['Jürgen Groß', 'Juergen Gross', 'DE'],
    ['Jürgen Groß', 'Jurgen Gross', 'FR'],
    ['Łukasz Żółkiewski', 'Lukasz Zolkiewski', 'DE'],
    ['Ελένη Παπαδοπούλου', 'Eleni Papadopoyloy', 'DE'],
    ['Владимир', 'Vladimir', 'DE'],
    ['李', 'Li', 'DE'],
  ])('%s is %s for telephones with plain letters only (%s)', (name, expected, country) => {
    expect(shown(name, { latinOnly: true }, undefined, country).name).toBe(expected)
  })

  test('holds nothing that could harm a dialplan or a header, and is never too long', () => {
    const evil = '"<>;${EVAL(x)}$[1+1]\\\r\nEvil: 1 ' + 'x'.repeat(400)
    const { name } = shown(evil, {})
    expect(name).not.toMatch(/["<>;\\\p{Cc}]|\$[{[]/u)
    expect(name?.length).toBeLessThanOrEqual(80)
    expect(name).toMatch(/EVAL/)
  })

  test('cannot be put together from two dollars', () => {
    expect(shown('a$${b}$$[c]', {}).name).not.toMatch(/\$[{[]/)
  })
})

describe('a number', () => {
  test.each([
    [{ callerNumber: 'as-sent' }, null],
    [{ callerNumber: 'dialable' }, '001703920018'],
    [{ callerNumber: 'e164', callerRules: ['+49 -> 0'] }, '01703920018'],
    [{ callerRules: ['+ -> 00'] }, '00491703920018'],
  ] as const)('with %j', (own, expected) => {
    const rules = 'callerRules' in own ? { callerRules: [...own.callerRules] } : {}
    expect(shown('Zoë', { ...own, ...rules } as ClassOptions).number).toBe(expected)
  })
})

describe('what else is known', () => {
  const office = new Office(
    [
      colleague('501', 'Ada', {
        user: 'ada l/ove',
        groups: ['CN=Board,OU=Groups,DC=example'],
        details: { language: 'de' },
      }),
      caller('Plain'),
    ],
    { calls: '{ pictures: "https://p.example/{user}.jpg", vip: [board] }' },
  )

  test('is a picture, a language, the extension and the mark of a VIP', () => {
    expect(office.calls.caller('+49301234501')).toMatchObject({
      extension: '501',
      language: 'de',
      isVip: true,
      pictureUrl: 'https://p.example/ada%20l%2Fove.jpg',
    })
  })

  test('is nothing where the directory says nothing', () => {
    const { pictureUrl, isVip, language } = office.calls.caller(e164)
    expect([pictureUrl, isVip, language]).toEqual([null, false, null])
  })
})
