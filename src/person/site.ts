import { Type, type Static } from 'typebox'
import type { Complaint } from '../complaint.ts'
import { parseDidRule, type DidRule } from './did-rules.ts'
import { countryPlan } from './numbering-plan.ts'

/** How telephone numbers are written and dialled where the company is. */
export const siteProperties = {
  country: Type.String({
    description:
      'Country of the site, ISO 3166 with two letters (DE, PL, US). Decides how a number without + is read.',
    examples: ['DE'],
  }),
  areaCode: Type.Optional(
    Type.String({
      description:
        'Area code of the site, for numbers that are written without one ("30" for Berlin).',
      examples: ['30'],
    }),
  ),
  extensionLength: Type.Optional(
    Type.Union([Type.Integer(), Type.Array(Type.Integer(), { minItems: 1, maxItems: 2 })], {
      description: 'Number of digits of an extension: one number, or the least and the most.',
      default: [3, 4],
    }),
  ),
  outsidePrefix: Type.Optional(
    Type.String({
      description: 'Digits that a phone dials to get outside; empty when there are none.',
      default: '',
      examples: ['0'],
    }),
  ),
  internationalPrefix: Type.Optional(
    Type.String({ description: 'Digits before a country code. Default: as usual in the country.' }),
  ),
  trunkPrefix: Type.Optional(
    Type.String({
      description:
        'Digit before an area code inside the country. Default: as usual in the country ("0", "1", none).',
    }),
  ),
  dids: Type.Optional(
    Type.Union([Type.String(), Type.Array(Type.String())], {
      description:
        'Own public numbers and the extensions behind them. Each x is a digit that is carried over. A number without an arrow is ours, but says nothing of an extension.',
      default: [],
      examples: ['+4930123456xx -> 5xx', ['+493012340 -> 500', '+4930123456xx -> 5xx']],
    }),
  ),
  emergency: Type.Optional(
    Type.Array(Type.String(), {
      description:
        "Emergency numbers: dialled as they are, never anybody's extension. Default: those of the country.",
      examples: [['110', '112']],
    }),
  ),
  shortNumbers: Type.Optional(
    Type.Array(Type.String(), {
      description: 'Further short public numbers that are dialled as they are.',
      default: [],
      examples: [['115', '116117']],
    }),
  ),
}

export const siteOptions = Type.Object(siteProperties)
export type SiteOptions = Static<typeof siteOptions>

/** A site's rules, ready for use by `numbers.ts`. Immutable. */
export interface Site {
  readonly country: string
  readonly callingCode: string
  /** Without the trunk prefix. */
  readonly areaCode: string | null
  readonly shortestExtension: number
  readonly longestExtension: number
  readonly outsidePrefix: string
  readonly internationalPrefix: string
  readonly trunkPrefix: string
  readonly dids: readonly DidRule[]
  /** Emergency and short numbers. */
  readonly services: ReadonlySet<string>
}

/** For options that `checkSite` has nothing against; throws on an unknown country. */
export function compileSite(options: SiteOptions): Site {
  const country = options.country.toUpperCase()
  const plan = countryPlan(country)
  if (plan === undefined) throw new Error(`site.country: there is no country "${options.country}"`)
  const trunkPrefix = options.trunkPrefix ?? plan.trunkPrefix
  const [shortestExtension, longestExtension] = extensionLengths(options)
  return {
    country,
    callingCode: plan.callingCode,
    areaCode: areaCode(options.areaCode, trunkPrefix),
    shortestExtension,
    longestExtension,
    outsidePrefix: options.outsidePrefix ?? '',
    internationalPrefix: options.internationalPrefix ?? plan.internationalPrefix,
    trunkPrefix,
    dids: didTexts(options)
      .map(parseDidRule)
      .filter((rule) => typeof rule !== 'string'),
    services: new Set([
      ...(options.emergency ?? emergencyNumbers(country)),
      ...(options.shortNumbers ?? []),
    ]),
  }
}

