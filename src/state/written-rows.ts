import type { Mishap } from './database.ts'
import type { RowKind, RowStore, WrittenRow } from './row-store.ts'

export type { WrittenRow } from './row-store.ts'

type Listener = (key: string, before?: WrittenRow, after?: WrittenRow) => void

/**
 * Rows that Asterisk writes and reads back: in memory for reading, kept before a write is
 * acknowledged. `contacts` for chan_pjsip, `registrations` for chan_sip, others for what they say.
 */
export class WrittenRows {
  readonly #store: RowStore
  readonly #kind: RowKind
  readonly #rows: Map<string, WrittenRow>
  /** On their way to the disk; a second write builds on the first one. */
  readonly #pending = new Map<string, WrittenRow | null>()
  /** Changed by another node while a write of this one was on its way: who was last is not known. */
  readonly #doubtful = new Set<string>()
  /** Keys written while a refresh reads, for each refresh on its way. */
  readonly #watched = new Set<Set<string>>()
  readonly #listeners = new Set<Listener>()

  private constructor(store: RowStore, kind: RowKind, rows: ReadonlyMap<string, WrittenRow>) {
    this.#store = store
    this.#kind = kind
    this.#rows = new Map(rows)
  }

  static async open(store: RowStore, kind: RowKind): Promise<WrittenRows> {
    return new WrittenRows(store, kind, await store.load(kind))
  }

  get(key: string): WrittenRow | undefined {
    return this.#rows.get(key)
  }

  values(): Iterable<WrittenRow> {
    return this.#rows.values()
  }

  /**
   * Merges into the row or makes it. Resolves when it is kept. Where nothing changes but `fleeting`
   * columns, a loss of power within the next second may undo it (docs/decisions/renewals.md).
   */
  async put(key: string, fields: WrittenRow, fleeting: readonly string[] = []): Promise<void> {
    const before = this.#pending.get(key) ?? this.#rows.get(key)
    const isRenewed =
      before !== undefined &&
      Object.entries(fields).every(
        ([name, text]) => text === before[name] || fleeting.includes(name),
      )
    await this.#write(key, { ...before, ...fields }, isRenewed ? 'crash' : 'power loss')
  }

  /** Resolves with whether there was such a row, when it is gone for good. */
  async remove(key: string): Promise<boolean> {
    const was = (this.#pending.get(key) ?? this.#rows.get(key)) !== undefined
    await this.#write(key, null, 'power loss')
    return was
  }

  /** Told after each write that was kept, here or by another node. */
  onChange(listener: Listener): void {
    this.#listeners.add(listener)
  }

  /** Call the result to forget whoever listens now; those who come meanwhile stay. */
  listening(): () => void {
    const listeners = [...this.#listeners]
    return () => listeners.forEach((each) => this.#listeners.delete(each))
  }

  /** Another node may have written these; without `keys`, anything. */
  async refresh(keys?: readonly string[]): Promise<void> {
    const written = new Set<string>()
    this.#watched.add(written)
    const kept = await this.#read(keys).finally(() => this.#watched.delete(written))
    for (const key of keys ?? new Set([...this.#rows.keys(), ...kept.keys()])) {
      if (this.#pending.has(key) || written.has(key)) this.#doubtful.add(key)
      // What is still to be delivered from here is read again afterwards.
      else if (!this.#store.isUnderway?.(this.#kind, key)) this.#set(key, kept.get(key) ?? null)
    }
    const doubtful = [...this.#doubtful].filter((key) => !this.#pending.has(key))
    for (const key of doubtful) this.#doubtful.delete(key)
    if (doubtful.length > 0) await this.refresh(doubtful)
  }

  #read(keys: readonly string[] | undefined): Promise<ReadonlyMap<string, WrittenRow>> {
    return keys ? this.#store.read(this.#kind, keys) : this.#store.load(this.#kind)
  }

  async #write(key: string, row: WrittenRow | null, through: Mishap): Promise<void> {
    this.#pending.set(key, row)
    try {
      await this.#store.keep(this.#kind, key, row, through)
    } finally {
      if (this.#pending.get(key) === row) this.#pending.delete(key)
      for (const written of this.#watched) written.add(key)
    }
    this.#set(key, row)
    if (!this.#pending.has(key) && this.#doubtful.delete(key)) void this.#readAgain(key)
  }

  /** Whoever wrote need not wait for it, nor hear of it when it fails: the next change is followed. */
  async #readAgain(key: string): Promise<void> {
    await this.refresh([key]).catch(() => this.#doubtful.add(key))
  }

  #set(key: string, row: WrittenRow | null): void {
    const before = this.#rows.get(key)
    if (row) this.#rows.set(key, row)
    else if (before) this.#rows.delete(key)
    for (const listener of this.#listeners) listener(key, before, row ?? undefined)
  }
}
