import type { People } from '../../people/people.ts'
import { rewriteNumber } from '../../person/number-rules.ts'
import { parseDialled, publicNumberOf } from '../../person/numbers.ts'
import type { Person } from '../../person/person.ts'
import type { Site } from '../../person/site.ts'
import { cleanText } from '../../person/text.ts'
import type { CallClass } from './class-options.ts'
import type { CallOptions } from './options.ts'
import type { TrunkOf } from './trunks.ts'

/** What a call to the outside shows and dials. */
export interface OutboundCall {
  readonly how: 'caller-id' | 'own' | 'department' | 'site' | 'nothing'
  /** As the trunk wants it; null: leave what is there. */
  readonly number: string | null
  readonly isWithheld: boolean
  /** What the trunk is to dial, without outside prefix; null when that is not a number. */
  readonly dial: string | null
  /** Who is called, E.164; null for a service number and for what is no number. */
  readonly called: string | null
  readonly person: Person | null
  readonly why: readonly string[]
}

export interface OutboundDeps {
  readonly people: People
  readonly site: Site
  readonly options: CallOptions
  readonly trunkOf: TrunkOf
  readonly classOf: (person: Person) => CallClass
}

/** Which number a person's call shows: the own one, else the department's, else the site's. */
export class Outbound {
  readonly #deps: OutboundDeps

  constructor(deps: OutboundDeps) {
    this.#deps = deps
  }

  /** `extension`: whose telephone calls. `dialled`: as it was dialled there. Never throws. */
  find(extension: string, dialled: string, trunk?: string): OutboundCall {
    const { people, site, options, trunkOf, classOf } = this.#deps
    const person = people.byExtension(extension) ?? null
    const { withholdPrefix } = options.outbound
    const text = cleanText(dialled.slice(0, 1000), 250).text
    const hasAsked = withholdPrefix !== '' && text.startsWith(withholdPrefix)
    const number = parseDialled(hasAsked ? text.slice(withholdPrefix.length) : text, site)
    const rules = trunkOf(trunk).out
    const own = this.#ownNumber(person)
    // Who helps must be able to call back.
    const isEmergency = number.service !== null && /^\d+$/.test(number.service)
    const always = person !== null && classOf(person).withhold
    const why = [...own.why]
    if (hasAsked) why.push(`${withholdPrefix} was dialled: the number is hidden`)
    if (always) why.push('the class hides the number')
    if (isEmergency && (hasAsked || always)) why.push('but not from an emergency number')
    const dial = number.service ?? number.e164
    return {
      how: own.how,
      number: own.number === null ? null : rewriteNumber(own.number, rules),
      isWithheld: (hasAsked || always) && !isEmergency,
      dial: dial === null ? null : rewriteNumber(dial, rules),
      called: number.e164,
      person,
      why,
    }
  }

  #ownNumber(person: Person | null): Pick<OutboundCall, 'how' | 'number' | 'why'> {
    const { people, site, options } = this.#deps
    const { departments, site: siteNumber } = options.outbound
    if (person !== null) {
      const { callerId, dids, extension, details, groups, name } = person
      if (callerId !== null) {
        return { how: 'caller-id', number: callerId, why: [`callerId of ${name}: ${callerId}`] }
      }
      const alone = dids.find((did) => people.byDid(did).length < 2)
      const own = alone ?? (extension === null ? null : publicNumberOf(extension, site))
      if (own !== null) return { how: 'own', number: own, why: [`own number of ${name}: ${own}`] }
      const named = [details.department ?? '', ...groups].map((each) => each.toLowerCase())
      const configured = Object.entries(departments).find(([department]) =>
        named.some((each) => isNamed(each, department.toLowerCase())),
      )
      if (configured) {
        const [department, number] = configured
        return { how: 'department', number, why: [`number of ${department}: ${number}`] }
      }
      const [shared] = dids
      if (shared !== undefined) {
        return { how: 'department', number: shared, why: [`number that ${name} shares: ${shared}`] }
      }
    }
    if (siteNumber !== undefined) {
      return { how: 'site', number: siteNumber, why: [`number of the site: ${siteNumber}`] }
    }
    return { how: 'nothing', number: null, why: ['no number to show is known'] }
  }
}

function isNamed(own: string, wanted: string): boolean {
  return own === wanted || /^[a-z]+=((?:[^,\\]|\\.)*)/.exec(own)?.[1] === wanted
}
