import type { NodeProcess } from './node-process.ts'

export interface NodeLoad {
  /** Answers that were not what they must be. */
  readonly wrong: readonly string[]
  /** Questions that nobody answered in time. */
  readonly unanswered: number
  /** How long the slowest answer took. */
  readonly longestMs: number
  /** Resolves with the contacts that were acknowledged. */
  end(): Promise<readonly string[]>
}

/** Phones register and calls are made until it is told to end; people have 500 and what follows. */
export function startLoad(
  { ask }: Pick<NodeProcess, 'ask'>,
  prefix: string,
  people: number,
): NodeLoad {
  const acknowledged: string[] = []
  const wrong: string[] = []
  const over = new AbortController()
  let longestMs = 0
  let unanswered = 0
  async function timed(path: string, body: string): Promise<string> {
    const began = performance.now()
    const answer = await ask(path, body)
    longestMs = Math.max(longestMs, performance.now() - began)
    return answer
  }
  async function keepAsking(): Promise<void> {
    for (let count = 0; !over.signal.aborted; count++) {
      const extension = String(500 + (count % people))
      const id = `${extension};@${prefix}${count}`
      try {
        const stored = await timed('ps_contacts/store', `id=${id}&uri=sip%3A${extension}%40x`)
        if (stored === '1') acknowledged.push(id)
        else wrong.push(`${id} was answered '${stored}'`)
        const row = await timed('ps_endpoints/single', `id=${extension}`)
        if (!row.includes(`id=${extension}&`)) wrong.push(`${extension} was answered '${row}'`)
      } catch {
        unanswered++
      }
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  const running = keepAsking()
  return {
    wrong,
    get unanswered() {
      return unanswered
    },
    get longestMs() {
      return longestMs
    },
    async end() {
      over.abort()
      await running
      return acknowledged
    },
  }
}