export function checkSite(options: SiteOptions, path: string): Complaint[] {
  const complaints: Complaint[] = []
  const complain = (key: string, problem: string, example: string) =>
    complaints.push({ path: `${path}.${key}`, problem, example })

  if (countryPlan(options.country.toUpperCase()) === undefined) {
    complain('country', `there is no country "${options.country}"; expected two letters`, 'DE')
  }
  const [shortest, longest] = extensionLengths(options)
  if (shortest < 1 || longest > 15 || shortest > longest) {
    complain(
      'extensionLength',
      'expected one number, or the least and the most, between 1 and 15',
      '[3, 4]',
    )
  }
  for (const [key, pattern, example] of digitOptions) {
    const value = options[key]
    if (value !== undefined && !pattern.test(value)) {
      complain(key, `"${value}" was not understood; expected digits only`, example)
    }
  }
  for (const key of ['emergency', 'shortNumbers'] as const) {
    for (const [index, number] of (options[key] ?? []).entries()) {
      if (/^\d{2,8}$/.test(number)) continue
      complain(`${key}[${index}]`, `"${number}" was not understood; expected 2 to 8 digits`, '112')
    }
  }
  const single = typeof options.dids === 'string'
  for (const [index, text] of didTexts(options).entries()) {
    const key = single ? 'dids' : `dids[${index}]`
    const rule = parseDidRule(text)
    if (typeof rule === 'string') {
      complain(key, rule, '+4930123456xx -> 5xx')
    } else if (
      rule.extension !== null &&
      (rule.extension.length < shortest || rule.extension.length > longest)
    ) {
      complain(
        key,
        `"${text}" makes extensions of ${rule.extension.length} digits, but extensionLength says ${shortest} to ${longest}`,
        '+4930123456xx -> 5xx',
      )
    }
  }
  return complaints
}

const digitOptions = [
  ['areaCode', /^\d{1,6}$/, '30'],
  ['outsidePrefix', /^\d{0,3}$/, '0'],
  ['internationalPrefix', /^\d{1,6}$/, '00'],
  ['trunkPrefix', /^\d{0,3}$/, '0'],
] as const

function extensionLengths(options: SiteOptions): readonly [number, number] {
  const lengths = options.extensionLength ?? [3, 4]
  if (typeof lengths === 'number') return [lengths, lengths]
  const shortest = lengths[0] ?? 3
  return [shortest, lengths[1] ?? shortest]
}

function areaCode(code: string | undefined, trunkPrefix: string): string | null {
  if (code === undefined || code === '') return null
  return trunkPrefix !== '' && code.startsWith(trunkPrefix) ? code.slice(trunkPrefix.length) : code
}

function didTexts(options: SiteOptions): readonly string[] {
  return typeof options.dids === 'string' ? [options.dids] : (options.dids ?? [])
}

function emergencyNumbers(country: string): readonly string[] {
  return nationalEmergency[country] ?? ['112']
}

/** Where 112 is not the only one, or not one at all. */
const nationalEmergency: Readonly<Record<string, readonly string[]>> = {
  AT: ['112', '122', '133', '144'],
  AU: ['000', '112'],
  BE: ['100', '101', '112'],
  BR: ['190', '192', '193'],
  CA: ['911'],
  CH: ['112', '117', '118', '144'],
  CZ: ['112', '150', '155', '158'],
  DE: ['110', '112'],
  ES: ['061', '062', '080', '091', '112'],
  FR: ['15', '17', '18', '112'],
  GB: ['112', '999'],
  GR: ['100', '112', '166', '199'],
  HU: ['104', '105', '107', '112'],
  IE: ['112', '999'],
  IN: ['100', '101', '102', '112'],
  IT: ['112', '113', '115', '118'],
  JP: ['110', '118', '119'],
  MX: ['911'],
  NO: ['110', '112', '113'],
  NZ: ['111'],
  PL: ['112', '997', '998', '999'],
  RU: ['101', '102', '103', '112'],
  SK: ['112', '150', '155', '158'],
  UA: ['101', '102', '103', '112'],
  US: ['911'],
}
