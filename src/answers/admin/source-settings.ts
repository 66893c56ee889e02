import type { Complaint } from '../../complaint.ts'
import type { DryRun } from '../../sync/dry-run.ts'

/**
 * The configured sources as an administrator changes them from outside: a draft is tried as often as
 * he likes, and then becomes a change of the configuration file. No secret ever comes out of here.
 */
export interface SourceSettings {
  readonly file: SettingsFileState
  /** The configured sources, in their order. */
  outlines(): readonly SourceOutline[]
  /** Fields of a person that a draft has in its form, and what each preset makes them of. */
  readonly mapped: readonly MappedField[]
  readonly presets: readonly string[]
  /** Which entries are people when nothing is written, by preset. */
  readonly filters: Readonly<Record<string, string>>
  /** Of an existing source; null: there is none of that name, or no file. */
  begin(owner: string, name: string): Draft | null
  /** Of one that is to be added; an existing one when there is one of that name. Null: no file. */
  beginNew(owner: string, name: string): Draft | null
  /** Undefined: it is too old, or somebody else's. */
  draft(owner: string, id: string): Draft | undefined
  discard(draft: Draft): void
  /** Changes the file and the service, after `answered`; or says everything that is wrong. */
  apply(draft: Draft, answered: Promise<void>): Promise<readonly Complaint[]>
}

export interface SettingsFileState {
  /** Null: there is none, as with the sample company. */
  readonly path: string | null
  /** Why nothing can be changed from here; null: it can. */
  readonly obstacle: 'no-file' | 'not-readable' | 'not-writable' | null
  /** The latest change from here. */
  readonly change: SettingsChange | null
}

export interface SettingsChange {
  readonly source: string
  /** `refused`: the file is as it was before. */
  readonly outcome: 'under-way' | 'in-force' | 'refused'
  readonly problem: string | null
  readonly at: number
}

export interface SourceOutline {
  readonly name: string
  readonly preset: string
  /** Addresses of servers, a domain, or a file. */
  readonly where: string
  readonly base: string
  readonly filter: string
  readonly schedule: string
  /** The next reads by the schedule, in milliseconds since 1970. */
  readonly next: readonly number[]
  readonly changes: string
  readonly bindUser: string | null
}

/** Settings of one source that need not be in use. Nothing is lost or done by changing them. */
export interface Draft {
  readonly id: string
  readonly name: string
  readonly isNew: boolean
  readonly removes: boolean
  /** Its options as YAML, with a mark in place of each secret. */
  readonly text: string
  readonly fields: DraftFields
  /** A password was typed, and is kept here until it is saved. */
  readonly hasNewPassword: boolean
  readonly trials: DraftTrials
  /** What it comes to, as the file is now. */
  look(): DraftView
  write(text: string): void
  /** Other options altogether, without any comment. */
  replace(options: Readonly<Record<string, unknown>>): void
  fillIn(fields: Partial<DraftFields>): void
  /** Empty: the one that there was. */
  setPassword(password: string): void
  remove(): void
  /** Begins it; what it finds is in `trials`. Wrong settings are not tried. */
  try(what: Trial): void
  /** Resolves when nothing is tried any more. */
  settled(): Promise<void>
}

export interface DraftView {
  /** Everything that is wrong with it. */
  readonly complaints: readonly Complaint[]
  /** What would change in the file; empty: nothing, or it cannot be said. */
  readonly difference: readonly DifferenceLine[]
  /** The file holds something else that is not in force yet, and would be then. */
  readonly bringsMore: boolean
}

export interface DifferenceLine {
  readonly kind: 'same' | 'new' | 'gone' | 'gap'
  readonly text: string
}

/** Texts as an administrator writes them; lists with commas, servers one a line. Null: only as YAML. */
export interface DraftFields {
  readonly preset: string
  readonly servers: string | null
  readonly domain: string | null
  readonly ldif: string | null
  readonly base: string | null
  readonly filter: string | null
  readonly bindUser: string | null
  readonly tls: string | null
  readonly caFile: string | null
  readonly schedule: string | null
  /** By the name of the field. */
  readonly map: Readonly<Record<string, string | null>>
}

export interface MappedField {
  readonly name: string
  /** What it is made of when nothing is written, by preset. */
  readonly usual: Readonly<Record<string, string>>
}

export type Trial = 'connection' | 'attributes' | 'people' | 'plan'

export interface DraftTrials {
  readonly connection?: Tried<readonly TriedStep[]>
  readonly attributes?: Tried<AttributeReport | null>
  readonly people?: Tried<PeoplePreview | null>
  readonly plan?: Tried<PlanPreview | null>
}

/** `found` grows while it runs. */
export interface Tried<Found> {
  readonly isRunning: boolean
  readonly found: Found
  /** Why it ended too early; null: it did not. */
  readonly error: string | null
  readonly tookMs: number
  /** The later one was begun later. */
  readonly startedAt: number
  /** Entries that were read so far. */
  readonly entries: number
}

export interface TriedStep {
  readonly step: string
  readonly ok: boolean
  readonly detail: string
  readonly tookMs: number
}

/** What the first entries really have. */
export interface AttributeReport {
  readonly entries: number
  readonly used: readonly AttributeUse[]
  /** What entries of these classes may have, and none of the first has; null: no schema could be read. */
  readonly possible: readonly PossibleAttribute[] | null
}

export interface AttributeUse {
  readonly name: string
  /** How many of the first entries have it. */
  readonly count: number
  /** Null: it is, or may be, a secret, or no text. */
  readonly example: string | null
  readonly isSecret: boolean
  /** Fields of a person that are made of it. */
  readonly fields: readonly string[]
}

export interface PossibleAttribute {
  readonly name: string
  readonly description: string
}

/** The first entries as people. */
export interface PeoplePreview {
  readonly people: readonly PreviewedPerson[]
}

export interface PreviewedPerson {
  readonly dn: string
  /** Null: the entry would be nobody, for the reason in `problems`. */
  readonly person: {
    readonly name: string
    readonly user: string | null
    readonly extension: string | null
    readonly aliases: readonly string[]
    readonly dids: readonly string[]
    readonly email: string | null
    readonly disabled: string | null
    /** Everything else, by field. */
    readonly details: readonly (readonly [string, string])[]
  } | null
  readonly problems: readonly string[]
}

/** What a read with these settings would change for everybody. */
export interface PlanPreview extends DryRun {
  /** People of a source that would not be configured any more; they stay until somebody decides. */
  readonly left: number
}
