import { contactNumberKinds, type ContactNumberKind } from '../phonebook/contact.ts'
import { label } from '../phonebook/labels.ts'
import type { Counted } from './words-counted.ts'
import type { Language, Words } from './words.ts'

/** How times, spans and values are written in a language. */
export function wordingOf(language: Language, words: Words, now: number) {
  const time = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  const clock = new Intl.DateTimeFormat(language, clockStyle)
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const number = new Intl.NumberFormat(language)
  const plural = new Intl.PluralRules(language)
  const nounFor = (count: number, what: Counted) =>
    words[`${plural.select(count) === 'one' ? 'one' : 'many'}-${what}`]
  const wordOf = (key: string, otherwise: string): string =>
    key in words ? words[key as keyof Words] : otherwise // looked up before
  return {
    time: (at: number | null) => (at === null ? words.never : time.format(at)),
    iso: (at: number) => new Date(at).toISOString(),
    clock: (at: number) => clock.format(at),
    count: (value: number) => number.format(value),
    /** `noun(2, 'digit')`: digits. */
    noun: nounFor,
    /** `counted(2, 'digit')`: 2 digits. */
    counted: (count: number, what: Counted) => `${number.format(count)} ${nounFor(count, what)}`,
    ago(at: number | null): string {
      if (at === null) return words.never
      const seconds = (at - now) / 1000
      for (const [unit, length] of units) {
        if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit)
      }
      return relative.format(Math.trunc(seconds), 'second')
    },
    took: (ms: number) => (ms < 1000 ? `${number.format(ms)} ms` : `${number.format(ms / 1000)} s`),
    /** A latency: microseconds while they are a small number; null: nothing was measured. */
    span(seconds: number | null): string {
      if (seconds === null) return '–'
      if (seconds === Infinity) return '> 100 ms'
      if (seconds < 0.001) return `${number.format(Math.round(seconds * 1e6))} µs`
      return `${number.format(seconds * 1000)} ms`
    },
    /** What a field of a person holds, as one text. */
    value(field: string, value: unknown): string {
      if (typeof value === 'boolean') return value ? words.yes : words.no
      if (field === 'disabled' && value) return wordOf(`disabled-${value}`, String(value))
      return valueText(value)
    },
    /** A word where there is one for it. */
    word: (key: string) => wordOf(key, key),
    /** A field of a person, or a kind of number, by the name that the service has for it. */
    field: (name: string) => wordOf(`field-${name}`, isKind(name) ? label(name, language) : name),
    numberKind: (kind: ContactNumberKind) => label(kind, language),
    reason: (reason: string) => wordOf(`reason-${reason}`, reason),
    excess: (kind: string) => wordOf(`excess-${kind}`, kind),
    disabled: (reason: string) => wordOf(`disabled-${reason}`, reason),
    person: (id: string) => `/people/${encodeURIComponent(id)}`,
  }
}
/** For times that are near. */
const clockStyle = {
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
} as const

export type Wording = ReturnType<typeof wordingOf>

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

function isKind(name: string): name is ContactNumberKind {
  return (contactNumberKinds as readonly string[]).includes(name)
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(valueText).join(', ')
  if (typeof value === 'object' && 'text' in value) return String(value.text)
  return JSON.stringify(value)
}
