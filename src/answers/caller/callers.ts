import { claimKey } from '../../people/member.ts'
import type { People } from '../../people/people.ts'
import { extensionBehind } from '../../person/did-rules.ts'
import type { Person } from '../../person/person.ts'
import type { Site } from '../../person/site.ts'
import { endRead, extensionRead, frontRead, KeptMatches, numberRead } from './kept-matches.ts'
import { companyAt, mainNumbersOf } from './main-numbers.ts'
import { chooseAmong, sharedCompany, type Match } from './match.ts'
import type { CallOptions } from './options.ts'
import { readSentNumber, type SentNumber } from './sent-number.ts'
import { Suffixes } from './suffixes.ts'
import type { TrunkOf } from './trunks.ts'

export interface CallersDeps {
  readonly people: People
  readonly site: Site
  readonly options: CallOptions
  readonly trunkOf: TrunkOf
  /** Names of the sources, in the order of the configuration. */
  readonly sources: readonly string[]
}

/** Where a number comes from. */
export interface From {
  /** Name under `calls.trunks`. */
  readonly trunk?: string
  /** Whether a short number is a colleague's: not for what strangers send. */
  readonly isInside: boolean
}

/**
 * Who has a number: exact extension, exact public number, the end of a number (one person only), a
 * company's main number in front, or nobody. A synchronous read of the index; answers are kept.
 */
export class Callers {
  readonly #deps: CallersDeps
  readonly #suffixes: Suffixes
  readonly #kept: KeptMatches

  constructor(deps: CallersDeps) {
    const { people, options } = deps
    this.#deps = deps
    this.#suffixes = new Suffixes(people, options.suffixDigits)
    this.#kept = new KeptMatches(people, this.#suffixes)
  }

  /** `sent`: as a trunk, a telephone or a person writes it; never throws. */
  find(sent: string, from: From): Match {
    const trunk = this.#deps.trunkOf(from.trunk)
    const isInside = from.isInside || trunk.extensions
    const question = `${isInside ? 'i' : 'o'}${trunk.in.length > 0 ? from.trunk : ''} ${sent.slice(0, 300)}`
    const kept = this.#kept.get(question)
    if (kept) return kept
    const number = readSentNumber(sent, this.#deps.site, trunk.in)
    const search = new Search(this.#deps, this.#suffixes, number)
    const match = search.run(isInside)
    this.#kept.keep(question, match, search.reads)
    return match
  }
}

/** One look-up: what was asked of the index, and what was found on the way. */
class Search {
  readonly reads: string[] = []
  readonly #why: string[] = []
  readonly #deps: CallersDeps
  readonly #suffixes: Suffixes
  readonly #number: SentNumber

  constructor(deps: CallersDeps, suffixes: Suffixes, number: SentNumber) {
    this.#deps = deps
    this.#suffixes = suffixes
    this.#number = number
  }

  run(isInside: boolean): Match {
    const { text, isWithheld, digits, readings } = this.#number
    if (isWithheld) {
      this.#why.push(`"${text}" is no number: the caller does not want to be known`)
      return this.#match('withheld', {})
    }
    const inside = isInside ? this.#byExtension(digits === '' ? text : digits) : null
    if (inside) return inside
    if (digits === '') this.#why.push(`"${text}" is no telephone number`)
    else this.#why.push(`${digits} may be ${readings.join(', ') || 'no public number'}`)
    for (const e164 of readings) {
      const found = this.#byNumber(e164)
      if (found) return found
    }
    return this.#byEnd() ?? this.#byCompany() ?? this.#match('nobody', {})
  }

  #byExtension(id: string): Match | null {
    this.reads.push(extensionRead(claimKey(id)))
    const person = this.#deps.people.byInternalId(id)
    this.#why.push(`extension ${id}: ${person?.name ?? 'nobody'}`)
    return person ? this.#match('extension', { person, kind: 'extension' }) : null
  }

  #byNumber(e164: string): Match | null {
    const { people, site, options, sources } = this.#deps
    this.reads.push(numberRead(e164))
    const having = people.byNumber(e164)
    if (having.length === 0) return this.#byOwnRange(extensionBehind(e164, site.dids), e164)
    const rank = (source: string) => sources.indexOf(source)
    const { person, organisation, why } = chooseAmong(having, options.shared, rank)
    this.#why.push(`number ${e164}: ${why}`)
    return this.#match('number', {
      person,
      organisation,
      e164,
      kind: person === null ? null : kindOf(person, e164),
    })
  }

  /** An own public number that stands in no entry, but in site.dids. */
  #byOwnRange(extension: string | null | undefined, e164: string): Match | null {
    if (!extension) {
      this.#why.push(`number ${e164}: nobody`)
      return null
    }
    this.reads.push(extensionRead(claimKey(extension)))
    const person = this.#deps.people.byExtension(extension)
    this.#why.push(`number ${e164}: by site.dids ${extension}, ${person?.name ?? 'nobody'}`)
    return person ? this.#match('number', { person, e164, kind: 'did' }) : null
  }

  #byEnd(): Match | null {
    const { digits } = this.#number
    const bare = digits.replace('+', '')
    const key = this.#suffixes.keyOf(bare)
    if (key === undefined || /\D/.test(bare)) return null
    this.reads.push(endRead(key))
    const found = this.#suffixes.endingLike(bare, digits.startsWith('+'))
    const people = [...new Set(found.map(([person]) => person))]
    const [first] = found
    if (first === undefined) {
      this.#why.push('the end of a number: of nobody')
      return null
    }
    if (people.length > 1) {
      const organisation = sharedCompany(people)
      this.#why.push(`the end of the numbers of ${people.length} people: no one of them`)
      return organisation === null ? null : this.#match('end', { organisation })
    }
    const [person, { kind, e164 }] = first
    this.#why.push(`the end of a number of ${person.name}`)
    return this.#match('end', { person, kind, ...(e164 === null ? {} : { e164 }) })
  }

  #byCompany(): Match | null {
    const { people, options } = this.#deps
    const [e164] = this.#number.readings
    if (e164 === undefined) return null
    const mains = mainNumbersOf(e164, options.companyDigits)
    // All of them begin like the shortest.
    if (mains.length > 0) this.reads.push(frontRead(e164.slice(0, -options.companyDigits)))
    for (const main of mains) {
      const companies = people.byNumber(main.e164).map((person) => companyAt(person, main))
      const [organisation] = companies.filter((company) => company !== null)
      if (organisation === undefined || companies.some((one) => one !== organisation)) continue
      this.#why.push(`behind ${main.e164}, the main number of ${organisation}`)
      return this.#match('company', { organisation })
    }
    this.#why.push("behind no company's main number")
    return null
  }

  #match(how: Match['how'], found: Partial<Match>): Match {
    const person = found.person ?? null
    return {
      how,
      person,
      kind: null,
      organisation: person?.details.company ?? null,
      e164: this.#number.readings[0] ?? null,
      sent: this.#number.text,
      why: this.#why,
      ...found,
    }
  }
}

function kindOf(person: Person, e164: string): Match['kind'] {
  if (person.dids.includes(e164)) return 'did'
  return person.numbers.find((number) => number.e164 === e164)?.kind ?? 'did'
}
