import type { Channel } from './channel.ts'
import type { WebhookOptions } from './options.ts'

/** Posts `{ event, source, text, run, plan, at }`. */
export function webhook({ webhook: url, timeoutMs }: WebhookOptions): Channel {
  return {
    name: 'webhook',
    async deliver({ event, source, text, run, plan, at }) {
      const body = { event, source, text, run, plan, at: new Date(at).toISOString() }
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(timeoutMs),
      })
      await answer.body?.cancel()
      if (!answer.ok) throw new Error(`it answered ${answer.status}`)
    },
  }
}
