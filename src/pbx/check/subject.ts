import type { AmiConnection } from '../ami/connection.ts'
import type { AmiAnswer } from '../ami/message.ts'
import type { SeenProbe } from '../probes.ts'
import type { Channels } from './channels.ts'

/** How Asterisk should ask us. */
export interface Expected {
  readonly scheme: 'http' | 'https'
  /** Of `listen.pbx`. */
  readonly ports: readonly number[]
  readonly token: string | null
  /** `listEverybody`: whether it gets the list of everybody, or is told of each phone instead. */
  readonly isListed: boolean
}

/** The Asterisk that is looked at, and what was found out about it on the way. */
export interface Subject extends Channels {
  readonly ami: AmiConnection
  readonly user: string
  readonly expected: Expected
  readonly listed: AmiAnswer
  /** 22 of `22.10.1`; null: unknown. */
  readonly version: number | null
  readonly service: RunningService | null
}

/** What only a Peerage that runs can tell. */
export interface RunningService {
  probe(name: string): Promise<readonly SeenProbe[]>
  /** Extension of a person who is answered; null: there is none. */
  readonly someone: string | null
  /** How many have an extension. */
  readonly people: number
}

/** Whether this user may use the action; that also says whether what it belongs to is loaded. */
export function may({ listed }: Pick<Subject, 'listed'>, action: string): boolean {
  return listed.has(action.toLowerCase())
}
