import { randomInt } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { PersonSecrets } from '../person/person.ts'
import type { Database, Statement } from './database.ts'
import { takeRandom } from './random.ts'
import type { Seal } from './seal.ts'

export type SecretKind = keyof PersonSecrets

/** How a source's people come by the secrets that the directory does not give. */
export interface SecretPolicy {
  /** PIN of a new person; null: six random digits. */
  readonly initialPin: string | null
}

interface Held {
  readonly value: string
  /** Keyed digest of the directory's value when it was last taken over; null: not from there. */
  readonly given: string | null
}

type HeldSecrets = Partial<Record<SecretKind, Held>>

/** Making and sealing them takes a while, and calls must get in between. */
const peopleAtOnce = 500

// No 0/O, 1/l/I: somebody may have to type it into a phone.
const alphabet = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** SIP secrets and PINs: in memory for the answers, sealed in the state, never in a log. */
export class Secrets {
  readonly #database: Database
  readonly #seal: Seal
  readonly #now: () => number
  readonly #held = new Map<string, HeldSecrets>()
  readonly #listeners = new Set<(person: string) => void>()

  private constructor(database: Database, seal: Seal, now: () => number) {
    this.#database = database
    this.#seal = seal
    this.#now = now
  }

  /** Throws when the key is not the one that sealed them. */
  static async open(database: Database, seal: Seal, now: () => number): Promise<Secrets> {
    const secrets = new Secrets(database, seal, now)
    for (const row of await database.query('select person, kind, sealed, given from secrets')) {
      const person = String(row['person'])
      const kind = String(row['kind']) as SecretKind // only `#statement` writes it
      secrets.#put(person, kind, {
        value: seal.open(String(row['sealed']), `${person} ${kind}`),
        given: row['given'] === null ? null : String(row['given']),
      })
    }
    return secrets
  }

  sip(person: string): string | undefined {
    return this.#held.get(person)?.sip?.value
  }

  pin(person: string): string | undefined {
    return this.#held.get(person)?.pin?.value
  }

  voicemailPin(person: string): string | undefined {
    const held = this.#held.get(person)
    return (held?.voicemailPin ?? held?.pin)?.value
  }

  /**
   * Sees to it that everybody named has his secrets, and takes over what the directory says where
   * that is news. Returns those whose secrets changed, after all is kept.
   */
  async provide(
    people: Iterable<readonly [person: string, given: PersonSecrets]>,
    policy: SecretPolicy,
  ): Promise<readonly string[]> {
    const changed = new Map<string, HeldSecrets>()
    let count = 0
    for (const [person, given] of people) {
      if (++count % peopleAtOnce === 0) await setImmediate()
      const news = this.#news(person, given, policy)
      if (news) changed.set(person, news)
    }
    const everybody = [...changed]
    for (let from = 0; from < everybody.length; from += peopleAtOnce) {
      const rows = everybody
        .slice(from, from + peopleAtOnce)
        .flatMap(([person, news]) =>
          Object.entries(news).map(([kind, held]) => this.#parameters(person, kind, held)),
        )
      await this.#database.run([{ sql: upsert, many: rows }])
    }
    for (const [person, news] of changed) {
      for (const [kind, held] of Object.entries(news)) this.#put(person, kind as SecretKind, held)
      this.#tell(person)
    }
    return [...changed.keys()]
  }

  /** A secret that somebody chose himself. Resolves when it is kept. */
  async choose(person: string, kind: SecretKind, value: string): Promise<void> {
    const held: Held = { value, given: this.#held.get(person)?.[kind]?.given ?? null }
    await this.#database.run([this.#statement(person, kind, held)])
    this.#put(person, kind, held)
    this.#tell(person)
  }

  /** Drops from memory what `PeopleStore.save` has deleted. */
  dropped(people: Iterable<string>): void {
    for (const person of people) if (this.#held.delete(person)) this.#tell(person)
  }

  onChange(listener: (person: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #news(person: string, given: PersonSecrets, policy: SecretPolicy): HeldSecrets | null {
    const held = this.#held.get(person) ?? {}
    const news: HeldSecrets = {}
    for (const kind of ['sip', 'pin', 'voicemailPin'] as const) {
      const value = given[kind]
      if (value !== undefined) {
        const digest = this.#seal.digest(value)
        if (held[kind]?.given !== digest) news[kind] = { value, given: digest }
      } else if (!held[kind] && kind !== 'voicemailPin') {
        news[kind] = { value: kind === 'sip' ? randomSecret() : firstPin(policy), given: null }
      }
    }
    return Object.keys(news).length === 0 ? null : news
  }

  #put(person: string, kind: SecretKind, held: Held): void {
    this.#held.set(person, { ...this.#held.get(person), [kind]: held })
  }

  #tell(person: string): void {
    for (const listener of this.#listeners) listener(person)
  }

  #statement(person: string, kind: string, held: Held): Statement {
    return { sql: upsert, parameters: this.#parameters(person, kind, held) }
  }

  #parameters(person: string, kind: string, { value, given }: Held): (string | number | null)[] {
    return [person, kind, this.#seal.seal(value, `${person} ${kind}`), given, this.#now()]
  }
}

const upsert = `insert into secrets (person, kind, sealed, given, changed_at)
  values ($1, $2, $3, $4, $5)
  on conflict (person, kind) do update set sealed = excluded.sealed, given = excluded.given,
    changed_at = excluded.changed_at`

/** 20 characters, 116 bits. */
function randomSecret(): string {
  let secret = ''
  while (secret.length < 20) {
    for (const byte of takeRandom(32)) {
      // Only what divides evenly counts, or the first letters would be likelier.
      if (byte < 256 - (256 % alphabet.length) && secret.length < 20) {
        secret += alphabet[byte % alphabet.length]
      }
    }
  }
  return secret
}

function firstPin(policy: SecretPolicy): string {
  return policy.initialPin ?? String(randomInt(1_000_000)).padStart(6, '0')
}
