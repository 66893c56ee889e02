import { describe, expect, test } from 'vitest'
import { colleague, contact, number, Office } from './office.ts'

const ada = colleague('501', 'Ada Lovelace')
const zoe = colleague('502', 'Zoë Müller', { aliases: ['zoe'] })
const siobhan = contact('Siobhán', [number('mobile', '+491703920018')], 'Brien Ltd')

describe('a caller is found', () => {
  const office = new Office([ada, zoe, siobhan])

  test.each([
    '+491703920018',
    '00491703920018',
    '491703920018',
    '0491703920018',
    '01703920018',
    '1703920018',
    '0170 / 392 00-18',
    '001703920018',
    'sip:+491703920018@trunk.example;user=phone',
    '"Mobile" <sip:01703920018@10.0.0.1>',
    'tel:+49-170-3920018',
    '+49 (0)170 3920018',
    '\u202a+49 170 3920018\u202c',
  ])('as %s', (sent) => expect(office.name(sent)).toBe('Siobhán'))

  test('with which number it was, the organisation, and every step', () => {
    const { match } = office.calls.caller('01703920018')
    expect(match).toMatchObject({ how: 'number', kind: 'mobile', organisation: 'Brien Ltd' })
    expect(match.why.join('\n')).toMatch(/may be \+491703920018/)
    expect(match.why.join('\n')).toMatch(/it is Siobhán/)
  })

  test('by his extension or alias, but only where strangers cannot send one', () => {
    expect(office.name('501', true)).toBe('Ada Lovelace')
    expect(office.name('zoe', true)).toBe('Zoë Müller')
    expect(office.name('501')).toBeNull()
    expect(office.name('sip:zoe@evil.example')).toBeNull()
  })

  test('by the public number that the ranges give to an extension', () => {
    const plain = new Office([colleague('503', 'Linus', { dids: [], numbers: [] })])
    expect(plain.name('+49301234503')).toBe('Linus')
  })
})

describe('nobody is found', () => {
  const office = new Office([ada, siobhan])

  test.each([
    ['+49301234999', 'nobody'],
    ['+4940555555', 'nobody'],
    ['*97', 'nobody'],
    ['#31#', 'nobody'],
    ['9'.repeat(300), 'nobody'],
    ['+'.repeat(50), 'nobody'],
    ['${CALLERID(all)}', 'nobody'],
    ['ada\u0000501', 'nobody'],
    ['📞📞📞', 'nobody'],
    ['\ud800', 'nobody'],
    ['', 'withheld'],
    ['anonymous', 'withheld'],
    ['Anonymous', 'withheld'],
    ['"Anonymous" <sip:anonymous@anonymous.invalid>', 'withheld'],
    ['restricted', 'withheld'],
  ])('for %j', (sent, how) => {
    const { name, match, number } = office.calls.caller(sent)
    expect([name, match.how]).toEqual([null, how])
    expect(number).toBeNull()
  })
})

describe('the end of a number', () => {
  const berlin = contact('Berlin', [number('work', '+49305551234')])
  const hamburg = contact('Hamburg', [number('work', '+49405551234')])
  const written = contact('Written', [number('work', null, 'Tel. 77 66 55-44')])

  test('names the one person whose number ends so', () => {
    const office = new Office([hamburg])
    expect(office.calls.caller('5551234').match).toMatchObject({ how: 'end', person: hamburg })
  })

  test('names nobody when two numbers end so', () => {
    expect(
      new Office([hamburg, contact('Other', [number('work', '+49895551234')])]).name('5551234'),
    ).toBeNull()
  })

  test('counts for nothing when the area is another', () => {
    expect(new Office([berlin]).name('+49405551234')).toBeNull()
  })

  test('counts for nothing below seven digits', () => {
    expect(new Office([hamburg]).name('551234')).toBeNull()
  })

  test('finds an entry that holds only the end', () => {
    expect(new Office([written]).name('+493077665544')).toBe('Written')
  })
})

describe("a company's main number", () => {
  const acme = contact('Acme desk', [number('work', '+498943210', '+49 89 4321-0')], 'Acme GmbH')

  test('gives its name to the extensions behind it', () => {
    const { name, match } = new Office([acme]).calls.caller('+4989432177')
    expect([name, match.how]).toEqual(['Acme GmbH', 'company'])
  })

  test('gives no name to a neighbour whose zero only happens to be the last digit', () => {
    const plain = contact('Plain', [number('work', '+498943210', '+498943210')], 'Plain GmbH')
    expect(new Office([plain]).name('+498943217')).toBeNull()
  })

  test('gives no name where numbers have a fixed length', () => {
    const french = contact('Fr', [number('work', '+33140203000', '+33 1 40 20 30-0')], 'Fr SA')
    expect(new Office([french]).name('+33140203001')).toBeNull()
  })

  test('gives a name only when one company has it', () => {
    const other = contact('Other', [number('work', '+498943210', '089 4321-0')], 'Other GmbH')
    expect(new Office([acme, other]).name('+4989432177')).toBeNull()
  })
})

describe('two people with one number', () => {
  const e164 = '+49308887766'
  const first = contact('First', [number('home', e164)], 'Smith & Sons')
  const second = contact('Second', [number('home', e164)], 'Smith & Sons')
  const near = colleague('504', 'Near', { numbers: [number('home', e164)] })

  test('have the name of their organisation', () => {
    expect(new Office([first, second]).name(e164)).toBe('Smith & Sons')
    expect(new Office([first, near]).name(e164)).toBeNull()
  })

  test('have the name of the nearer one, if that is wanted', () => {
    expect(new Office([first, near], { calls: '{ shared: nearer }' }).name(e164)).toBe('Near')
  })

  test('have no name, if that is wanted', () => {
    expect(new Office([first, second], { calls: '{ shared: nothing }' }).name(e164)).toBeNull()
  })

  test('are one when the other may not use the telephone any more', () => {
    expect(new Office([{ ...first, disabled: 'left' }, second]).name(e164)).toBe('Second')
  })
})

describe('a trunk', () => {
  const calls = `
  trunks:
    strange: { in: ["9 -> ", "1xx -> +49301234 5xx"] }
    branch: { extensions: true }
`
  const office = new Office([ada, siobhan], { calls })

  test('has rules of its own', () => {
    expect(office.calls.caller('901703920018', { trunk: 'strange' }).name).toBe('Siobhán')
    expect(office.calls.caller('101', { trunk: 'strange' }).name).toBe('Ada Lovelace')
    expect(office.calls.caller('901703920018').name).toBeNull()
  })

  test('may send extensions, when it leads to another exchange of ours', () => {
    expect(office.calls.caller('501', { trunk: 'branch' }).name).toBe('Ada Lovelace')
    expect(office.calls.caller('501', { trunk: 'strange' }).name).toBeNull()
    expect(office.calls.caller('501', { trunk: '__proto__' }).name).toBeNull()
  })
})
