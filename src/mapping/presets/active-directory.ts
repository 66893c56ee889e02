import type { Entry } from '../../directory/source.ts'
import type { DisabledReason } from '../../person/person.ts'
import { firstValue, type Preset } from '../preset.ts'

/** Microsoft Active Directory and Samba AD, users of `objectClass` user (not computers). */
export const activeDirectory: Preset = {
  filter: '(&(objectCategory=person)(objectClass=user))',
  contacts: '(&(objectCategory=person)(objectClass=contact))',
  id: { attribute: 'objectGUID', form: 'guid' },
  map: {
    user: 'sAMAccountName',
    extension: ['ipPhone', 'telephoneNumber'],
    aliases: 'otherIpPhone',
    did: { from: ['telephoneNumber', 'extension'], own: true },
    name: ['displayName', 'cn', 'name'],
    firstName: 'givenName',
    lastName: 'sn',
    email: 'mail',
    phone: 'telephoneNumber',
    mobile: ['mobile', 'otherMobile'],
    homePhone: ['homePhone', 'otherHomePhone'],
    fax: ['facsimileTelephoneNumber', 'otherFacsimileTelephoneNumber'],
    pager: ['pager', 'otherPager'],
    assistantPhone: 'telephoneAssistant',
    otherPhones: 'otherTelephone',
    groups: 'memberOf',
    loginName: 'userPrincipalName',
    imId: 'sAMAccountName',
    emailAliases: { from: 'proxyAddresses', match: '^smtp:(.+)$', values: 'all' },
    title: 'title',
    department: 'department',
    company: 'company',
    location: 'physicalDeliveryOfficeName',
    manager: 'manager',
    managerDn: 'manager',
    employeeId: ['employeeID', 'employeeNumber'],
    assistantName: ['msExchAssistantName', 'assistant', 'secretary'],
    assistantDn: ['assistant', 'secretary'],
    language: 'preferredLanguage',
    officeStreet: 'streetAddress',
    officeCity: 'l',
    officeState: 'st',
    officeCountry: ['co', 'c'],
    officeZip: 'postalCode',
    homeStreet: 'homePostalAddress',
  },
  hidden: 'msExchHideFromAddressLists',
  disabled: { attributes: ['userAccountControl', 'accountExpires'], read: readDisabled },
}

/**
 * `lockoutTime` is left out on purpose: it is set by wrong passwords, often somebody else's, and
 * lasts minutes. Whoever types a colleague's password wrong must not silence his telephone.
 */
function readDisabled(entry: Entry, now: number): DisabledReason | null {
  // ADS_UF_ACCOUNTDISABLE
  if ((Number(firstValue(entry, 'useraccountcontrol') ?? 0) & 2) !== 0) return 'disabled'
  const expires = accountExpires(firstValue(entry, 'accountexpires'))
  return expires !== null && expires <= now ? 'expired' : null
}

/** 100 ns since 1601; 0 and 0x7FFFFFFFFFFFFFFF mean never. Milliseconds since 1970. */
function accountExpires(value: string | undefined): number | null {
  if (value === undefined || !/^\d{1,19}$/.test(value)) return null
  if (value === '0' || value === '9223372036854775807') return null
  return Number(BigInt(value) / 10_000n) - millisecondsFrom1601
}

const millisecondsFrom1601 = 11_644_473_600_000
