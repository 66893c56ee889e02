import type { Calls } from '../caller/calls.ts'
import { dialplanText } from '../caller/dialplan-text.ts'
import type { CallerAnswer } from '../caller/caller-answer.ts'
import type { EndpointClass } from '../realtime/classes.ts'
import type { Person } from '../../person/person.ts'
import type { Pins } from './pins.ts'
import type { Environment, Variables } from './wire.ts'

/** Computes at once: the waiting is for Asterisk only. */
export type Script = (asked: Asked) => Variables

/** What Asterisk says of the call, and what the dialplan gave with the request. */
export interface Asked {
  readonly environment: Environment
  /** `?trunk=provider` of `agi://…/caller?trunk=provider`. */
  readonly settings: URLSearchParams
}

export interface ScriptDeps {
  readonly calls: Calls
  readonly pins: Pins
  readonly classOf: (person: Person) => EndpointClass
}

/** The scripts by their path. */
export function listScripts(deps: ScriptDeps): Readonly<Record<string, Script>> {
  return {
    caller: (asked) => caller(asked, deps),
    lookup: (asked) => lookup(asked, deps),
    did: (asked) => did(asked, deps),
    outbound: (asked) => outbound(asked, deps),
    auth: (asked) => auth(asked, deps),
  }
}

/** A call that came in: names it. What is withheld stays so. */
function caller({ environment, settings }: Asked, { calls }: ScriptDeps): Variables {
  const trunk = settings.get('trunk') ?? undefined
  const isInside = settings.has('inside')
  const number = isHidden(environment) ? '' : known(environment.get('callerid'))
  const to = argument(environment, 1) || calledNumber(environment)
  const answer = calls.caller(number, { trunk, isInside, to })
  return [
    ...(answer.name === null ? [] : [['CALLERID(name)', answer.name] as const]),
    ...(answer.number === null ? [] : [['CALLERID(num)', answer.number] as const]),
    ...callerVariables(answer),
  ]
}

/** Any number, for a dialplan that asks: `AGI(agi://…/lookup,${NUMBER})`. Sets no caller id. */
function lookup({ environment, settings }: Asked, { calls }: ScriptDeps): Variables {
  const trunk = settings.get('trunk') ?? undefined
  const number = argument(environment, 1) || known(environment.get('callerid'))
  return callerVariables(calls.caller(number, { trunk, isInside: true }))
}

function callerVariables({ match, name, extension, language, pictureUrl, isVip }: CallerAnswer) {
  return [
    ['PEERAGE_MATCH', match.how],
    ...present('PEERAGE_NAME', name),
    ...present('PEERAGE_NUMBER', match.e164),
    ...present('PEERAGE_KIND', match.kind),
    ...present('PEERAGE_ORGANISATION', match.organisation),
    ...present('PEERAGE_EXTENSION', extension),
    ...present('PEERAGE_LANGUAGE', language),
    ...present('PEERAGE_PICTURE', pictureUrl, 1000),
    ...present('PEERAGE_VIP', isVip ? '1' : null),
  ] satisfies Variables
}

/** Whom a public number rings, in the form of `[peerage-ring]`. */
function did({ environment, settings }: Asked, { calls, classOf }: ScriptDeps): Variables {
  const number = argument(environment, 1) || calledNumber(environment)
  const route = calls.called(number, settings.get('trunk') ?? undefined)
  const { person, extensions } = route
  const own = person && classOf(person)
  const mailbox = own?.voicemail && extensions.length === 1 ? `${person?.extension}@default` : ''
  return [
    ['PEERAGE_ROUTE', route.how],
    ['PEERAGE_RING', extensions.join('&')],
    ['PEERAGE_BOX', mailbox],
    ['PEERAGE_SECONDS', String(own?.ringSeconds ?? 30)],
    ['PEERAGE_ORDER', route.ring === 'order' ? 'order' : ''],
  ]
}

/** Which number a call to the outside shows, and the name of who is called. */
function outbound({ environment, settings }: Asked, { calls }: ScriptDeps): Variables {
  const extension = argument(environment, 2) || known(environment.get('callerid'))
  const dialled = argument(environment, 1) || (environment.get('extension') ?? '')
  const call = calls.outbound(extension, dialled, settings.get('trunk') ?? undefined)
  const { name } = calls.caller(call.called ?? '', { to: extension })
  return [
    ...(call.number === null ? [] : [['CALLERID(num)', call.number] as const]),
    // The name inside is no business of the outside's.
    ...(call.number === null ? [] : [['CALLERID(name)', ''] as const]),
    ...(call.isWithheld ? [['CALLERID(pres)', 'prohib_passed_screen'] as const] : []),
    ['PEERAGE_SHOWN', call.how],
    ['PEERAGE_DIAL', call.dial ?? ''],
    ...present('PEERAGE_CALLED', name),
  ]
}

/** `AGI(agi://…/auth,${EXTENSION},${PIN})`. */
function auth({ environment }: Asked, { pins }: ScriptDeps): Variables {
  const { answer, person } = pins.check(argument(environment, 1), argument(environment, 2))
  return [
    ['PEERAGE_AUTH', answer],
    ...present('PEERAGE_EXTENSION', person?.extension ?? null),
    ...present('PEERAGE_NAME', person?.name ?? null),
  ]
}

function present(name: string, value: string | null, longest = 80): Variables {
  return value === null ? [] : [[name, dialplanText(value, longest)]]
}

function argument(environment: Environment, at: number): string {
  return environment.get(`arg_${at}`) ?? ''
}

/** Asterisk writes `unknown` for what it does not have. */
function known(value: string | undefined): string {
  return value === undefined || value === 'unknown' ? '' : value
}

function calledNumber(environment: Environment): string {
  const extension = environment.get('extension') ?? ''
  // In a macro or a subroutine the number that was dialled is elsewhere.
  return /^(?:s|i|t|h)?$/.test(extension) ? known(environment.get('dnid')) : extension
}

/** AST_PRES_RESTRICTION: 0x20 is "prohibited" (callerid.h). */
function isHidden(environment: Environment): boolean {
  return (Number(environment.get('callingpres') ?? 0) & 0x60) === 0x20
}
