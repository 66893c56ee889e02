import { expect, test } from 'vitest'
import { makePerson } from '../support/person.ts'
import { openTold, type Told } from './told.ts'

const ada = makePerson('501', { id: 'test/ada' })
const zoe = makePerson('502', { id: 'test/zoe' })

async function register({ state }: Told, ...extensions: readonly string[]): Promise<void> {
  for (const extension of extensions) {
    const id = `${extension};@0123456789abcdef0123456789abcdef`
    await state.contacts.put(id, { id, uri: `sip:${extension}@127.0.0.1` })
    await state.registrations.put(extension, { name: extension, ipaddr: '127.0.0.1' })
  }
}

function registered({ state }: Told): (string | undefined)[] {
  return [
    ...Array.from(state.contacts.values(), ({ id }) => id?.split(';')[0]),
    ...Array.from(state.registrations.values(), ({ name }) => name),
  ]
}

test('the phones of somebody who left are not registered any more, those of others are', async () => {
  await using company = await openTold([])
  company.put(ada, zoe)
  await register(company, '501', '502')
  company.remove(ada)
  await company.pbx.settled()
  expect(registered(company)).toEqual(['502', '502'])
})

test('so are those of somebody who is disabled, or has another extension', async () => {
  await using company = await openTold([])
  company.put(ada, zoe)
  await register(company, '501', '502')
  company.put({ ...ada, disabled: 'locked' }, { ...zoe, extension: '512' })
  await company.pbx.settled()
  expect(registered(company)).toEqual([])
})

test('who gets the extension of somebody else does not get his phone', async () => {
  await using company = await openTold([])
  company.put(ada)
  await register(company, '501')
  company.remove(ada)
  company.put(makePerson('501', { id: 'test/heir' }))
  await company.pbx.settled()
  expect(registered(company)).toEqual([])
})

test('a change that leaves the extension with its owner leaves his phone alone', async () => {
  await using company = await openTold([])
  company.put(ada)
  await register(company, '501')
  company.put({ ...ada, name: 'Ada King' })
  // Wants the same extension, and does not get it.
  company.put(makePerson('501', { id: 'test/late' }))
  company.remove(makePerson('501', { id: 'test/late' }))
  await company.pbx.settled()
  expect(registered(company)).toEqual(['501', '501'])
})

test('a phone that is kept by hand in a file of Asterisk stays, whoever comes or goes', async () => {
  await using company = await openTold([])
  await register(company, 'reception')
  company.put(makePerson('reception'))
  company.put(...Array.from({ length: 600 }, (_, at) => makePerson(String(1000 + at))))
  await company.pbx.settled()
  expect(registered(company)).toEqual(['reception', 'reception'])
})

test('when very many leave at once, their phones go as well', async () => {
  await using company = await openTold([])
  const many = Array.from({ length: 600 }, (_, at) => makePerson(String(1000 + at)))
  company.put(ada, ...many)
  await register(company, '501', '1000', '1599')
  company.remove(...many)
  await company.pbx.settled()
  expect(registered(company)).toEqual(['501', '501'])
})
