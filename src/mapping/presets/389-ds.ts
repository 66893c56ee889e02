import { isTrue } from '../condition.ts'
import { firstValue, type Preset } from '../preset.ts'
import { openldap } from './openldap.ts'

/** 389 Directory Server, Red Hat Directory Server, FreeIPA: inetOrgPerson with its own id and lock. */
export const directory389: Preset = {
  filter: '(objectClass=inetOrgPerson)',
  id: { attribute: 'nsUniqueId', form: 'text' },
  map: openldap.map,
  disabled: {
    attributes: ['nsAccountLock'],
    read: (entry) => (isTrue(firstValue(entry, 'nsaccountlock') ?? '') ? 'disabled' : null),
  },
}
