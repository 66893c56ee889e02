import { expect, test } from 'vitest'
import {
  askLibphonenumber,
  countryPlan,
  internationalE164,
  nationalE164,
} from '../../src/person/numbering-plan.ts'

const countries =
  'DE AT CH FR GB IE NL PL CZ HU GR IT ES RU KZ US CA MX BR AR AU FI TR SM VA CI'.split(' ')

test.each(countries)('%s: the short way and libphonenumber read the same', (country) => {
  const plan = countryPlan(country)
  const code = plan?.callingCode ?? ''
  const next = randomDigits(country)
  const differences: string[] = []
  for (let round = 0; round < 3000; round += 1) {
    const digits = next(3 + (round % 13))
    const national = round % 2 === 0 ? digits : `${plan?.trunkPrefix ?? ''}${digits}`
    for (const [short, long] of [
      [internationalE164(code + national), askLibphonenumber(`+${code}${national}`, undefined)],
      [nationalE164(national, country), askLibphonenumber(national, country)],
    ]) {
      if (short !== long) differences.push(`${national}: ${short} and ${long}`)
    }
  }
  expect(differences).toEqual([])
})

test('any digits after a + are read as libphonenumber reads them', () => {
  const next = randomDigits('+')
  const differences: string[] = []
  for (let round = 0; round < 20_000; round += 1) {
    const digits = next(4 + (round % 14))
    const short = internationalE164(digits)
    const long = askLibphonenumber(`+${digits}`, undefined)
    if (short !== long) differences.push(`${digits}: ${short} and ${long}`)
  }
  expect(differences).toEqual([])
})

test('what the countries are known for is taken from the metadata', () => {
  const seen = ['DE', 'US', 'RU', 'HU', 'IT', 'BR'].map((country) => {
    const plan = countryPlan(country)
    return [country, plan?.callingCode, plan?.trunkPrefix, plan?.internationalPrefix]
  })
  expect(seen).toEqual([
    ['DE', '49', '0', '00'],
    ['US', '1', '1', '011'],
    ['RU', '7', '8', '810'],
    ['HU', '36', '06', '00'],
    ['IT', '39', '', '00'],
    ['BR', '55', '0', '00'],
  ])
  expect(countryPlan('XX')).toBeUndefined()
  expect(countryPlan('constructor')).toBeUndefined()
})

/** The same digits in every run, so that a difference can be looked at. */
function randomDigits(seedText: string): (length: number) => string {
  let state = Array.from(seedText).reduce((sum, char) => sum * 31 + char.charCodeAt(0), 7) >>> 0
  return (length) => {
    let digits = ''
    while (digits.length < length) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      digits += String(Math.floor((state / 2 ** 32) * 10))
    }
    return digits
  }
}
