import { setImmediate } from 'node:timers/promises'
import type { PersonSecrets } from '../person/person.ts'
import type { Database, SqlRow, Statement } from './database.ts'
import { firstSecret, randomSecret } from './new-secret.ts'
import type { Seal } from './seal.ts'
import type { Overwrite, SecretPolicy } from './secret-policy.ts'

export type SecretKind = keyof PersonSecrets

interface Held {
  readonly value: string
  /**
   * Keyed digest of the directory's value when it was last looked at. Empty: it was asked and had
   * none. Null: it was never asked, so that its first word is not a new one.
   */
  readonly given: string | null
}

const askedForNothing = ''

type HeldSecrets = Partial<Record<SecretKind, Held>>

/** Making and sealing them takes a while, and calls must get in between. */
const peopleAtOnce = 500

/** SIP secrets and PINs: in memory for the answers, sealed in the state, never in a log. */
export class Secrets {
  readonly #database: Database
  readonly #synced: Database
  readonly #seal: Seal
  readonly #now: () => number
  readonly #held = new Map<string, HeldSecrets>()
  readonly #listeners = new Set<(person: string) => void>()

  private constructor(database: Database, seal: Seal, now: () => number, synced: Database) {
    this.#database = database
    this.#synced = synced
    this.#seal = seal
    this.#now = now
  }

  /**
   * Throws when the key is not the one that sealed them. `synced`: the same database for what only
   * the node writes that synchronises.
   */
  static async open(
    database: Database,
    seal: Seal,
    now: () => number,
    synced: Database = database,
  ): Promise<Secrets> {
    const secrets = new Secrets(database, seal, now, synced)
    for (const row of await database.query(select)) secrets.#load(row)
    return secrets
  }

