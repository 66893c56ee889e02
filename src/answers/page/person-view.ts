import type { People } from '../../people/people.ts'
import type { Person } from '../../person/person.ts'
import type { Found } from '../admin/lookup.ts'
import type { Wording } from './wording.ts'
import type { Words } from './words.ts'

interface NumberRow {
  readonly label: string
  readonly number: string
  /** As the directory writes it, where that is different. */
  readonly written: string
  /** Who has it instead; null: he has it himself, or it is not to be had. */
  readonly owner: Person | null
  readonly isUnreadable: boolean
}

/** Every number and name by which somebody is reached or known, and who got it instead of him. */
export function numberRows(person: Person, people: People, w: Words, f: Wording): NumberRow[] {
  const ownerOf = (key: string) => {
    const owner = people.byInternalId(key)
    return owner && owner.id !== person.id ? owner : null
  }
  const plain = { written: '', isUnreadable: false }
  const { extension, aliases, dids, numbers } = person
  return [
    ...(extension === null
      ? []
      : [{ ...plain, label: w.extension, number: extension, owner: ownerOf(extension) }]),
    ...aliases.map((alias) => ({
      ...plain,
      label: w.aliases,
      number: alias,
      owner: ownerOf(alias),
    })),
    ...dids.map((did) => ({ ...plain, label: w.did, number: did, owner: null })),
    ...numbers.map(({ kind, e164, text }) => ({
      label: f.numberKind(kind),
      number: e164 ?? text,
      written: e164 === null || e164 === text ? '' : text,
      owner: null,
      isUnreadable: e164 === null && text !== extension,
    })),
  ]
}

export function detailRows(
  person: Person,
  joined: Found['joined'],
  w: Words,
  f: Wording,
): (readonly [label: string, value: string])[] {
  const known: [string, string | null][] = [
    [w.login, person.user],
    [w.mail, person.email],
    ...Object.entries(person.details).map(([name, text]): [string, string] => [
      f.field(name),
      text,
    ]),
    ...joined.map(({ source, dn }): [string, string] => [source, dn]),
  ]
  return known.flatMap(([label, value]) => (value ? [[label, value] as const] : []))
}
