import type { Person } from '../../person/person.ts'
import type { Site } from '../../person/site.ts'
import type { CallClass } from './class-options.ts'
import type { Match } from './match.ts'
import type { CallOptions } from './options.ts'
import { shownName, shownNumber } from './shown.ts'

/** A caller, as he is told to whoever shows him. */
export interface CallerAnswer {
  readonly match: Match
  /** Null: not known, so whatever the trunk sent stays. */
  readonly name: string | null
  /** Null: as it was sent. */
  readonly number: string | null
  readonly extension: string | null
  readonly language: string | null
  readonly pictureUrl: string | null
  readonly isVip: boolean
}

export function answerCaller(
  match: Match,
  own: CallClass,
  site: Site,
  options: Pick<CallOptions, 'pictures' | 'vip'>,
): CallerAnswer {
  const { person } = match
  return {
    match,
    name: shownName(match, own, site),
    number: shownNumber(match, own, site),
    extension: person?.extension ?? null,
    language: person?.details.language ?? null,
    pictureUrl: person && options.pictures ? pictureOf(person, options.pictures) : null,
    isVip: person !== null && isIn(person, options.vip),
  }
}

/** Null when the address wants something that the person does not have. */
function pictureOf(person: Person, template: string): string | null {
  const fields: Readonly<Record<string, string | null | undefined>> = {
    id: person.id,
    user: person.user,
    email: person.email,
    extension: person.extension,
    employeeId: person.details.employeeId,
  }
  let isWhole = true
  const address = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = (Object.hasOwn(fields, name) && fields[name]) || ''
    if (value === '') isWhole = false
    return encodeURIComponent(value.toWellFormed())
  })
  return isWhole ? address : null
}

/** A group is meant by its DN or by its name alone. */
function isIn({ groups }: Person, wanted: readonly string[]): boolean {
  if (wanted.length === 0) return false
  const names = new Set(
    groups.flatMap((group) => {
      const own = group.toLowerCase()
      return [own, /^[a-z]+=((?:[^,\\]|\\.)*)/.exec(own)?.[1] ?? own]
    }),
  )
  return wanted.some((group) => names.has(group.toLowerCase()))
}
