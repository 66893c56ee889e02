import type { Member } from '../../people/member.ts'
import type { People } from '../../people/people.ts'
import { isRingable } from '../../person/dialable.ts'
import { extensionBehind } from '../../person/did-rules.ts'
import { rewriteNumber } from '../../person/number-rules.ts'
import type { Person } from '../../person/person.ts'
import type { Site } from '../../person/site.ts'
import { parseTrunkNumber } from '../../person/trunk-numbers.ts'
import type { CallClass } from './class-options.ts'
import type { CallOptions } from './options.ts'
import { References } from './references.ts'
import { standInFor } from './stand-ins.ts'
import type { TrunkOf } from './trunks.ts'

/** Whom a call to a public number rings. */
export interface Route {
  readonly how: 'person' | 'shared' | 'configured' | 'manager' | 'deputy' | 'operator' | 'nobody'
  /** Plain enough for a dialplan (`isRingable`); empty: nobody. */
  readonly extensions: readonly string[]
  readonly ring: 'all' | 'order'
  /** Whose mailbox and ringing time count; null when no person is rung. */
  readonly person: Person | null
  /** Null when the number is none. */
  readonly e164: string | null
  readonly why: readonly string[]
}

export interface CalledDeps {
  readonly people: People
  readonly site: Site
  readonly options: CallOptions
  readonly trunkOf: TrunkOf
  readonly classOf: (person: Person) => CallClass
  readonly now: () => number
  /** Companies whose extensions are written `501@company`: see `isRingable`. */
  readonly domains?: ReadonlySet<string>
}

/**
 * Public number -> whom to ring: what `calls.dids` says, else whoever has the number in the
 * directory, else by the site's ranges; for those who left, their stand-ins.
 */
export class Called {
  readonly #deps: CalledDeps
  readonly #references: References

  constructor(deps: CalledDeps) {
    this.#deps = deps
    this.#references = new References(deps.people)
  }

  /** `sent`: in whatever spelling the trunk sends. Never throws. */
  find(sent: string, trunk?: string): Route {
    const { site, trunkOf } = this.#deps
    const text = rewriteNumber(sent.slice(0, 300), trunkOf(trunk).in)
    const e164 = parseTrunkNumber(text, site)
    if (e164 === null) return nobody(null, ['is no public number'])
    return this.#configured(e164) ?? this.#ofDirectory(e164, [])
  }

  #isRingable(extension: string): boolean {
    return isRingable(extension, this.#deps.domains)
  }

  #configured(e164: string): Route | null {
    const { options, people } = this.#deps
    const configured = options.dids[e164]
    if (configured?.to === undefined) return null
    const why = [`calls.dids.${e164}: ${configured.to.join(', ')}`]
    const [first = ''] = configured.to
    if (configured.to.length === 1 && first.startsWith('+')) {
      // One step only: numbers that are aliases of each other would never end.
      const route = this.#ofDirectory(first, why)
      return { ...route, e164, ring: configured.ring ?? route.ring }
    }
    const rung = configured.to.flatMap((id) => {
      const person = people.byInternalId(id)
      if (person?.extension && this.#isRung(person)) return [person.extension]
      // An extension of the exchange itself (a queue, a conference) is no person.
      return person === undefined && people.claimants(id).length === 0 && this.#isRingable(id)
        ? [id]
        : []
    })
    if (rung.length === 0) return this.#unknown(e164, [...why, 'none of them can be rung'], null)
    const person = people.byExtension(rung[0] ?? '') ?? null
    const ring = configured.ring ?? (person ? this.#deps.classOf(person).sharedDid : 'all')
    return { how: 'configured', extensions: rung, ring, person, e164, why }
  }

  #ofDirectory(e164: string, before: readonly string[]): Route {
    const { people, site, options, classOf } = this.#deps
    const sharing = people.byDid(e164).filter((person) => this.#isRung(person))
    const [first] = sharing
    if (first) {
      const extensions = sharing.flatMap(({ extension }) => extension ?? [])
      const isOne = sharing.length === 1
      const ring = options.dids[e164]?.ring ?? classOf(first).sharedDid
      const why = [...before, `${e164} is of ${sharing.map(({ name }) => name).join(', ')}`]
      return { how: isOne ? 'person' : 'shared', extensions, ring, person: first, e164, why }
    }
    const behind = extensionBehind(e164, site.dids)
    const owner = behind ? people.byExtension(behind) : undefined
    if (behind && owner && this.#isRung(owner)) {
      const why = [...before, `${e164} is ${behind} by site.dids: ${owner.name}`]
      return { how: 'person', extensions: [behind], ring: 'all', person: owner, e164, why }
    }
    const leavers = leaversOf(people, e164, behind ?? null)
    return this.#forLeavers(leavers, e164, before) ?? this.#unknown(e164, before, behind)
  }

  #forLeavers(leavers: readonly Member[], e164: string, before: readonly string[]): Route | null {
    const { people, options, now } = this.#deps
    const isRung = (person: Person) => this.#isRung(person)
    const deps = { people, references: this.#references, options, now, isRung }
    const why = [...before]
    for (const leaver of leavers) {
      const found = standInFor(leaver, deps)
      why.push(...found.why)
      if (found.as === null) continue
      const { as, person, extension } = found
      if (!this.#isRingable(extension)) continue
      return { how: as, extensions: [extension], ring: 'all', person, e164, why }
    }
    return leavers.length === 0 ? null : this.#unknown(e164, why, null)
  }

  /** `behind` as `extensionBehind` says it: undefined for a number that is not ours. */
  #unknown(e164: string, before: readonly string[], behind: string | null | undefined): Route {
    const { options, site } = this.#deps
    const why = [...before, `${e164} is of nobody`]
    const isOurs = behind !== undefined || site.dids.length === 0
    if (behind) why.push(`by site.dids it is ${behind}, which is of nobody`)
    if (!isOurs) why.push('it is in no range of site.dids, so not ours')
    const { unknownDid, operator } = options
    if (!isOurs || unknownDid === 'nothing' || operator === undefined) return nobody(e164, why)
    const extensions = this.#isRingable(operator) ? [operator] : []
    const person = this.#deps.people.byExtension(operator) ?? null
    why.push(`calls.unknownDid: operator ${operator}`)
    return { how: 'operator', extensions, ring: 'all', person, e164, why }
  }

  #isRung(person: Person): boolean {
    const { extension, disabled } = person
    if (extension === null || disabled !== null || !this.#isRingable(extension)) return false
    return this.#deps.people.byExtension(extension) === person
  }
}

/** Who would be rung, but may not use the telephone. */
function leaversOf(people: People, e164: string, extension: string | null): readonly Member[] {
  const having = people.didMembers(e164)
  const claiming = extension === null ? [] : people.claimantMembers(extension.toLowerCase())
  return [...new Set([...having, ...claiming])].filter(({ person }) => person.disabled !== null)
}

function nobody(e164: string | null, why: readonly string[]): Route {
  return { how: 'nobody', extensions: [], ring: 'all', person: null, e164, why }
}