  /** Another node may have changed theirs; without `people`, anybody's. */
  async refresh(people?: readonly string[]): Promise<void> {
    const places = people?.map((_, index) => `$${index + 1}`).join(', ')
    const rows = await this.#database.query(
      places === undefined ? select : `${select} where person in (${places})`,
      people,
    )
    const before = new Map<string, HeldSecrets>()
    for (const person of people ?? this.#held.keys()) {
      before.set(person, this.#held.get(person) ?? {})
      this.#held.delete(person)
    }
    for (const row of rows) this.#load(row)
    for (const person of new Set([...before.keys(), ...rows.map((row) => String(row['person']))])) {
      const was = before.get(person) ?? {}
      const is = this.#held.get(person) ?? {}
      if (isDifferent(was, is) || isDifferent(is, was)) this.#tell(person)
    }
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
      await this.#synced.run([{ sql: upsert, many: rows }])
    }
    const different: string[] = []
    for (const [person, news] of changed) {
      if (++count % peopleAtOnce === 0) await setImmediate()
      const before = this.#held.get(person)
      this.#held.set(person, { ...before, ...news })
      if (isDifferent(before, news)) different.push(person)
    }
    for (const person of different) this.#tell(person)
    return different
  }

  /** A secret that somebody chose himself. Resolves when it is kept. */
  async choose(person: string, kind: SecretKind, value: string): Promise<void> {
    const held: Held = { value, given: this.#held.get(person)?.[kind]?.given ?? null }
    await this.#database.run([this.#statement(person, kind, held)])
    this.#put(person, kind, held)
    this.#tell(person)
  }

  /**
   * The PIN that somebody chose himself, of his mailbox too, unless the directory has one for that.
   * Resolves when it is kept.
   */
  async choosePin(person: string, value: string): Promise<void> {
    const { pin, voicemailPin, ...others } = this.#held.get(person) ?? {}
    const held: Held = { value, given: pin?.given ?? null }
    const isOwn = !voicemailPin?.given
    await this.#database.run([
      this.#statement(person, 'pin', held),
      ...(isOwn ? [{ sql: forgetVoicemailPin, parameters: [person] }] : []),
    ])
    if (isOwn) this.#held.set(person, others)
    this.#put(person, 'pin', held)
    this.#tell(person)
  }

  /** Another SIP secret at once, because its owner wants one. Resolves when it is kept. */
  renewSip(person: string): Promise<void> {
    return this.choose(person, 'sip', randomSecret())
  }

  /** Whether the directory decides it, so that what somebody chose himself would not last. */
  isDictated(person: string, kind: SecretKind, { overwrite }: SecretPolicy): boolean {
    const when = overwrite?.[kind] ?? 'never'
    return when !== 'never' && this.#held.get(person)?.[kind]?.given !== askedForNothing
  }

  /**
   * An administrator wants another one: a new one at once, or the directory's own, if it is asked
   * for it, when it is next read. False: nobody of that name has secrets.
   */
  async reset(person: string, kind: 'sip' | 'pin', policy: SecretPolicy): Promise<boolean> {
    const held = this.#held.get(person)?.[kind]
    if (!held) return false
    const isAsked = policy.overwrite?.[kind] !== undefined
    const next: Held = isAsked
      ? { value: held.value, given: askedForNothing }
      : { value: firstSecret(kind, policy.initialPin), given: null }
    await this.#synced.run([
      this.#statement(person, kind, next),
      // The PIN of the mailbox that somebody chose himself may be the one that he forgot.
      ...(kind === 'pin' ? [{ sql: forgetVoicemailPin, parameters: [person] }] : []),
    ])
    const { voicemailPin: _, ...others } = this.#held.get(person) ?? {}
    if (kind === 'pin') this.#held.set(person, others)
    this.#put(person, kind, next)
    this.#tell(person)
    return true
  }

  /**
   * Somebody is known by another id from now on, and keeps his secrets under it. Resolves when they
   * are kept.
   */
  async inherit(heirs: readonly Heir[]): Promise<void> {
    const inherited = heirs.flatMap(({ from, into }) =>
      Object.entries(this.#held.get(from) ?? {}).map(([kind, { value }]) => ({
        person: into,
        kind: kind as SecretKind, // as `#put` wrote it
        held: { value, given: askedForNothing },
      })),
    )
    if (inherited.length === 0) return
    const many = inherited.map(({ person, kind, held }) => this.#parameters(person, kind, held))
    await this.#synced.run([{ sql: upsert, many }])
    for (const { person, kind, held } of inherited) this.#put(person, kind, held)
  }

  /** Drops from memory what `PeopleStore.save` has deleted. */
  dropped(people: Iterable<string>): void {
    for (const person of people) if (this.#held.delete(person)) this.#tell(person)
  }

  onChange(listener: (person: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Call the result to forget whoever listens now; those who come meanwhile stay. */
  listening(): () => void {
    const listeners = [...this.#listeners]
    return () => listeners.forEach((each) => this.#listeners.delete(each))
  }

  #news(person: string, given: PersonSecrets, policy: SecretPolicy): HeldSecrets | null {
    const held = this.#held.get(person) ?? {}
    const news: HeldSecrets = {}
    for (const kind of ['sip', 'pin', 'voicemailPin'] as const) {
      const value = given[kind]
      const taken =
        value === undefined
          ? this.#make(kind, held[kind], policy)
          : this.#dictated(value, held[kind], policy.overwrite?.[kind] ?? 'changed')
      if (taken) news[kind] = taken
    }
    return Object.keys(news).length === 0 ? null : news
  }

  /** What somebody gets of whom the directory says nothing; null: what he has. */
  #make(kind: SecretKind, held: Held | undefined, policy: SecretPolicy): Held | null {
    const given = policy.overwrite?.[kind] === undefined ? null : askedForNothing
    if (held) return held.given === null && given !== null ? { value: held.value, given } : null
    return kind === 'voicemailPin' ? null : { value: firstSecret(kind, policy.initialPin), given }
  }

  /** What comes of the directory's word; null: nothing new. */
  #dictated(value: string, held: Held | undefined, overwrite: Overwrite): Held | null {
    const given = this.#seal.digest(value)
    if (!held) return { value, given }
    if (overwrite === 'always') return held.value === value ? null : { value, given }
    if (held.given === given) return null
    if (overwrite === 'never' && held.given !== askedForNothing) return null
    // The directory was not asked before: a change of the configuration must not silence telephones.
    return held.given === null ? { value: held.value, given } : { value, given }
  }

  #load(row: SqlRow): void {
    const person = String(row['person'])
    const kind = String(row['kind']) as SecretKind // only `#statement` writes it
    this.#put(person, kind, {
      value: this.#seal.open(String(row['sealed']), `${person} ${kind}`),
      given: row['given'] === null ? null : String(row['given']),
    })
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

export interface Heir {
  readonly from: string
  readonly into: string
}

const select = 'select person, kind, sealed, given from secrets'

const forgetVoicemailPin = `delete from secrets where person = $1 and kind = 'voicemailPin'`

/** What is only remembered of the directory is no news to a telephone. */
function isDifferent(before: HeldSecrets | undefined, news: HeldSecrets): boolean {
  const kinds = Object.keys(news) as SecretKind[] // as `#news` wrote them
  return kinds.some((kind) => before?.[kind]?.value !== news[kind]?.value)
}

const upsert = `insert into secrets (person, kind, sealed, given, changed_at)
  values ($1, $2, $3, $4, $5)
  on conflict (person, kind) do update set sealed = excluded.sealed, given = excluded.given,
    changed_at = excluded.changed_at`
