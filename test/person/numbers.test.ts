import { describe, expect, test } from 'vitest'
import { dialNumber, parseDialled, parseNumber, publicNumberOf } from '../../src/person/numbers.ts'
import { compileSite } from '../../src/person/site.ts'

const berlin = compileSite({
  country: 'DE',
  areaCode: '30',
  extensionLength: [2, 4],
  outsidePrefix: '0',
  dids: ['+49 30 1234-xx -> xx', '+49 30 23125 xxx -> xxx', '+4930123000 -> 100', '+49 30 99 0'],
})
const chicago = compileSite({
  country: 'US',
  areaCode: '312',
  extensionLength: 4,
  outsidePrefix: '9',
})
const krakow = compileSite({ country: 'PL', extensionLength: 3, outsidePrefix: '0' })
const athens = compileSite({ country: 'GR', extensionLength: 3 })
const rome = compileSite({ country: 'IT', extensionLength: 3, outsidePrefix: '0' })

describe('numbers that other products are known to get wrong', () => {
  test.each([
    ['+33 (0)1 23 45 67 89', '+33123456789'],
    ['+33123456789', '+33123456789'],
    ['+1 (555) 123-4567', '+15551234567'],
    ['+1 555 123 4567 x99', '+15551234567'],
    ['+49 (0) 89/12 34', '+49891234'],
    ['+49(0)89123', '+4989123'],
    ['0049 89 12', '+498912'],
  ])('%s is %s', (text, e164) => {
    expect(parseNumber(text, berlin).e164).toBe(e164)
  })

  test('an extension behind a foreign number is kept apart', () => {
    expect(parseNumber('+1 555 123 4567 x99', berlin)).toMatchObject({
      suffix: '99',
      extension: null,
    })
  })

  test('a number is dialled with outside and trunk prefix', () => {
    expect(dialNumber('+49891234', berlin)).toBe('00891234')
  })

  test('a bracketed zero at the front is the trunk prefix of a national number', () => {
    expect(parseNumber('(0)1 23', berlin)).toMatchObject({ digits: '0123', extension: null })
    expect(parseNumber('(0)30 1234567', berlin).e164).toBe('+49301234567')
  })

  test('an own number is an extension', () => {
    expect(parseNumber('+49 30 1234-55', berlin)).toMatchObject({
      e164: '+4930123455',
      extension: '55',
    })
  })

  test('extensions and feature codes get no outside prefix', () => {
    expect(parseNumber('1000', berlin).extension).toBe('1000')
    expect(parseNumber('*98', berlin).service).toBe('*98')
    expect(dialNumber('1000', berlin)).toBe('1000')
    expect(dialNumber('*98', berlin)).toBe('*98')
  })
})

describe('the ways to write one number', () => {
  test.each([
    '+49 30 23125-501',
    '+49 (30) 23125-501',
    '+49 (0)30 23125-501',
    '0049 (0)30 23125 501',
    '+49 030 23125501',
    '(030) 23125-501',
    '030/23125501',
    '030.23125.501',
    '[030] 23125~501',
    '23125-501',
    '+49\u00a030\u202f23125\u2011501',
    '+49 30 23125\u2013501',
    '+49\u200b30\u206023125501\u200e',
    '＋４９（３０）２３１２５－５０１',
    '+٤٩ ٣٠ ٢٣١٢٥٥٠١',
    '۰۳۰ ۲۳۱۲۵۵۰۱',
    'tel:+49-30-23125-501',
    'TEL:+493023125501;phone-context=example.org',
    'tel:23125501;phone-context=+4930',
    'sip:+493023125501@example.org;user=phone',
    'sips:%2B493023125501@[2001:db8::1]:5061',
    '"Ada" <sip:+493023125501@example.org;transport=tls>;tag=1',
    'callto://+493023125501',
    '00 30 23125501',
    '000493023125501',
    '+49 30\t23125\r\n501',
  ])('%s', (text) => {
    expect(parseNumber(text, berlin)).toMatchObject({
      e164: '+493023125501',
      extension: '501',
      reason: null,
    })
  })

  test.each([
    ['+1 312 555 0142;ext=7', '7'],
    ['+1 312 555 0142 ext. 77', '77'],
    ['+1 312 555 0142 Ext 77', '77'],
    ['+1 312 555 0142 extension 77', '77'],
    ['+1 312 555 0142x77', '77'],
    ['+1 312 555 0142 #77', '77'],
    ['+1 312 555 0142, x 123456', '123456'],
    ['tel:+13125550142;ext=77', '77'],
    ['sip:+13125550142;ext=77@example.com', '77'],
    ['+1 312 555 0142 ｘ77', '77'],
    ['+1 312 555 0142 wewn. 77', '77'],
  ])('%s has something to dial afterwards', (text, suffix) => {
    expect(parseNumber(text, berlin)).toMatchObject({ e164: '+13125550142', suffix })
  })

  test('an extension behind our own main number is an extension', () => {
    expect(parseNumber('+49 30 990 ext. 501', berlin)).toMatchObject({
      e164: '+4930990',
      extension: '501',
    })
    expect(parseNumber('ext. 501', berlin).extension).toBe('501')
  })

  test("an own number without an arrow is ours, but nobody's extension", () => {
    expect(parseNumber('+4930990', berlin)).toMatchObject({ e164: '+4930990', extension: null })
  })
})

