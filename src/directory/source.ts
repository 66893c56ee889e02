/**
 * Where people come from. A source knows its directory's protocol and nothing about people:
 * it hands out entries, and says honestly whether it handed out all of them.
 */
export interface DirectorySource extends AsyncDisposable {
  readonly name: string
  /**
   * Every entry, batch by batch (at most a few hundred, so that the main thread stays free).
   * An iteration that ends without throwing is a *proven complete* read; anything doubtful
   * (connection lost, size limit, other identity, referral instead of data) throws
   * `DirectoryUnavailable` or `DirectoryIncomplete`, and what was handed out must not be used.
   *
   * An entry that is `known` may come as its print only, in `unchanged`: that it is still there and
   * still the same is all there is to say about it.
   */
  read(signal: AbortSignal, known?: KnownEntries): AsyncIterable<EntryBatch>
  /** Step by step from name resolution to a sample entry; each step says what it found. Never throws. */
  check(signal: AbortSignal): AsyncIterable<CheckStep>
  /**
   * Present when the directory can be followed. Notes its position first and yields `read-again`
   * once, for which the consumer reads everything; whatever happens after that position comes as a
   * later value. A repeated value is harmless, and there are no gaps. A lost connection is no end:
   * it is made again, to another server if need be, and either nothing is lost or `read-again`
   * comes once more. Ends with the signal only.
   */
  changes?(signal: AbortSignal): AsyncIterable<DirectoryChange>
  /**
   * Reads single entries again, with the source's own filter applied. An `id` that was asked for
   * and is certainly not there (any more) is in `gone`. Throws as `read` does.
   */
  readOne?(what: EntrySelector, signal: AbortSignal): Promise<EntryDelta>
  /** Present when the directory says what its entries may have. Throws as `read` does. */
  schema?(signal: AbortSignal): Promise<DirectorySchema>
}

/** What entries may have, as the directory itself says (RFC 4512, 4.2). */
export interface DirectorySchema {
  /** An attribute's name as the directory spells it. */
  spell(name: string): string
  /** What entries of all these classes together must or may have, by name. */
  attributesOf(classes: readonly string[]): readonly AttributeDescription[]
}

export interface AttributeDescription {
  readonly name: string
  /** Empty: the directory says nothing about it. */
  readonly description: string
}

export type DirectoryChange =
  /** Something changed that only a full read can tell. */
  | { readonly kind: 'read-again' }
  /** Just these entries are new or different, and these ids are gone. */
  | ({ readonly kind: 'delta' } & EntryDelta)

export interface EntryDelta {
  readonly entries: readonly Entry[]
  /** Ids that are proven to be deleted, or outside base and filter now. */
  readonly gone: readonly string[]
  readonly problems: readonly EntryProblem[]
}

export type EntrySelector =
  { readonly id: string } | { readonly dn: string } | { readonly filter: string }

export interface EntryBatch {
  readonly entries: readonly Entry[]
  /** Prints of entries that were known; absent for none. */
  readonly unchanged?: readonly string[]
  /** Entries or lines that could not be taken, each with its reason; the rest is unaffected. */
  readonly problems: readonly EntryProblem[]
}

/** Entries that the reader has taken before and need not be handed out again. */
export interface KnownEntries {
  /** The id of the entry that had this print; undefined: it is not known. */
  idOf(print: string): string | undefined
}

/** What a source returns, before mapping. */
export interface Entry {
  /** The directory's own immutable id in its usual text form (GUIDs lower case); null if it has none. */
  readonly id: string | null
  readonly dn: string
  /**
   * Attribute name in lower case (options such as `;lang-en` kept) -> values in the server's order.
   * Absent attributes are absent. GUIDs and SIDs are already text; other binary values are left out
   * and named in the batch's problems.
   */
  readonly attributes: ReadonlyMap<string, readonly string[]>
  /**
   * Digest of all that the directory said about it: the same print, the same entry. Absent when the
   * source does not make one, or something about the entry is to be told at every read.
   */
  readonly print?: string
}

export interface EntryProblem {
  /** The DN, or `file:line` for an LDIF that could not be parsed so far. */
  readonly entry: string
  readonly attribute?: string
  /** What is wrong and what was expected, in one sentence. Never contains a secret. */
  readonly text: string
}

export interface CheckStep {
  readonly step:
    'dns' | 'tcp' | 'tls' | 'bind' | 'base' | 'rights' | 'changes' | 'count' | 'sample' | 'file'
  readonly ok: boolean
  /** What was found, or what failed and the remedy. */
  readonly detail: string
  readonly tookMs: number
}

/** What a source needs to know of the mapping: what to ask for. */
export interface EntryRequest {
  readonly filter: string
  /** Attributes to ask for, in the server's spelling; `*` and `+` as in RFC 3673. */
  readonly attributes: readonly string[]
  readonly id: IdAttribute
}

/** The attribute that never changes, and how its bytes become text. */
export interface IdAttribute {
  readonly attribute: string
  /** `guid`: 16 bytes in Microsoft's mixed order. `text`: as it is. */
  readonly form: 'guid' | 'text'
}

/** No server could be reached or would let us in: try again later, keep the last good people. */
export class DirectoryUnavailable extends Error {
  override name = 'DirectoryUnavailable'
  code = 'DIRECTORY_UNAVAILABLE' as const
}

/** The directory answered, but the read is not provably everything. */
export class DirectoryIncomplete extends Error {
  override name = 'DirectoryIncomplete'
  code = 'DIRECTORY_INCOMPLETE' as const
}

/** The part of a pino logger that sources use. */
export interface SourceLog {
  debug(about: object, phrase: string): void
  info(about: object, phrase: string): void
  warn(about: object, phrase: string): void
  error(about: object, phrase: string): void
}
