/**
 * One person of the company as the telephone system knows him: what a mapping makes of a directory
 * entry, and what every answer is made from. Immutable; a change is a new Person.
 *
 * Nothing here is secret: SIP secrets and PINs live in `state/secrets`, keyed by `Person.id`.
 */
export interface Person {
  /** `source/directory-id`. The directory's own immutable id, never the DN: it survives a rename. */
  readonly id: string
  /** Name of the configured source that this person comes from. */
  readonly source: string
  /** Where the entry stood when it was last read; for people to look at, never a key. */
  readonly dn: string
  /** Login name (sAMAccountName, uid). */
  readonly user: string | null
  /** The internal number that is wanted; `People` decides who owns it. */
  readonly extension: string | null
  /** Further ids that reach the same person inside: short numbers, names, mail addresses. */
  readonly aliases: readonly string[]
  /** Public numbers in E.164 (`+4930…`) that ring this person. Several people may share one. */
  readonly dids: readonly string[]
  /** The name that is shown. Never empty. */
  readonly name: string
  readonly firstName: string | null
  readonly lastName: string | null
  readonly email: string | null
  /** Every number by which others know this person, for caller look-up and phone books. */
  readonly numbers: readonly PersonNumber[]
  /** Group names or DNs, as the directory writes them. */
  readonly groups: readonly string[]
  /** Caller id shown outside, E.164; null means: as the class or the site says. */
  readonly callerId: string | null
  /** Named or numbered Asterisk call groups, e.g. `['1']`. */
  readonly callGroups: readonly string[]
  readonly pickupGroups: readonly string[]
  /** Why this person is not let in; null when he is. */
  readonly disabled: DisabledReason | null
  /** Kept out of phone books (msExchHideFromAddressLists and the like). */
  readonly hidden: boolean
  /** Everything else that is only shown. Absent keys are absent in the directory. */
  readonly details: Readonly<Partial<Record<DetailField, string>>>
}

/**
 * The directory says `disabled`, `expired` or `locked`; `left`: he is not there any more;
 * `administrator`: somebody here said so.
 */
export type DisabledReason = 'disabled' | 'expired' | 'locked' | 'left' | 'administrator'

export interface PersonNumber {
  readonly kind: NumberKind
  /** E.164 when the number could be understood by the site's rules, else null. */
  readonly e164: string | null
  /** As the directory writes it. */
  readonly text: string
}

export type NumberKind = 'work' | 'mobile' | 'home' | 'fax' | 'pager' | 'assistant' | 'other'

/** Fields that are kept as one text and only shown or searched. */
export const detailFields = [
  'loginName',
  'imId',
  'alternateImId',
  'emailAliases',
  'alternateEmail',
  'salutation',
  'title',
  'department',
  'company',
  'location',
  'mailStop',
  'manager',
  'managerDn',
  'employeeId',
  'assistantName',
  'assistantDn',
  'language',
  'officeStreet',
  'officeCity',
  'officeState',
  'officeCountry',
  'officeZip',
  'homeStreet',
  'homeCity',
  'homeState',
  'homeCountry',
  'homeZip',
  'custom1',
  'custom2',
  'custom3',
] as const

export type DetailField = (typeof detailFields)[number]

/** What a directory says about a person's secrets; kept apart so that it never rides on a Person. */
export interface PersonSecrets {
  readonly sip?: string
  /** Portal PIN. */
  readonly pin?: string
  /** Voicemail PIN; the portal PIN serves when it is absent. */
  readonly voicemailPin?: string
}
