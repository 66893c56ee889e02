import { header, type SipHeaders, type SipRequest, type SipResponse } from './phone-message.ts'
import { withPatience } from './phone-patience.ts'
import { Watch } from './phone-watch.ts'

export type Lamp = 'free' | 'ringing' | 'busy'

export interface Messages {
  readonly waiting: boolean
  readonly fresh: number
  readonly old: number
}

type Subscribe = (number: string, headers: SipHeaders) => Promise<SipResponse>

/** What a telephone is told by NOTIFY: of messages, and of the state of others. */
export class Lamps {
  readonly #send: Subscribe
  readonly #patienceMs: number
  readonly #watchers = new Set<(notify: SipRequest) => void>()

  constructor(send: Subscribe, patienceMs: number) {
    this.#send = send
    this.#patienceMs = patienceMs
  }

  take(notify: SipRequest): void {
    for (const look of this.#watchers) look(notify)
  }

  async messages(
    number: string,
    isWanted: (messages: Messages) => boolean,
    withinMs = this.#patienceMs,
  ): Promise<Messages> {
    const subscribe = () => this.#subscribe(number, 'message-summary', 'simple-message-summary')
    return this.#messages(isWanted, withinMs, subscribe)
  }

  messagesUnasked(
    isWanted: (messages: Messages) => boolean,
    withinMs = this.#patienceMs,
  ): Promise<Messages> {
    return this.#messages(isWanted, withinMs, async () => {})
  }

  async lamp(number: string, wanted: Lamp, withinMs = this.#patienceMs): Promise<void> {
    const states = { terminated: 'free', early: 'ringing', confirmed: 'busy' }
    const look = (body: string): boolean => {
      const state = /<state>(terminated|early|confirmed)</.exec(body)?.[1] as keyof typeof states
      return states[state] === wanted
    }
    const subscribe = () => this.#subscribe(number, 'dialog', 'dialog-info+xml')
    await this.#watch('dialog', look, withinMs, subscribe)
  }

  async watch(number: string): Promise<Watch> {
    const watch = new Watch(number, this.#patienceMs)
    this.#watchers.add((notify) => watch.take(notify))
    await this.#subscribe(number, 'presence', 'pidf+xml')
    return watch
  }

  async #messages(
    isWanted: (messages: Messages) => boolean,
    withinMs: number,
    subscribe: () => Promise<void>,
  ): Promise<Messages> {
    let messages: Messages = { waiting: false, fresh: 0, old: 0 }
    const look = (body: string): boolean => {
      const [, fresh = '0', old = '0'] = /^Voice-Message:\s*(\d+)\/(\d+)/im.exec(body) ?? []
      const waiting = /^Messages-Waiting:\s*yes/im.test(body)
      messages = { waiting, fresh: Number(fresh), old: Number(old) }
      return isWanted(messages)
    }
    await this.#watch('message-summary', look, withinMs, subscribe)
    return messages
  }

  /** Resolves with the first NOTIFY whose body is as wanted. */
  async #watch(
    event: string,
    isWanted: (body: string) => boolean,
    withinMs: number,
    subscribe: () => Promise<void>,
  ): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    let last = 'nothing'
    const look = (notify: SipRequest): void => {
      if (!header(notify, 'event')?.startsWith(event)) return
      last = notify.body
      if (isWanted(notify.body)) resolve()
    }
    this.#watchers.add(look)
    try {
      await subscribe()
      await withPatience(promise, withinMs, () => `${event} is not as wanted: ${last}`)
    } finally {
      this.#watchers.delete(look)
    }
  }

  async #subscribe(number: string, event: string, accept: string): Promise<void> {
    const response = await this.#send(number, [
      ['Event', event],
      ['Accept', `application/${accept}`],
      ['Expires', '600'],
    ])
    if (response.status < 300) return
    throw new Error(`phone: ${event} of ${number} cannot be watched (${response.status})`)
  }
}
