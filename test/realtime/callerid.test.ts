import { expect, test } from 'vitest'
import { decodePairs } from '../../src/answers/realtime/codec.ts'
import { entry, startTestService } from '../support/service.ts'

const ldif = [
  entry('zoe', 1, {
    cn: 'Müller, "Zoë" ${EVIL}',
    telephoneNumber: '501',
    mobile: '+49 171 1234567',
    title: 'Head; of=all',
  }),
  entry('bob', 2, { cn: 'Bob', telephoneNumber: '502', homePhone: '+49 30 99887766' }),
  entry('eve', 3, { cn: 'Eve', telephoneNumber: '503', homePhone: '+49 30 99887766' }),
  entry('gone', 4, {
    cn: 'Gone',
    mobile: '+49 171 7654321',
    pwdAccountLockedTime: '000001010000Z',
  }),
].join('')

test('any number of a person gives the name, in any spelling, and nothing that a dialplan evaluates', async () => {
  await using company = await startTestService({ ldif, source: 'map: { title: title }' })
  const about = async (number: string) => {
    const row = await company.ask('callerid/single', `number=${encodeURIComponent(number)}`)
    return Object.fromEntries(decodePairs(row.trim()))
  }
  expect(await about('01711234567')).toEqual({
    number: '01711234567',
    name: "Müller 'Zoë' {EVIL}",
    lastname: 'zoe',
    extension: '501',
    title: 'Head of all',
    class: 'default',
  })
  expect((await about('501'))['name']).toContain('Zoë')
  expect(await about('+493099887766')).toEqual({}) // two have it, and nobody knows who calls
  expect(await about('+491717654321')).toEqual({})
  expect(await about('anonymous')).toEqual({})
})
