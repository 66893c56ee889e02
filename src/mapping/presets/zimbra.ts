import type { Entry } from '../../directory/source.ts'
import type { DisabledReason } from '../../person/person.ts'
import { firstValue, type Preset } from '../preset.ts'
import { openldap } from './openldap.ts'

/** Zimbra's own OpenLDAP: accounts, without the ones that its spam filter and scanner use. */
export const zimbra: Preset = {
  filter:
    '(&(objectClass=zimbraAccount)(!(zimbraIsSystemResource=TRUE))(!(zimbraIsSystemAccount=TRUE)))',
  id: { attribute: 'zimbraId', form: 'text' },
  map: {
    ...openldap.map,
    email: ['zimbraMailDeliveryAddress', 'mail'],
    emailAliases: { from: 'zimbraMailAlias', values: 'all' },
    groups: ['memberOf', 'zimbraMemberOf'],
    department: ['ou', 'departmentNumber'],
    company: ['company', 'o'],
    language: 'zimbraPrefLocale',
  },
  hidden: 'zimbraHideInGal',
  disabled: { attributes: ['zimbraAccountStatus'], read: readDisabled },
}

/** active, maintenance, locked, closed, lockout, pending; an account without a status is active. */
function readDisabled(entry: Entry): DisabledReason | null {
  const status = firstValue(entry, 'zimbraaccountstatus')?.toLowerCase() ?? 'active'
  if (status === 'active') return null
  return status === 'locked' || status === 'lockout' ? 'locked' : 'disabled'
}
