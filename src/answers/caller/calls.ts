import type { People } from '../../people/people.ts'
import type { Person } from '../../person/person.ts'
import type { Site } from '../../person/site.ts'
import { Called, type Route } from './called.ts'
import { answerCaller, type CallerAnswer } from './caller-answer.ts'
import { Callers } from './callers.ts'
import { builtInCallClass, type CallClass } from './class-options.ts'
import type { CallOptions } from './options.ts'
import { Outbound, type OutboundCall } from './outbound.ts'
import { compileTrunks } from './trunks.ts'

export interface CallsDeps {
  readonly people: People
  readonly site: Site
  readonly options: CallOptions
  /** Names of the sources, in the order of the configuration. */
  readonly sources: readonly string[]
  readonly classOf: (person: Person) => CallClass
  readonly now: () => number
  /** Companies whose extensions are written `501@company`. */
  readonly domains?: ReadonlySet<string>
}

/** What is known of a call beside the number of who calls. */
export interface CallContext {
  readonly trunk?: string | undefined
  /** Whether short numbers are colleagues: not for what strangers send. */
  readonly isInside?: boolean
  /** The number or extension that is called: its class says how names are shown. */
  readonly to?: string | undefined
}

/**
 * The one engine behind every way of asking at call time: who is calling, whom to ring, which
 * number to show. Comes in: people, and what trunks and telephones send. Goes out: answers with
 * their reasons, at once and from memory. Never an error: what is not known is an answer.
 */
export class Calls {
  readonly #deps: CallsDeps
  readonly #callers: Callers
  readonly #called: Called
  readonly #outbound: Outbound

  constructor(deps: CallsDeps) {
    const trunkOf = compileTrunks(deps.options)
    this.#deps = deps
    this.#callers = new Callers({ ...deps, trunkOf })
    this.#called = new Called({ ...deps, trunkOf })
    this.#outbound = new Outbound({ ...deps, trunkOf })
  }

  caller(number: string, context: CallContext = {}): CallerAnswer {
    const { trunk, isInside = false, to } = context
    const match = this.#callers.find(
      number,
      trunk === undefined ? { isInside } : { trunk, isInside },
    )
    const { site, options } = this.#deps
    return answerCaller(match, this.#classOfCalled(to, trunk), site, options)
  }

  called(number: string, trunk?: string): Route {
    return this.#called.find(number, trunk)
  }

  outbound(extension: string, dialled: string, trunk?: string): OutboundCall {
    return this.#outbound.find(extension, dialled, trunk)
  }

  #classOfCalled(to: string | undefined, trunk: string | undefined): CallClass {
    const { people, classOf } = this.#deps
    if (to === undefined || to === '') return builtInCallClass
    const person = people.byInternalId(to) ?? this.#called.find(to, trunk).person
    return person ? classOf(person) : builtInCallClass
  }
}
