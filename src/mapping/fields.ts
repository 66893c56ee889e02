import { nearestName } from '../nearest-name.ts'
import { numberParts } from '../person/parts.ts'
import { detailFields, type DetailField } from '../person/person.ts'

/** What can be mapped, by the name that an administrator writes under `map`. */
export type FieldKey = TextField | ListField | ConditionField | SecretField | 'extension'

export const textFields = [
  'user',
  'name',
  'firstName',
  'lastName',
  'email',
  'callerId',
  ...detailFields,
] as const
export type TextField = (typeof textFields)[number]

/** Kinds of number and the fields they are mapped by, in the order in which a person has them. */
export const numberFields = numberParts

export const listFields = [
  'aliases',
  'did',
  'phone',
  'mobile',
  'homePhone',
  'fax',
  'pager',
  'assistantPhone',
  'otherPhones',
  'groups',
  'callGroup',
  'pickupGroup',
] as const
export type ListField = (typeof listFields)[number]

export const secretFields = ['sipSecret', 'pin', 'voicemailPin'] as const
export type SecretField = (typeof secretFields)[number]

/** Yes or no, found by comparing values. */
export const conditionFields = ['disabled', 'hidden'] as const
export type ConditionField = (typeof conditionFields)[number]

export const fieldKeys: readonly FieldKey[] = [
  'extension',
  ...textFields,
  ...listFields,
  ...conditionFields,
  ...secretFields,
]

/** Longest text that is kept of a field, in characters; what is longer is cut, and said so. */
export function longestText(field: TextField): number {
  return longest[field] ?? 250
}

const longest: Partial<Record<TextField, number>> = {
  user: 256,
  name: 160,
  firstName: 100,
  lastName: 100,
  email: 254,
  emailAliases: 1000,
  callerId: 64,
  managerDn: 1000,
  assistantDn: 1000,
}

/** Details that many people share: one string for all of them saves most of their memory. */
export const sharedDetails: ReadonlySet<DetailField> = new Set<DetailField>([
  'salutation',
  'title',
  'department',
  'company',
  'location',
  'mailStop',
  'manager',
  'managerDn',
  'assistantName',
  'assistantDn',
  'language',
  'officeStreet',
  'officeCity',
  'officeState',
  'officeCountry',
  'officeZip',
  'homeState',
  'homeCountry',
])

export function isFieldKey(name: string): name is FieldKey {
  return (fieldKeys as readonly string[]).includes(name)
}

export function isListField(name: string): name is ListField {
  return (listFields as readonly string[]).includes(name)
}

export function isConditionField(name: string): name is ConditionField {
  return (conditionFields as readonly string[]).includes(name)
}

export function isSecretField(name: string): name is SecretField {
  return (secretFields as readonly string[]).includes(name)
}

/** The field that was probably meant, if any is near enough. */
export function nearestField(name: string): FieldKey | undefined {
  const nearest = otherNames[name.toLowerCase()] ?? nearestName(name, fieldKeys)
  return nearest !== undefined && isFieldKey(nearest) ? nearest : undefined
}

/** What the same thing is called elsewhere. */
const otherNames: Readonly<Record<string, FieldKey>> = {
  alias: 'aliases',
  cell: 'mobile',
  cellphone: 'mobile',
  dids: 'did',
  displayname: 'name',
  group: 'groups',
  locked: 'disabled',
  mail: 'email',
  number: 'extension',
  password: 'sipSecret',
  secret: 'sipSecret',
  telephone: 'phone',
  telephonenumber: 'phone',
  username: 'user',
  work: 'phone',
}
