import { isDialable } from '../person/dialable.ts'
import type { AmiAnswer, AmiFields } from './ami/message.ts'
import type { Batch } from './forgetting.ts'
import type { Technology } from './options.ts'

export interface Action {
  readonly name: string
  readonly fields: AmiFields
}

/** What this Asterisk can be told to forget. */
export interface Abilities {
  /** Objects of res_pjsip, by res_sorcery_memory_cache. */
  readonly pjsip: boolean
  /** Peers of chan_sip, by its console command. */
  readonly sip: boolean
  /** What stands in the way, and what to do about it; null: nothing. */
  readonly problem: string | null
}

/**
 * Reads the answer to `ListCommands`, which names just those actions that this user may use: so it
 * tells what is loaded and what manager.conf allows, in one question.
 */
export function readAbilities(
  listed: AmiAnswer,
  technology: Technology | undefined,
  user: string,
): Abilities {
  const has = (action: string) => listed.has(action.toLowerCase())
  const hasPjsip = has('PJSIPShowEndpoints')
  const hasSip = has('SIPpeers')
  const wants = (which: 'pjsip' | 'sip', found: boolean) =>
    technology === undefined ? found : technology === which || technology === 'both'
  const pjsip = wants('pjsip', hasPjsip)
  const sip = wants('sip', hasSip)
  const problems = [
    ...(!pjsip && !sip ? [`neither chan_pjsip nor chan_sip; ${missing('system', user)}`] : []),
    ...(pjsip && !has('SorceryMemoryCacheExpire')
      ? [`no res_sorcery_memory_cache; load it, or ${missing('system', user)}`]
      : []),
    ...(sip && !hasSip ? [`no chan_sip; load it, or ${missing('system', user)}`] : []),
    // Without it nothing is wrong as long as chan_sip asks each time (rtcachefriends=no).
    ...(sip && !has('Command') && (technology !== undefined || !hasPjsip)
      ? [`chan_sip, but no way to make it forget a peer; ${missing('command', user)}`]
      : []),
  ]
  return {
    pjsip: pjsip && has('SorceryMemoryCacheExpire'),
    sip: sip && has('Command'),
    problem: problems.length === 0 ? null : `shows ${problems.join(', ')}`,
  }
}

function missing(right: string, user: string): string {
  return `in manager.conf [${user}] wants the class ${right} in \`write\``
}

const caches = ['res_pjsip/endpoint', 'res_pjsip/auth', 'res_pjsip/aor'] as const

/** "Not in the cache" and "no such cache" are errors to Asterisk, and what is wanted. */
export function actionsFor(batch: Batch, { pjsip, sip }: Abilities): Action[] {
  // What cannot be a part of a console command is not dialable either; to be safe, everybody goes.
  const odd = batch !== 'everybody' && ![...batch.keys()].every(canBeNamed)
  if (batch === 'everybody' || odd) {
    return [
      ...(pjsip ? caches.map(wholeCache) : []),
      ...(sip ? [console('sip prune realtime peer all')] : []),
    ]
  }
  return [...batch].flatMap(([extension, what]) => [
    ...(pjsip
      ? caches
          .filter((cache) => what === 'person' || cache === 'res_pjsip/auth')
          .map((cache) => oneObject(cache, extension))
      : []),
    ...(sip ? [console(`sip prune realtime peer ${extension}`)] : []),
  ])
}

/** Whether it may stand in a console command; `like` is a word of one. */
export function canBeNamed(extension: string): boolean {
  return isDialable(extension) && extension.toLowerCase() !== 'like'
}

function wholeCache(cache: string): Action {
  return { name: 'SorceryMemoryCacheExpire', fields: { Cache: cache } }
}

function oneObject(cache: string, extension: string): Action {
  return { name: 'SorceryMemoryCacheExpireObject', fields: { Cache: cache, Object: extension } }
}

function console(command: string): Action {
  return { name: 'Command', fields: { Command: command } }
}
