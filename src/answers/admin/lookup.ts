import type { People } from '../../people/people.ts'
import { lifecycleOf, type Lifecycle, type Standing } from '../../people/standing.ts'
import type { Person } from '../../person/person.ts'
import type { Site } from '../../person/site.ts'
import { parseDialled } from '../../person/numbers.ts'
import { parseTrunkNumber } from '../../person/trunk-numbers.ts'
import type { Secrets } from '../../state/secrets.ts'
import type { WrittenRows } from '../../state/written-rows.ts'

export interface LookupDeps {
  readonly people: People
  readonly site: Site
  readonly secrets: Secrets
  readonly contacts: WrittenRows
  readonly registrations: WrittenRows
}

/** Somebody who was found, by what, and what stands in the way of his telephone. */
export interface Found {
  readonly by: 'extension' | 'alias' | 'DID' | 'number' | 'user' | 'claim' | 'id'
  readonly person: Person
  /** Who has the extension that this person wants too; null: nobody else. */
  readonly extensionOwner: string | null
  readonly lifecycle: Lifecycle
  /** Since when the directory does not have him, in milliseconds since 1970; null: it has. */
  readonly missingSince: number | null
  /** What an administrator decided; null: nothing. */
  readonly decided: Standing['decided']
  /** Where else he comes from: the entries of other sources that are joined with his. */
  readonly joined: readonly { readonly source: string; readonly dn: string }[]
  /** Where phones are registered, as Asterisk wrote it. */
  readonly phones: readonly string[]
  readonly secrets?: { readonly sip: string | null; readonly voicemailPin: string | null }
}

/** By number or name as somebody would type it: extension, alias, any spelling of a number, login. */
export function lookup(query: string, withSecrets: boolean, deps: LookupDeps): Found[] {
  const { people } = deps
  const found = new Map<string, Found>()
  const note = (by: Found['by'], persons: Iterable<Person | undefined>) => {
    for (const person of persons) {
      if (person && !found.has(person.id))
        found.set(person.id, describe(by, person, withSecrets, deps))
    }
  }
  note('id', [people.get(query)])
  note('extension', [people.byExtension(query)])
  note('alias', [people.byInternalId(query)])
  note('user', people.byUser(query))
  for (const e164 of spellings(query, deps.site)) {
    note('DID', people.byDid(e164))
    note('number', people.byNumber(e164))
  }
  note('claim', people.claimants(query))
  return [...found.values()]
}

function spellings(query: string, site: Site): Set<string> {
  const dialled = parseDialled(query, site)
  const readings = [dialled.e164, parseTrunkNumber(query, site)]
  return new Set(readings.filter((e164) => e164 !== null))
}

function describe(by: Found['by'], person: Person, withSecrets: boolean, deps: LookupDeps): Found {
  const { people, secrets, contacts, registrations } = deps
  const { id, extension } = person
  const standing = people.member(id)?.standing
  const owner = extension === null ? undefined : people.byExtension(extension)
  return {
    by,
    person,
    extensionOwner: owner && owner !== person ? owner.name : null,
    lifecycle: lifecycleOf(person, standing),
    missingSince: standing?.missing?.since ?? null,
    decided: standing?.decided ?? null,
    joined: people.partnersOf(id).map(({ person: { source, dn } }) => ({ source, dn })),
    phones:
      owner === person && extension !== null ? phonesOf(extension, contacts, registrations) : [],
    ...(withSecrets
      ? {
          secrets: { sip: secrets.sip(id) ?? null, voicemailPin: secrets.voicemailPin(id) ?? null },
        }
      : {}),
  }
}

function phonesOf(extension: string, contacts: WrittenRows, registrations: WrittenRows): string[] {
  const pjsip = [...contacts.values()]
    .filter((row) => row['id']?.startsWith(`${extension};@`))
    .map((row) => phoneText(row['uri'], row['user_agent']))
  const { fullcontact, useragent } = registrations.get(extension) ?? {}
  return fullcontact ? [...pjsip, phoneText(fullcontact, useragent)] : pjsip
}

function phoneText(uri = '', agent = ''): string {
  return agent === '' ? uri : `${uri} (${agent})`
}
