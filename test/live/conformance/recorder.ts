import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodePairs } from '../../../src/answers/realtime/codec.ts'

/** One question of Asterisk and what it was answered. */
export interface Asked {
  readonly family: string
  readonly verb: string
  /** Columns and operators without their values: `id`, `id LIKE`, `exten LIKE \_% & priority`. */
  readonly question: string
  /** Whether there was a row, a count above 0, or a file. */
  readonly isAnswered: boolean
}

export interface Recorder extends AsyncDisposable {
  /** Where Asterisk asks. */
  readonly url: string
  readonly asked: readonly Asked[]
  /** Resolves when Asterisk has asked so, `after` questions from the beginning. */
  until(family: string, verb: string, after?: number): Promise<void>
}

/** Stands between Asterisk and Peerage, passes everything on and notes it. */
export async function startRecorder(peerage: string): Promise<Recorder> {
  const asked: Asked[] = []
  const waiting = new Set<() => void>()
  const server = createServer((request, response) => {
    void (async () => {
      const url = request.url ?? ''
      const body = Buffer.concat(await Array.fromAsync(request)).toString()
      const answer = await fetch(`${peerage}${url}`, {
        method: request.method ?? 'POST',
        ...(request.method === 'GET' ? {} : { body }),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
      const text = await answer.text()
      response.end(text)
      asked.push(describe(url, body, text))
      for (const look of waiting) look()
    })()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async until(family, verb, after = 0) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const look = () => {
        if (asked.slice(after).some((one) => one.family === family && one.verb === verb)) resolve()
      }
      waiting.add(look)
      const late = setTimeout(() => reject(new Error(`never asked for ${family}/${verb}`)), 20_000)
      look()
      await promise.finally(() => {
        clearTimeout(late)
        waiting.delete(look)
      })
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function describe(url: string, body: string, answer: string): Asked {
  const [path = '', query = ''] = url.split('?')
  const [, , family = '', verb = ''] = path.split('/')
  const isAnswered = answer !== '' && answer !== '0'
  const question = verb === 'update' || verb === 'static' ? query : body
  return { family, verb, question: shapeOf(verb, question), isAnswered }
}

function shapeOf(verb: string, question: string): string {
  if (verb === 'store' || verb === 'require') return ''
  if (verb === 'static') return new Map(decodePairs(question)).get('file') ?? ''
  return decodePairs(question)
    .map(([name, value]) => {
      if (value.startsWith('\\_')) return `${name} \\_%`
      return value.includes('mailbox=') ? `${name}… (broken)` : name
    })
    .join(' & ')
}
