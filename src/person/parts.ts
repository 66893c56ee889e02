import { detailFields, type DetailField, type NumberKind, type Person } from './person.ts'

/** Kinds of number by the name that they are mapped by, in the order in which a person has them. */
export const numberParts = [
  ['phone', 'work'],
  ['mobile', 'mobile'],
  ['homePhone', 'home'],
  ['fax', 'fax'],
  ['pager', 'pager'],
  ['assistantPhone', 'assistant'],
  ['otherPhones', 'other'],
] as const satisfies readonly (readonly [string, NumberKind])[]

const textParts = ['user', 'extension', 'firstName', 'lastName', 'email', 'callerId'] as const

const listParts = {
  aliases: 'aliases',
  did: 'dids',
  groups: 'groups',
  callGroup: 'callGroups',
  pickupGroup: 'pickupGroups',
} as const satisfies Readonly<Record<string, keyof Person>>

type TextPart = (typeof textParts)[number]
type ListPart = keyof typeof listParts
type NumberPart = (typeof numberParts)[number][0]

/** What of a person may be there or not, by the name that it is mapped by. */
export type PersonPart = TextPart | ListPart | NumberPart | DetailField

export const personParts: readonly PersonPart[] = [
  ...textParts,
  ...(Object.keys(listParts) as ListPart[]), // its own keys
  ...numberParts.map(([part]) => part),
  ...detailFields,
]

export function isPersonPart(name: string): name is PersonPart {
  return (personParts as readonly string[]).includes(name)
}

/** Those of the parts that `from` has and the person has not. */
export function gapsOf(
  person: Person,
  from: Person,
  parts: readonly PersonPart[],
): readonly PersonPart[] {
  return parts.filter((part) => partOf(person, part) === null && partOf(from, part) !== null)
}

/** The person with these parts as `from` has them. */
export function takeParts(person: Person, from: Person, parts: readonly PersonPart[]): Person {
  if (parts.length === 0) return person
  let taken = person
  for (const part of parts) taken = { ...taken, ...takePart(taken, from, part) }
  return taken
}

/** A text or a list that is not empty, else null. */
export function partOf(person: Person, part: PersonPart): unknown {
  if (isText(part)) return person[part]
  const kind = kindOf(part)
  if (kind === undefined && !isList(part)) return person.details[part as DetailField] ?? null
  const values =
    kind === undefined
      ? person[listParts[part as ListPart]]
      : person.numbers.filter((number) => number.kind === kind)
  return values.length === 0 ? null : values
}

function takePart(person: Person, from: Person, part: PersonPart): Partial<Person> {
  if (isText(part)) return { [part]: from[part] }
  if (isList(part)) return { [listParts[part]]: from[listParts[part]] }
  const kind = kindOf(part)
  if (kind === undefined) return { details: withDetail(person, from, part as DetailField) }
  // In the order of the kinds, as a mapping makes them.
  const numbers = numberParts.flatMap(([, each]) =>
    (each === kind ? from : person).numbers.filter((number) => number.kind === each),
  )
  return { numbers }
}

function withDetail(person: Person, from: Person, field: DetailField): Person['details'] {
  const value = from.details[field]
  return value === undefined ? person.details : { ...person.details, [field]: value }
}

function isText(part: PersonPart): part is TextPart {
  return (textParts as readonly string[]).includes(part)
}

function isList(part: PersonPart): part is ListPart {
  return part in listParts
}

function kindOf(part: PersonPart): NumberKind | undefined {
  return numberParts.find(([name]) => name === part)?.[1]
}
