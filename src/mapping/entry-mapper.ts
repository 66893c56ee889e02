import type { Entry } from '../directory/source.ts'
import {
  detailFields,
  type DetailField,
  type DisabledReason,
  type Person,
  type PersonSecrets,
} from '../person/person.ts'
import type { Site } from '../person/site.ts'
import { compileRule, type Origin } from './compile-rule.ts'
import { isAnyMet, type Condition } from './condition.ts'
import { nameInDn } from './dn.ts'
import { Draft } from './draft.ts'
import {
  isListField,
  longestText,
  numberFields,
  secretFields,
  sharedDetails,
  type FieldKey,
  type SecretField,
  type TextField,
} from './fields.ts'
import { Interner } from './interner.ts'
import type { Mapped } from './mapping.ts'
import type { DisabledRule } from './preset.ts'
import { readAliases, readDids, readExtension } from './read-ids.ts'
import { readNumbers, type NumberRule } from './read-numbers.ts'
import {
  readCallGroups,
  readCallerId,
  readEmail,
  readGroups,
  readSecret,
  readText,
} from './read-texts.ts'
import type { Rule } from './rule.ts'

export interface EntryMapperParts {
  readonly source: string
  readonly site: Site
  readonly rules: ReadonlyMap<FieldKey, Rule>
  /** How the directory itself disables; null when nobody wants to know. */
  readonly disabledRule: DisabledRule | null
  readonly disabledWhen: readonly Condition[]
  readonly hiddenWhen: readonly Condition[]
}

interface DetailRule {
  readonly field: DetailField
  readonly origins: readonly Origin[]
}

/** Makes persons of entries, one at a time, and keeps nothing of them but shared strings. */
export class EntryMapper {
  readonly #parts: EntryMapperParts
  readonly #origins = new Map<FieldKey, readonly Origin[]>()
  readonly #numbers: readonly NumberRule[]
  readonly #details: readonly DetailRule[]
  readonly #secrets: readonly SecretField[]
  readonly #shared = new Interner(20_000)
  readonly #readField = (field: FieldKey, draft: Draft) => this.#values(field, draft)

