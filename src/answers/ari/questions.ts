import type { Script } from '../agi/scripts.ts'
import type { Environment, Variables } from '../agi/wire.ts'
import type { Channel } from './event.ts'

/** What a call may ask in Stasis(), by the names of FastAGI. The others take arguments. */
const askable = ['caller', 'did', 'outbound'] as const

/** Set to the name of the last question after everything else: proof that all of it was set. */
export const proof = 'PEERAGE'

/** One question of a call: `caller?trunk=provider`. */
export interface Question {
  readonly name: string
  readonly settings: URLSearchParams
}

/** The arguments of Stasis(), as questions; without any, who is calling. */
export function readQuestions(args: readonly string[]): readonly Question[] {
  const given = args.filter((arg) => arg !== '')
  return (given.length === 0 ? ['caller'] : given).map((arg) => {
    const at = arg.indexOf('?')
    const [name, settings] = at === -1 ? [arg, ''] : [arg.slice(0, at), arg.slice(at + 1)]
    return { name, settings: new URLSearchParams(settings) }
  })
}

/**
 * What the channel is to have, in this order; the same that FastAGI sets. Undefined: the question
 * is not known. Answered at once and from memory.
 */
export function answerQuestion(
  { name, settings }: Question,
  environment: Environment,
  scripts: Readonly<Record<string, Script>>,
): Variables | undefined {
  const script = askable.some((each) => each === name) ? scripts[name] : undefined
  return script?.({ environment, settings })
}

/** The channel as FastAGI would describe it. `presentation`: CALLERID(pres). */
export function environmentOf(channel: Channel, presentation: string): Environment {
  return new Map([
    ['callerid', channel.caller.number],
    ['calleridname', channel.caller.name],
    // AST_PRES_RESTRICTION (callerid.h)
    ['callingpres', presentation.startsWith('prohib') ? '32' : '0'],
    ['context', channel.context],
    ['extension', channel.extension],
    ['language', channel.language],
  ])
}