describe('what a country makes of digits', () => {
  test.each([
    [chicago, '(312) 555-0142', '+13125550142'],
    [chicago, '1-312-555-0142', '+13125550142'],
    [chicago, '555-0142', '+13125550142'],
    [chicago, '011 49 30 23125501', '+493023125501'],
    [chicago, '0049 30 23125501', '+493023125501'],
    [chicago, '9 1 312 555 0142', '+13125550142'],
    [krakow, '12 345 67 89', '+48123456789'],
    [krakow, '+48 (0)12 345 67 89', '+48123456789'],
    [krakow, '00 49 30 23125501', '+493023125501'],
    [athens, '210 1234567', '+302101234567'],
    [athens, '69 1234 5678', '+306912345678'],
    [rome, '06 1234 5678', '+390612345678'],
    [rome, '+39 (0)6 1234 5678', '+390612345678'],
    [rome, '+39 06 1234 5678', '+390612345678'],
    [berlin, '0171 3920012', '+491713920012'],
    [berlin, '01149 30 23125501', '+493023125501'],
    [berlin, '0113 123 4567', '+491131234567'],
    [berlin, '00441134960000', '+441134960000'],
    [berlin, '011 44 20 7946 0018', '+442079460018'],
  ])('%# %s', (site, text, e164) => {
    expect(parseNumber(text, site).e164).toBe(e164)
  })

  test('nothing is guessed about short or strange texts', () => {
    const site = compileSite({ country: 'DE', extensionLength: [3, 4] })
    for (const text of ['', '-', 'n/a', '12', '12345', '+', '+49', '+0123', '+999123456', '1+2']) {
      const parsed = parseNumber(text, site)
      expect(parsed, text).toMatchObject({ e164: null, extension: null, service: null })
      expect(parsed.reason, text).toMatch(/^".*" \w/)
    }
  })

  test('two numbers in one text are not glued together', () => {
    expect(parseNumber('030 23125501 / 0171 3920012', berlin).e164).toBeNull()
    expect(parseNumber('030 23125501, 0171 3920012', berlin).e164).toBeNull()
    expect(parseNumber('030 23125501; 0171 3920012', berlin).e164).toBeNull()
  })

  test("an emergency number is nobody's extension, with or without the outside prefix", () => {
    expect(parseNumber('112', berlin)).toMatchObject({ service: '112', extension: null })
    expect(parseDialled('0112', berlin)).toMatchObject({ service: '112', e164: null })
    expect(parseNumber('911', chicago).service).toBe('911')
  })

  test('a reason quotes no line break and no bidi mark', () => {
    expect(parseNumber('abc\r\nX-Evil: 1\u202e', berlin).reason).not.toMatch(/[\r\n\u202e]/)
  })
})

describe('there and back again', () => {
  const nationals: Readonly<Record<string, (seed: number) => string>> = {
    DE: (seed) => `+4930${20_000_000 + seed}`,
    US: (seed) => `+1312${2_000_000 + seed}`,
    PL: (seed) => `+48${221_000_000 + seed}`,
    GR: (seed) => `+30${2_100_000_000 + seed}`,
    IT: (seed) => `+3906${10_000_000 + seed}`,
    FR: (seed) => `+33${100_000_000 + seed}`,
    GB: (seed) => `+44${2_070_000_000 + seed}`,
  }
  test.each([berlin, chicago, krakow, athens, rome])(
    'what is dialled in $country is read as the same number',
    (site) => {
      for (const national of Object.values(nationals)) {
        for (let seed = 0; seed < 400_000; seed += 997) {
          const e164 = national(seed)
          const dialled = dialNumber(e164, site)
          const parsed = parseDialled(dialled, site)
          const back = parsed.e164 ?? publicNumberOf(parsed.extension ?? '', site)
          if (back !== e164) expect(`${e164} dialled ${dialled}`).toBe(back)
        }
      }
      expect(site.country).toHaveLength(2)
    },
  )
})
