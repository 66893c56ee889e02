import { cleanText } from '../../person/text.ts'
import type { AriAccess } from './client-thread.ts'

/** Asterisk said no to one request, or nothing. The message is its own: hostile text. */
export class AriFailed extends Error {
  override name = 'AriFailed'
  code = 'ARI_FAILED' as const

  constructor(problem: string) {
    const [, message = problem] = /^\{"message":"(.*)"\}$/.exec(problem) ?? []
    super(cleanText(message, 200).text)
  }

  /** Whether there is nothing more to do for this channel: it hung up, or left Stasis(). */
  get isChannelGone(): boolean {
    return /not found|not in (?:a )?stasis/i.test(this.message)
  }
}

/** No connection, or none any more. The message says why and what to look at. */
export class AriUnreachable extends Error {
  override name = 'AriUnreachable'
  code = 'ARI_UNREACHABLE' as const
  /** Asterisk does not let us in; asking again soon would look like an attack. */
  readonly isRefused: boolean

  constructor(message: string, isRefused: boolean) {
    super(message)
    this.isRefused = isRefused
  }
}

/** `problem`: what ari-client, Node or the thread said. */
export function explainLoss(
  problem: string,
  { url, user }: Pick<AriAccess, 'url' | 'user'>,
  path: string,
): AriUnreachable {
  if (/\b40[13]\b/.test(problem)) {
    return new AriUnreachable(
      `ARI user '${user}' refused by ${url}; check ${path}.user and its password, and in ari.conf [${user}]: password`,
      true,
    )
  }
  if (/ECONNREFUSED/.test(problem)) {
    return new AriUnreachable(
      `nobody listens on ${url}; is Asterisk running, with enabled = yes in http.conf?`,
      false,
    )
  }
  if (/\b404\b|swagger JSON/i.test(problem)) {
    return new AriUnreachable(
      `${url} has no ARI; load res_ari and its parts (modules.conf), with enabled = yes in ari.conf`,
      false,
    )
  }
  if (/ENOTFOUND|EAI_AGAIN/.test(problem)) {
    return new AriUnreachable(`the name in ${url} is not known; check ${path}.url`, false)
  }
  return new AriUnreachable(`no connection to ${url}: ${cleanText(problem, 200).text}`, false)
}
