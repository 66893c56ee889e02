import type { Entry } from '../../directory/source.ts'
import type { DisabledReason } from '../../person/person.ts'
import { firstValue, type Preset } from '../preset.ts'

/** inetOrgPerson (RFC 2798) as OpenLDAP keeps it; also the start for any other such directory. */
export const openldap: Preset = {
  filter: '(objectClass=inetOrgPerson)',
  id: { attribute: 'entryUUID', form: 'text' },
  map: {
    user: 'uid',
    extension: ['ipPhone', 'telephoneNumber'],
    did: { from: ['telephoneNumber', 'extension'], own: true },
    name: ['displayName', 'cn'],
    firstName: 'givenName',
    lastName: 'sn',
    email: 'mail',
    phone: 'telephoneNumber',
    mobile: 'mobile',
    homePhone: 'homePhone',
    fax: 'facsimileTelephoneNumber',
    pager: 'pager',
    groups: 'memberOf',
    title: 'title',
    department: ['ou', 'departmentNumber'],
    company: 'o',
    location: 'physicalDeliveryOfficeName',
    mailStop: 'roomNumber',
    manager: 'manager',
    managerDn: 'manager',
    employeeId: 'employeeNumber',
    assistantName: 'secretary',
    assistantDn: 'secretary',
    language: 'preferredLanguage',
    officeStreet: ['street', { from: 'postalAddress', match: '\\s*\\$\\s*', replace: ', ' }],
    officeCity: 'l',
    officeState: 'st',
    officeCountry: ['co', 'c'],
    officeZip: 'postalCode',
    homeStreet: { from: 'homePostalAddress', match: '\\s*\\$\\s*', replace: ', ' },
  },
  disabled: { attributes: ['pwdAccountLockedTime', 'shadowExpire'], read: readDisabled },
}

/** slapo-ppolicy: this time stands for "until somebody unlocks it", set by an administrator. */
const lockedForGood = '000001010000Z'

function readDisabled(entry: Entry, now: number): DisabledReason | null {
  const lockedTime = firstValue(entry, 'pwdaccountlockedtime')
  if (lockedTime === lockedForGood) return 'disabled'
  if (isShadowExpired(firstValue(entry, 'shadowexpire'), now)) return 'expired'
  return lockedTime === undefined ? null : 'locked'
}

/**
 * Days since 1970 (RFC 2307). shadow(5) leaves open whether 0 means never or long ago; it is taken
 * for never, since a telephone that is dead for a default value is the worse mistake.
 */
function isShadowExpired(value: string | undefined, now: number): boolean {
  const days = Number(value ?? -1)
  return Number.isInteger(days) && days > 0 && days * millisecondsADay <= now
}

const millisecondsADay = 86_400_000