  constructor(parts: EntryMapperParts) {
    this.#parts = parts
    for (const [field, rule] of parts.rules) this.#origins.set(field, compileRule(rule, field))
    this.#numbers = numberFields
      .map(([field, kind]) => ({ kind, origins: this.#of(field) }))
      .filter((rule) => rule.origins.length > 0)
    this.#details = detailFields
      .map((field) => ({ field, origins: this.#of(field) }))
      .filter((rule) => rule.origins.length > 0)
    this.#secrets = secretFields.filter((field) => this.#of(field).length > 0)
  }

  map(entry: Entry, now: number): Mapped {
    const { source, site } = this.#parts
    const draft = new Draft(entry, site, this.#readField)
    if (entry.id === null || entry.id === '') {
      draft.problem(null, 'has no immutable id, so it could not be recognised after a change')
      return { person: null, problems: draft.problems }
    }
    const extension = readExtension(this.#of('extension'), draft)
    draft.keep('extension', extension === null ? none : [extension])
    const user = this.#text('user', draft)
    const firstName = this.#text('firstName', draft)
    const lastName = this.#text('lastName', draft)
    const name =
      this.#text('name', draft) ?? (joined(firstName, lastName) || null) ?? user ?? extension
    if (name === null) {
      draft.problem(null, 'has no name, no login name and no extension')
      return { person: null, problems: draft.problems }
    }
    const person: Person = {
      id: `${source}/${entry.id}`,
      source,
      dn: entry.dn,
      user,
      extension,
      aliases: readAliases(this.#of('aliases'), extension, draft),
      dids: readDids(this.#of('did'), extension, draft),
      name,
      firstName,
      lastName,
      email: readEmail(this.#of('email'), draft),
      numbers: readNumbers(this.#numbers, extension, draft),
      groups: readGroups(this.#of('groups'), this.#shared, draft),
      callerId: readCallerId(this.#of('callerId'), draft),
      callGroups: readCallGroups(this.#of('callGroup'), draft),
      pickupGroups: readCallGroups(this.#of('pickupGroup'), draft),
      disabled: this.#disabled(entry, now),
      hidden: isAnyMet(this.#parts.hiddenWhen, entry),
      details: this.#readDetails(draft),
    }
    const secrets = this.#secrets.length === 0 ? noSecrets : this.#readSecrets(draft)
    // An account that ends some day is disabled then without a change of its entry.
    const isLasting = this.#disabled(entry, Infinity) === person.disabled
    return { person, secrets, problems: draft.problems, isLasting }
  }

  #of(field: FieldKey): readonly Origin[] {
    return this.#origins.get(field) ?? noOrigins
  }

  #text(field: TextField, draft: Draft): string | null {
    return readText(this.#of(field), longestText(field), draft)
  }

  #disabled(entry: Entry, now: number): DisabledReason | null {
    const { disabledRule, disabledWhen } = this.#parts
    const reason = disabledRule?.read(entry, now) ?? null
    return reason ?? (isAnyMet(disabledWhen, entry) ? 'disabled' : null)
  }

  #readDetails(draft: Draft): Person['details'] {
    let details: Partial<Record<DetailField, string>> | null = null
    for (const { field, origins } of this.#details) {
      const text = this.#detail(field, origins, draft)
      if (text === null) continue
      details ??= {}
      details[field] = text
    }
    return details ?? noDetails
  }

  #detail(field: DetailField, origins: readonly Origin[], draft: Draft): string | null {
    // Directories name a manager by his DN, which is longer than the name in it.
    const isDn = field === 'manager' || field === 'assistantName'
    const longest = isDn ? 1000 : longestText(field)
    const text = readText(origins, longest, draft, field === 'emailAliases' ? ';' : ', ')
    if (text === null) return null
    const shown = isDn ? nameInDn(text).slice(0, longestText(field)) : text
    return sharedDetails.has(field) ? this.#shared.the(shown) : shown
  }

  #readSecrets(draft: Draft): PersonSecrets {
    const secrets: { -readonly [key in keyof PersonSecrets]: PersonSecrets[key] } = {}
    for (const field of this.#secrets) {
      const secret = readSecret(field, this.#of(field), draft)
      if (secret !== undefined) secrets[field === 'sipSecret' ? 'sip' : field] = secret
    }
    return secrets
  }

  /** A field's values for another field that is made from it. */
  #values(field: FieldKey, draft: Draft): readonly string[] {
    const origins = this.#of(field)
    if (origins.length === 0) return none
    switch (field) {
      case 'extension':
        return listOf(readExtension(origins, draft))
      case 'email':
        return listOf(readEmail(origins, draft))
      case 'callerId':
        return listOf(readCallerId(origins, draft))
      case 'aliases':
        return readAliases(origins, draft.field('extension')[0] ?? null, draft)
      case 'did':
        return readDids(origins, draft.field('extension')[0] ?? null, draft)
      case 'groups':
        return readGroups(origins, this.#shared, draft)
      case 'callGroup':
      case 'pickupGroup':
        return readCallGroups(origins, draft)
      default:
        if (isListField(field)) return origins.flatMap((origin) => origin.read(draft))
        return listOf(readText(origins, 250, draft))
    }
  }
}

function joined(first: string | null, last: string | null): string {
  return [first, last].filter((part) => part !== null).join(' ')
}

function listOf(value: string | null): readonly string[] {
  return value === null ? none : [value]
}

const none: readonly never[] = Object.freeze([])
const noOrigins: readonly Origin[] = none
const noDetails: Person['details'] = Object.freeze({})
const noSecrets: PersonSecrets = Object.freeze({})
