import { expect, test } from 'vitest'
import { contactOf } from '../../src/answers/phonebook/contact.ts'
import { compileView } from '../../src/answers/phonebook/view.ts'
import { makePerson } from '../support/person.ts'
import { site } from './office.ts'

const { rules } = compileView('staff', { language: 'de' }, site)

test.each([
  ['Jörg Müller', 'Müller', 'Jörg', 'Müller Jörg'],
  ['Müller, Jörg', 'Müller', 'Jörg', 'Müller Jörg'],
  ['Müller Jörg', 'Müller', 'Jörg', 'Müller Jörg'],
  ['王 小明', '王', '小明', '王 小明'],
  ['Anna van der Berg', 'van der Berg', 'Anna', 'van der Berg Anna'],
  ['Meeting room 2', 'Meeting room 2', '', 'Meeting room 2'],
  ['jmueller', 'Müller', '', 'Müller'],
  ['Müllermann', 'Müller', '', 'Müller'],
])(
  'without a first name of its own, %s of the last name %s is shown whole',
  (name, lastName, first, shown) => {
    const person = makePerson('501', { name, lastName, firstName: null })
    expect(contactOf(person, true, rules)).toMatchObject({ first, last: lastName, shown })
  },
)

test('a first name that the directory tells is not guessed', () => {
  const person = makePerson('501', { name: 'Jörg Müller', lastName: 'Müller', firstName: 'Jo' })
  expect(contactOf(person, true, rules)).toMatchObject({ first: 'Jo', shown: 'Müller Jo' })
})
