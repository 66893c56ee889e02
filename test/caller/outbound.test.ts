import { describe, expect, test } from 'vitest'
import { parseNumberRule, rewriteNumber } from '../../src/person/number-rules.ts'
import { makePerson } from '../support/person.ts'
import { colleague, Office } from './office.ts'

const shared = '+49301234400'
const ada = colleague('501', 'Ada')
const plain = makePerson('777x', { id: 'staff/plain', details: { department: 'Sales' } })

describe('a call to the outside shows', () => {
  const calls = `
  outbound: { departments: { sales: "+49301234200", board: "+49301234100" }, site: "+49301234500" }
  trunks: { provider: { out: ["+49 -> 0"] } }
`
  const show = (person: typeof ada, more: readonly (typeof ada)[] = []) => {
    const { how, number } = new Office([person, ...more], { calls }).calls.outbound(
      person.extension ?? '',
      '004089999999',
    )
    return [how, number]
  }

  test('the number that the directory dictates', () => {
    expect(show({ ...ada, callerId: '+49800123456' })).toEqual(['caller-id', '+49800123456'])
  })

  test('the own one, by the directory or by the ranges', () => {
    expect(show(ada)).toEqual(['own', '+49301234501'])
    expect(show({ ...ada, dids: [] })).toEqual(['own', '+49301234501'])
  })

  test("the department's or a group's, for who has none", () => {
    expect(show(plain)).toEqual(['department', '+49301234200'])
    const groups = ['CN=Board,OU=Groups,DC=example']
    expect(show({ ...plain, details: {}, groups })).toEqual(['department', '+49301234100'])
  })

  test('the shared one, for who has no other', () => {
    const one = { ...plain, details: {}, dids: [shared] }
    const other = makePerson('778x', { id: 'staff/other', dids: [shared] })
    expect(show(one, [other])).toEqual(['department', shared])
  })

  test("the site's, for everybody else, nobody included", () => {
    expect(show({ ...plain, details: {} })).toEqual(['site', '+49301234500'])
    const office = new Office([], { calls })
    expect(office.calls.outbound('599', '0409999999').number).toBe('+49301234500')
  })

  test('everything as the trunk writes it', () => {
    const { number, dial } = new Office([ada], { calls }).calls.outbound(
      '501',
      '004089999999',
      'provider',
    )
    expect([number, dial]).toEqual(['0301234501', '04089999999'])
  })
})

describe('the number is hidden', () => {
  const office = new Office([ada], { classes: { default: {} } })
  const secret = new Office([ada], { classes: { default: { withhold: true } } })

  test('when that is asked for, or always', () => {
    expect(office.calls.outbound('501', '004089999999').isWithheld).toBe(false)
    expect(office.calls.outbound('501', '*31#004089999999')).toMatchObject({
      isWithheld: true,
      dial: '+494089999999',
    })
    expect(secret.calls.outbound('501', '004089999999').isWithheld).toBe(true)
  })

  test('from nobody who helps', () => {
    expect(secret.calls.outbound('501', '112')).toMatchObject({ isWithheld: false, dial: '112' })
    expect(secret.calls.outbound('501', '0110')).toMatchObject({ isWithheld: false, dial: '110' })
    expect(office.calls.outbound('501', '*31#112')).toMatchObject({
      isWithheld: false,
      dial: '112',
    })
  })
})

test.each(['${EVIL}', '', '*97x', '\u0000', '9'.repeat(300), '0&SIP/x'])(
  '%j is dialled nowhere',
  (dialled) => {
    expect(new Office([ada]).calls.outbound('501', dialled).dial).toBeNull()
  },
)

describe('a rule', () => {
  test.each([
    ['0049 -> +49', '0049301', '+49301'],
    ['9 -> ', '9030', '030'],
    ['5xx -> +493012345xx', '512', '+49301234512'],
    ['5xx -> +493012345xx', '5123', '5123'],
    ['+ -> 00', '+4930', '004930'],
  ])('%s makes of %s', (text, before, after) => {
    const rule = parseNumberRule(text)
    expect(typeof rule === 'string' ? rule : rewriteNumber(before, [rule])).toBe(after)
  })

  test.each(['', '0049', 'a -> b', '1 -> 2 -> 3', 'xx -> x', ' -> 5'])('%j is refused', (text) => {
    expect(parseNumberRule(text)).toBeTypeOf('string')
  })
})
