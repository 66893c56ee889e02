import { describe, expect, test } from 'vitest'
import { makePerson } from '../support/person.ts'
import { colleague, Office } from './office.ts'

const day = 86_400_000
const at = '+49301234400'
const ada = colleague('501', 'Ada')
const zoe = colleague('502', 'Zoë', { dn: 'CN=Zoë,OU=People,DC=example' })
const linus = colleague('503', 'Linus')
const sharing = [ada, zoe, linus].map((one) => ({ ...one, dids: [...one.dids, at] }))

const rings = (office: Office, number: string) => {
  const { how, extensions, ring } = office.calls.called(number)
  return [how, extensions.join('&'), ring]
}

describe('a public number rings', () => {
  test('its owner, in whatever spelling it comes', () => {
    const office = new Office([ada])
    for (const sent of ['+49301234501', '0301234501', '493012345 01', '301234501', '501']) {
      expect(rings(office, sent)).toEqual(['person', '501', 'all'])
    }
  })

  test('all who share it, at once or in order, as the class of the first says', () => {
    expect(rings(new Office(sharing), at)).toEqual(['shared', '501&502&503', 'all'])
    const classes = { default: { sharedDid: 'order' } } as const
    expect(rings(new Office(sharing, { classes }), at)).toEqual(['shared', '501&502&503', 'order'])
    const calls = `{ dids: { "${at}": { ring: order } } }`
    expect(rings(new Office(sharing, { calls }), at)).toEqual(['shared', '501&502&503', 'order'])
  })

  test('whom the configuration says, extensions of the exchange itself too', () => {
    const calls = `{ dids: { "${at}": { to: ["503", "ada", "700"], ring: order } } }`
    const office = new Office([{ ...ada, aliases: ['ada'] }, linus], { calls })
    expect(rings(office, at)).toEqual(['configured', '503&501&700', 'order'])
  })

  test('what the number rings that it is an alias of', () => {
    const calls = '{ dids: { "+49301234999": { to: ["+49301234502"] } } }'
    expect(rings(new Office([zoe], { calls }), '+49301234999')).toEqual(['person', '502', 'all'])
    const ring = '{ dids: { "+49301234998": { to: ["+49301234998"] } } }'
    expect(rings(new Office([zoe], { calls: ring }), '+49301234998')[0]).toBe('nobody')
  })

  test('nobody, when nobody has it, or the operator', () => {
    expect(rings(new Office([ada]), '+49301234999')).toEqual(['nobody', '', 'all'])
    const calls = '{ operator: "500", unknownDid: operator }'
    const office = new Office([ada], { calls })
    expect(rings(office, '+49301234999')).toEqual(['operator', '500', 'all'])
    expect(rings(office, '+4940777777')).toEqual(['nobody', '', 'all'])
    for (const odd of ['', '${EXTEN}', '*97', 'ada', '\u0000', '9'.repeat(400)]) {
      expect(rings(office, odd)[0]).toBe('nobody')
    }
  })

  test('with every step that led there', () => {
    const calls = '{ operator: "500", unknownDid: operator }'
    const why = (number: string) => new Office([ada], { calls }).calls.called(number).why
    expect(why('0301234501')).toEqual(['+49301234501 is of Ada'])
    expect(why('+49301234999')).toEqual([
      '+49301234999 is of nobody',
      'by site.dids it is 999, which is of nobody',
      'calls.unknownDid: operator 500',
    ])
    expect(why('+4940777777')).toEqual([
      '+4940777777 is of nobody',
      'it is in no range of site.dids, so not ours',
    ])
    expect(why('ada')).toEqual(['is no public number'])
  })

  test('nobody by an extension that would mean something to the dialplan', () => {
    const evil = makePerson('5&Local/1', { id: 'staff/evil', dids: [at] })
    expect(rings(new Office([evil]), at)).toEqual(['nobody', '', 'all'])
  })
})

describe('the number of somebody who left rings', () => {
  const managed = (details: object) => colleague('504', 'Horst', { details })
  const leaver = managed({ managerDn: 'cn=zoë, ou=people, dc=example', assistantDn: linus.dn })

  function left(person: typeof ada, others: readonly (typeof ada)[], calls = '{}', now = day) {
    const office = new Office([person, ...others], { calls, now: () => now })
    office.leave(person, 0)
    return rings(office, '+49301234504')
  }

  test('his manager of the directory', () => {
    expect(left(leaver, [zoe, linus])).toEqual(['manager', '502', 'all'])
  })

  test("his manager's manager, when that one left too, and nobody in a ring of managers", () => {
    const boss = { ...zoe, disabled: 'disabled', details: { managerDn: ada.dn } } as const
    expect(left(leaver, [boss, ada])).toEqual(['manager', '501', 'all'])
    const ring = { ...boss, details: { managerDn: boss.dn } }
    expect(left(managed({ managerDn: boss.dn }), [ring])).toEqual(['nobody', '', 'all'])
  })

  test('his deputy, when there is no manager or that is preferred', () => {
    expect(left(leaver, [linus])).toEqual(['deputy', '503', 'all'])
    const calls = '{ leaverDids: { to: [deputy, manager] } }'
    expect(left(leaver, [zoe, linus], calls)).toEqual(['deputy', '503', 'all'])
  })

  test('the operator last, for as many days as are said', () => {
    const calls = '{ operator: "500", leaverDids: { days: 14 } }'
    expect(left(managed({}), [], calls, 13 * day)).toEqual(['operator', '500', 'all'])
    expect(left(managed({}), [], calls, 15 * day)).toEqual(['nobody', '', 'all'])
  })

  test('the colleague who shares it, if there is one', () => {
    const mate = { ...linus, dids: ['+49301234504'] }
    expect(left(leaver, [zoe, mate])).toEqual(['person', '503', 'all'])
  })

  test('him again, when he is back', () => {
    const office = new Office([leaver, zoe])
    office.leave(leaver, 0)
    expect(rings(office, '+49301234504')[0]).toBe('manager')
    office.put(leaver)
    expect(rings(office, '+49301234504')).toEqual(['person', '504', 'all'])
  })

  test('a manager who is named by login, and follows him when he moves', () => {
    const boss = { ...zoe, user: 'zmueller' }
    expect(left(managed({ manager: 'ZMueller' }), [boss])).toEqual(['manager', '502', 'all'])
    const moved = { ...zoe, dn: 'CN=Zoë,OU=Elsewhere,DC=example' }
    const office = new Office([leaver, zoe])
    office.leave(leaver, 0)
    office.put(moved)
    expect(rings(office, '+49301234504')[0]).toBe('nobody')
  })
})
