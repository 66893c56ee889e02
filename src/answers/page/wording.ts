import type { Language, Words } from './words.ts'

/** How times, spans and values are written in a language. */
export function wordingOf(language: Language, words: Words, now: number) {
  const time = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  const clock = new Intl.DateTimeFormat(language, clockStyle)
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const number = new Intl.NumberFormat(language)
  return {
    time: (at: number | null) => (at === null ? words.never : time.format(at)),
    iso: (at: number) => new Date(at).toISOString(),
    clock: (at: number) => clock.format(at),
    count: (value: number) => number.format(value),
    ago(at: number | null): string {
      if (at === null) return words.never
      const seconds = (at - now) / 1000
      for (const [unit, length] of units) {
        if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit)
      }
      return relative.format(Math.trunc(seconds), 'second')
    },
    took: (ms: number) => (ms < 1000 ? `${number.format(ms)} ms` : `${number.format(ms / 1000)} s`),
    /** A field of a person, as one text. */
    value: valueText,
    /** A word where there is one for it. */
    word: (key: string) => (key in words ? words[key as keyof Words] : key), // looked up before
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

function valueText(value: unknown): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(valueText).join(', ')
  if (typeof value === 'object' && 'text' in value) return String(value.text)
  return JSON.stringify(value)
}
