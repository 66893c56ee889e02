import { describe, expect, test } from 'vitest'
import { extensionBehind, numberInFront, parseDidRule } from '../../src/person/did-rules.ts'
import { parseNumber, publicNumberOf } from '../../src/person/numbers.ts'
import { checkSite, compileSite, type SiteOptions } from '../../src/person/site.ts'
import { didSpellings, parseTrunkNumber } from '../../src/person/trunk-numbers.ts'

describe('rules for own public numbers', () => {
  const site = compileSite({
    country: 'DE',
    extensionLength: [3, 4],
    dids: ['+4930123450 -> 500', '+49 30 12345-xx -> 5xx', '+4989x77x -> 9xx', '+49 30 999'],
  })

  test.each([
    ['+4930123450', '500'],
    ['+49301234542', '542'],
    ['+49891772', '912'],
    ['+4930999', null],
    ['+4930998', undefined],
    ['+493012345', undefined],
    ['+49301234542', '542'],
    ['+493012345420', undefined],
  ])('behind %s is %s', (e164, extension) => {
    expect(extensionBehind(e164, site.dids)).toBe(extension)
  })

  test('an extension finds the public number in front of it', () => {
    expect(publicNumberOf('542', site)).toBe('+49301234542')
    expect(publicNumberOf('912', site)).toBe('+49891772')
    expect(publicNumberOf('700', site)).toBeNull()
  })

  test('the first rule that fits decides', () => {
    const reception = compileSite({
      country: 'DE',
      dids: ['+493023125100', '+493023125xxx -> xxx'],
    })
    expect(extensionBehind('+493023125100', reception.dids)).toBeNull()
    expect(publicNumberOf('100', reception)).toBeNull()
    expect(publicNumberOf('101', reception)).toBe('+493023125101')
    expect(publicNumberOf('500', site)).toBe('+4930123450')
    expect(parseNumber('030 123450', site).extension).toBe('500')
  })

  test('every extension of a range comes back from its number', () => {
    for (let number = 0; number < 100; number += 1) {
      const extension = `5${String(number).padStart(2, '0')}`
      const e164 = numberInFront(extension, site.dids) ?? ''
      expect(extensionBehind(e164, site.dids)).toBe(extension)
    }
  })

  test.each([
    ['+4930xx -> 5x', '2 x on the left and 1 on the right'],
    ['030123xx -> 5xx', '"030123xx" is no public number'],
    ['+4930123xx -> abc', '"abc" is no extension'],
    ['+49 -> 1 -> 2', 'more than one "->"'],
  ])('%s is refused', (text, why) => {
    expect(parseDidRule(text)).toContain(why)
  })
})

describe('what the administrator wrote about the site', () => {
  const wrong: SiteOptions = {
    country: 'Germany',
    areaCode: '(0)30',
    extensionLength: [4, 3],
    outsidePrefix: 'zero',
    dids: ['+4930xx -> 5x', '+493012345x -> 5x'],
    emergency: ['112', 'police'],
  }

  test('every mistake is named with its place and an example', () => {
    expect(checkSite(wrong, 'site').map((one) => one.path)).toEqual([
      'site.country',
      'site.extensionLength',
      'site.areaCode',
      'site.outsidePrefix',
      'site.emergency[1]',
      'site.dids[0]',
      'site.dids[1]',
    ])
    expect(checkSite(wrong, 'site').every((one) => one.example !== undefined)).toBe(true)
  })

  test('a good site has no complaints, and the country fills in what was not said', () => {
    const good: SiteOptions = { country: 'de', areaCode: '030', dids: '+4930123456xx -> 5xx' }
    expect(checkSite(good, 'site')).toEqual([])
    expect(compileSite(good)).toMatchObject({
      country: 'DE',
      areaCode: '30',
      trunkPrefix: '0',
      internationalPrefix: '00',
      shortestExtension: 3,
      longestExtension: 4,
    })
  })

  test('a range that makes extensions of another length is pointed out', () => {
    const options: SiteOptions = {
      country: 'DE',
      extensionLength: 4,
      dids: '+4930123456xx -> 5xx',
    }
    expect(checkSite(options, 'site')[0]?.problem).toContain('extensions of 3 digits')
  })
})

describe('what trunks send', () => {
  const site = compileSite({
    country: 'DE',
    areaCode: '30',
    extensionLength: [3, 4],
    outsidePrefix: '0',
    dids: ['+493023125xxx -> xxx', '+49302312500 -> 500'],
  })

  test.each([
    '+493023125501',
    '00493023125501',
    '493023125501',
    '0493023125501',
    '03023125501',
    '3023125501',
    '23125501',
    '25501',
    '501',
    'sip:+493023125501@trunk.example;user=phone',
    'tel:+49-30-23125-501',
  ])('%s is our 501', (text) => {
    expect(parseTrunkNumber(text, site)).toBe('+493023125501')
  })

  test.each([
    ['+48123456789', '+48123456789'],
    ['0048123456789', '+48123456789'],
    ['01713920012', '+491713920012'],
    ['491713920012', '+491713920012'],
    ['0491713920012', '+491713920012'],
    ['1713920012', '+491713920012'],
    ['04917139200', '+494917139200'],
    ['anonymous', null],
    ['', null],
    ['*98', null],
  ])('a caller %s is %s', (text, e164) => {
    expect(parseTrunkNumber(text, site)).toBe(e164)
  })

  test('the end of a number that several own numbers have says nothing', () => {
    const two = compileSite({
      country: 'DE',
      extensionLength: 3,
      dids: ['+493023125xxx -> xxx', '+498999998xxx -> xxx'],
    })
    expect(parseTrunkNumber('501', two)).toBeNull()
    expect(parseTrunkNumber('25501', two)).toBe('+493023125501')
  })

  test('every spelling that a trunk may use leads back to the number', () => {
    const spellings = didSpellings('+493023125501', site)
    expect(spellings).toEqual([
      '+493023125501',
      '00493023125501',
      '493023125501',
      '0493023125501',
      '03023125501',
      '3023125501',
      '23125501',
    ])
    for (const spelling of spellings) {
      expect(parseTrunkNumber(spelling, site)).toBe('+493023125501')
    }
  })

  test('countries without a trunk prefix have fewer spellings', () => {
    const krakow = compileSite({ country: 'PL', extensionLength: 3 })
    expect(didSpellings('+48123456789', krakow)).toEqual([
      '+48123456789',
      '0048123456789',
      '48123456789',
      '123456789',
    ])
  })
})
