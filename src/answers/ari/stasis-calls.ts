import { setTimeout as delay } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Script } from '../agi/scripts.ts'
import type { AriClient } from './client.ts'
import { AriFailed } from './errors.ts'
import { readChannel, readChannelIds, type AriEvent, type Channel } from './event.ts'
import { answerQuestion, environmentOf, proof, readQuestions } from './questions.ts'
import { Turns } from './turns.ts'

export interface StasisDeps {
  readonly client: AriClient
  readonly application: string
  readonly scripts: Readonly<Record<string, Script>>
  /** How long a call may be held. */
  readonly budgetMs: number
  /** Says once what is wrong; the call goes on. */
  readonly tell: (problem: string) => void
  /** Told of each call that was sent on. */
  readonly onSentOn: () => void
  /** The end of the connection. */
  readonly signal: AbortSignal
}

/** Calls that are answered side by side: the first of many are then done before the last begin. */
const callsAtOnce = 8
const shortestAgainMs = 100
const longestAgainMs = 5_000

/**
 * The calls that wait in Stasis() of one Asterisk, as long as one connection lasts. Each is told
 * what it asked for and sent on in the dialplan: within the budget, with or without an answer, and
 * again and again until Asterisk has done so. A call that nobody sends on waits for ever.
 */
export class StasisCalls {
  readonly #deps: StasisDeps
  /** By channel: those that are held now. */
  readonly #held = new Map<string, { hasLeft: boolean }>()
  /** Events that were served, against those that come twice. */
  readonly #served = new LRUCache<string, true>({ max: 10_000 })
  readonly #turns = new Turns(callsAtOnce)

  constructor(deps: StasisDeps) {
    this.#deps = deps
  }

  start({ channel, args, at }: Extract<AriEvent, { is: 'start' }>): void {
    const key = `${channel.id} ${at}`
    if (this.#served.has(key)) return
    this.#served.set(key, true)
    void this.#serve(channel.id, async () => ({ channel, args }))
  }

  end(channelId: string): void {
    const held = this.#held.get(channelId)
    if (held) held.hasLeft = true
  }

  /**
   * Begins to serve those that have waited since before this connection: Asterisk announces them to
   * nobody again. Resolves with how many they are. Rejects with `AriFailed`.
   */
  async freeStranded(): Promise<number> {
    const { client, application } = this.#deps
    const found = await client.ask('applications', 'get', { applicationName: application })
    const stranded = readChannelIds(found).filter((id) => !this.#held.has(id))
    for (const channelId of stranded) {
      void this.#serve(channelId, async () => {
        const channel = readChannel(await client.ask('channels', 'get', { channelId }))
        if (!channel) throw new AriFailed('a channel that waits cannot be read')
        return { channel, args: channel.stasis?.slice(1) ?? [] }
      })
    }
    return stranded.length
  }

  async #serve(channelId: string, read: () => Promise<Asking>): Promise<void> {
    if (this.#held.has(channelId)) return
    const held = { hasLeft: false }
    this.#held.set(channelId, held)
    const { budgetMs, signal, tell } = this.#deps
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), budgetMs)
    const isLate = new Promise<void>((resolve) =>
      late.signal.addEventListener('abort', () => resolve()),
    )
    try {
      const answered = this.#turns.take(async () => {
        if (!late.signal.aborted) await this.#answer(await read(), late.signal)
      })
      await Promise.race([answered, isLate])
      if (late.signal.aborted) tell(`a call was not answered within ${budgetMs} ms`)
    } catch (error) {
      const isGone = error instanceof AriFailed && error.isChannelGone
      if (!isGone && !signal.aborted) tell(error instanceof Error ? error.message : String(error))
    } finally {
      late.abort()
      clearTimeout(timer)
    }
    await this.#sendOn(channelId, held)
    this.#held.delete(channelId)
  }

  async #answer({ channel, args }: Asking, late: AbortSignal): Promise<void> {
    const { client, scripts } = this.#deps
    const channelId = channel.id
    const set = (variable: string, value: string) =>
      client.ask('channels', 'setChannelVar', { channelId, variable, value })
    const presentation = { channelId, variable: 'CALLERID(pres)' }
    const shown = await client.ask('channels', 'getChannelVar', presentation)
    const environment = environmentOf(channel, presentationOf(shown))
    const questions = readQuestions(args)
    for (const question of questions) {
      if (late.aborted) return
      const variables = answerQuestion(question, environment, scripts)
      if (!variables) throw new AriFailed(`Stasis() asks '${question.name}', which is no question`)
      await Promise.all(variables.map(([name, value]) => set(name, value)))
    }
    if (!late.aborted) await set(proof, questions.at(-1)?.name ?? '')
  }

  /** Until Asterisk has done it, the call is gone, or the connection: the next one finds it then. */
  async #sendOn(channelId: string, held: { readonly hasLeft: boolean }): Promise<void> {
    const { client, signal, tell, onSentOn } = this.#deps
    for (let waitMs = shortestAgainMs; ; waitMs = Math.min(waitMs * 2, longestAgainMs)) {
      if (held.hasLeft || signal.aborted) return
      try {
        await client.ask('channels', 'continueInDialplan', { channelId })
        onSentOn()
        return
      } catch (error) {
        if (signal.aborted || (error instanceof AriFailed && error.isChannelGone)) return
        tell(`a call is held: ${error instanceof Error ? error.message : String(error)}`)
      }
      await delay(waitMs, null, { signal }).catch(() => undefined)
    }
  }
}

interface Asking {
  readonly channel: Channel
  readonly args: readonly string[]
}

function presentationOf(answer: unknown): string {
  const value =
    typeof answer === 'object' && answer !== null && 'value' in answer ? answer.value : null
  return typeof value === 'string' ? value : ''
}
