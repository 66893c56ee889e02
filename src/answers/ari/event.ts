/** A channel as far as it matters here. All texts are hostile. */
export interface Channel {
  readonly id: string
  readonly caller: Party
  readonly context: string
  readonly extension: string
  readonly language: string
  /** What stands behind Stasis() in the dialplan; null: it is somewhere else, or not known. */
  readonly stasis: readonly string[] | null
}

export interface Party {
  readonly name: string
  readonly number: string
}

export type AriEvent =
  | {
      readonly is: 'start'
      readonly channel: Channel
      /** The arguments behind the application's name. */
      readonly args: readonly string[]
      /** By Asterisk's clock; the same for an event that comes twice. */
      readonly at: string
    }
  | { readonly is: 'end'; readonly channel: Channel }
  /** Another program has taken the application. */
  | { readonly is: 'replaced' }

/** Events that are asked for, by Asterisk's names. */
export const eventNames = ['StasisStart', 'StasisEnd', 'ApplicationReplaced'] as const

/** Undefined: another event, or none. Never throws. */
export function readEvent(event: unknown): AriEvent | undefined {
  const type = textOf(event, 'type')
  if (type === 'ApplicationReplaced') return { is: 'replaced' }
  const channel = readChannel(fieldOf(event, 'channel'))
  if (!channel) return undefined
  if (type === 'StasisEnd') return { is: 'end', channel }
  if (type !== 'StasisStart') return undefined
  return { is: 'start', channel, args: textsOf(event, 'args'), at: textOf(event, 'timestamp') }
}

/** Undefined when it has no id that could be asked about. Never throws. */
export function readChannel(channel: unknown): Channel | undefined {
  const id = textOf(channel, 'id')
  if (!/^[\x21-\x7e]{1,200}$/.test(id)) return undefined
  const dialplan = fieldOf(channel, 'dialplan')
  const isInStasis = textOf(dialplan, 'app_name').toLowerCase() === 'stasis'
  return {
    id,
    caller: readParty(fieldOf(channel, 'caller')),
    context: textOf(dialplan, 'context'),
    extension: textOf(dialplan, 'exten'),
    language: textOf(channel, 'language'),
    stasis: isInStasis ? textOf(dialplan, 'app_data').split(',') : null,
  }
}

/** Ids of the channels that are in an application now. */
export function readChannelIds(application: unknown): readonly string[] {
  return textsOf(application, 'channel_ids')
}

function readParty(party: unknown): Party {
  return { name: textOf(party, 'name'), number: textOf(party, 'number') }
}

function textOf(holder: unknown, name: string): string {
  const value = fieldOf(holder, name)
  return typeof value === 'string' ? value.slice(0, longest) : ''
}

function textsOf(holder: unknown, name: string): readonly string[] {
  const value = fieldOf(holder, name)
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}

function fieldOf(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null && Object.hasOwn(holder, name)
    ? (holder as Readonly<Record<string, unknown>>)[name] // it was just looked up
    : undefined
}

/** Characters; no honest value of Asterisk's is longer. */
const longest = 4096
