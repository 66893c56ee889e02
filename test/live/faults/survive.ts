import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Office } from './office.ts'
import { extensions, newcomer } from './office-people.ts'

/** Something that goes wrong, and what an administrator is to read about it. */
export interface Fault<At extends Office = Office> {
  readonly name: string
  /** What Peerage says, in a report, a held plan or its log. */
  readonly named: RegExp
  /** Resolves when Peerage has met the fault. */
  strike(office: At): Promise<void>
  /** Takes the cause away; what is to heal then is Peerage's. */
  mend?(office: At): Promise<void>
}

export interface Survived {
  /** Questions asked from before the fault until after it, all answered rightly. */
  readonly asked: number
  readonly slowestMs: number
  /** The words in which Peerage named the fault. */
  readonly named: string
  /** From the mended cause to the newcomer's first answer. */
  readonly healedMs: number
}

/**
 * Lets the fault happen to a company of 300 and proves four things: nobody is lost, questions are
 * answered all the while, the fault is named in words, and the next good read heals it. Throws
 * `AssertionError`.
 */
export async function survive<At extends Office>(
  fault: Fault<At>,
  open: () => Promise<At>,
): Promise<Survived> {
  await using office = await open()
  const secrets = secretsOf(office)
  assert.equal(secrets.size, extensions.length, 'not everybody was imported')
  await using asking = new Asking(office)

  await fault.strike(office)
  await everybodyAnswered(office, 'while the fault lasts')
  const words = await office.said()
  const named = words.find((text) => fault.named.test(text))
  assert.ok(named, `not named as ${fault.named}; said was:\n${words.join('\n')}`)

  await fault.mend?.(office)
  await office.directory.hire(newcomer)
  const mended = performance.now()
  await healed(office)
  const healedMs = performance.now() - mended
  await everybodyAnswered(office, 'after the next good read')
  const { asked, wrong, slowestMs } = await asking.end()
  assert.deepEqual(wrong, [], 'a question was not answered rightly')
  assert.ok(slowestMs < 1000, `a question waited for ${Math.round(slowestMs)} ms`)
  const now = secretsOf(office)
  for (const [extension, secret] of secrets) {
    assert.equal(now.get(extension), secret, `${extension} has another SIP secret`)
  }
  return { asked, slowestMs, named, healedMs }
}

/** Good reads must lead there, and nothing else is done about it. */
async function healed(office: Office): Promise<void> {
  const until = performance.now() + 10_000
  for (;;) {
    const { outcome, error } = await office.read()
    const isThere = await office.answers(newcomer)
    if (outcome === 'done' && isThere) return
    assert.ok(performance.now() < until, `not healed: ${outcome} ${error ?? ''}`)
    await sleep(50)
  }
}

async function everybodyAnswered(office: Office, when: string): Promise<void> {
  const lost: string[] = []
  for (const extension of extensions) {
    if ((await office.answers(extension)) !== true) lost.push(extension)
  }
  assert.deepEqual(lost, [], `not answered ${when}`)
}

function secretsOf({ service }: Office): Map<string, string> {
  const { people, state } = service
  return new Map(
    extensions.flatMap((extension) => {
      const id = people.byExtension(extension)?.id
      const secret = id === undefined ? undefined : state.secrets.sip(id)
      return secret === undefined ? [] : [[extension, secret] as const]
    }),
  )
}

/** Asterisk, asking for one after the other. */
class Asking implements AsyncDisposable {
  readonly #office: Office
  readonly #stop = new AbortController()
  readonly #done: Promise<void>
  readonly #wrong: string[] = []
  #asked = 0
  #slowestMs = 0

  constructor(office: Office) {
    this.#office = office
    this.#done = this.#ask()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end()
  }

  async end() {
    this.#stop.abort()
    await this.#done
    return { asked: this.#asked, wrong: this.#wrong, slowestMs: this.#slowestMs }
  }

  async #ask(): Promise<void> {
    for (let next = 0; !this.#stop.signal.aborted; next++) {
      const extension = extensions[next % extensions.length] ?? ''
      const begun = performance.now()
      const answer = await this.#office.answers(extension).catch((error: unknown) => String(error))
      if (answer !== null) {
        this.#asked++
        this.#slowestMs = Math.max(this.#slowestMs, performance.now() - begun)
        if (answer !== true) this.#wrong.push(`${extension}: ${answer}`)
      }
      await sleep(2)
    }
  }
}
