import { isGroupName, isMailAddress } from '../person/dialable.ts'
import { publicNumberOf } from '../person/numbers.ts'
import { cleanText, hasControlCharacters } from '../person/text.ts'
import { few, type Origin } from './compile-rule.ts'
import type { Draft } from './draft.ts'
import type { SecretField } from './fields.ts'
import type { Interner } from './interner.ts'

/** The first value that is not empty, cleaned and cut; several joined when the rule says all. */
export function readText(
  origins: readonly Origin[],
  longest: number,
  draft: Draft,
  separator = ', ',
): string | null {
  for (const origin of origins) {
    const values = few(origin.read(draft), 100)
    if (values.length === 0) continue
    const raw = origin.values === 'all' && values.length > 1 ? values.join(separator) : undefined
    for (const value of raw === undefined ? values : [raw]) {
      const { text, isCut } = cleanText(value, longest)
      if (text === '') continue
      if (isCut) draft.problem(origin.attribute, `was cut to ${longest} characters`)
      return text
    }
  }
  return null
}

export function readEmail(origins: readonly Origin[], draft: Draft): string | null {
  for (const origin of origins) {
    for (const value of few(origin.read(draft), 10)) {
      const { text } = cleanText(value, 300)
      if (text === '') continue
      if (isMailAddress(text) && !hasControlCharacters(value.trim())) return text
      draft.problem(origin.attribute, `"${text.slice(0, 40)}" is no mail address`)
    }
  }
  return null
}

export function readCallerId(origins: readonly Origin[], draft: Draft): string | null {
  for (const origin of origins) {
    for (const value of few(origin.read(draft), 10)) {
      const { text } = cleanText(value, 100)
      if (text === '') continue
      const { e164, extension } = draft.parse(text)
      const number = e164 ?? (extension === null ? null : publicNumberOf(extension, draft.site))
      if (number !== null) return number
      draft.problem(origin.attribute, `"${text.slice(0, 40)}" is no public number to show outside`)
    }
  }
  return null
}

/** Groups as the directory writes them; hundreds of thousands of people have the same few. */
export function readGroups(
  origins: readonly Origin[],
  interner: Interner,
  draft: Draft,
): readonly string[] {
  let groups: string[] | null = null
  for (const origin of origins) {
    const read = origin.read(draft)
    if (origin.values !== 'first' && read.length > mostGroups) {
      const text = `has ${read.length} values; the first ${mostGroups} count`
      draft.problem(origin.attribute, text)
    }
    for (const value of few(read, origin.values === 'first' ? 1 : mostGroups)) {
      const { text, isCut } = cleanText(value, longestGroup)
      if (text === '') continue
      if (isCut) {
        // Half a DN would be another group.
        draft.problem(origin.attribute, `holds a group of more than ${longestGroup} characters`)
        continue
      }
      groups ??= []
      const group = interner.the(text)
      if (groups.length < mostGroups && !groups.includes(group)) groups.push(group)
    }
    if (origin.values === 'first' && groups !== null) break
  }
  return groups ?? none
}

const longestGroup = 1000
const mostGroups = 1000

export function readCallGroups(origins: readonly Origin[], draft: Draft): readonly string[] {
  const groups: string[] = []
  for (const origin of origins) {
    for (const value of few(origin.read(draft), origin.values === 'first' ? 1 : 64)) {
      // `1,2` is how Asterisk itself writes several.
      for (const group of value.split(',', 64).map((one) => one.trim())) {
        if (group === '' || groups.includes(group)) continue
        if (isGroupName(group)) groups.push(group)
        else draft.problem(origin.attribute, `"${shown(group)}" is no call group`)
      }
    }
    if (origin.values === 'first' && groups.length > 0) break
  }
  return groups.length === 0 ? none : groups
}

/** Never quoted in a problem, whatever is wrong with it. */
export function readSecret(
  field: SecretField,
  origins: readonly Origin[],
  draft: Draft,
): string | undefined {
  for (const origin of origins) {
    for (const value of few(origin.read(draft), 10)) {
      if (value === '') continue
      if (secretShapes[field].test(value)) return value
      draft.problem(origin.attribute, `was not taken as ${field}: expected ${secretWords[field]}`)
    }
  }
  return undefined
}

/** A semicolon would begin a comment in Asterisk's files, and a line break another setting. */
const secretShapes: Readonly<Record<SecretField, RegExp>> = {
  sipSecret: /^[!-:<-~]{1,128}$/,
  pin: /^[!-~]{1,128}$/,
  voicemailPin: /^\d{1,32}$/,
}

const secretWords: Readonly<Record<SecretField, string>> = {
  sipSecret: '1 to 128 printable ASCII characters without space and semicolon',
  pin: '1 to 128 printable ASCII characters without space',
  voicemailPin: '1 to 32 digits',
}

function shown(value: string): string {
  return cleanText(value, 40).text
}

const none: readonly never[] = Object.freeze([])
