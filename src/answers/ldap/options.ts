import { Type, type Static } from 'typebox'
import type { Complaint } from '../../complaint.ts'
import { readDn } from './distinguished-name.ts'

/** What phones find that speak LDAP; where they find it is `listen.ldap` and `listen.ldapTls`. */
export const ldapOptions = Type.Object(
  {
    base: Type.Optional(
      Type.String({
        default: 'dc=peerage',
        description: 'Where the tree begins that phones search; a view is ou=VIEW below it.',
        examples: ['dc=example,dc=org'],
      }),
    ),
    sizeLimit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100_000,
        default: 1000,
        description: 'Most entries of one search, or of one page of it, whatever a phone asks.',
      }),
    ),
    connections: Type.Optional(
      Type.Integer({
        minimum: 1,
        default: 1000,
        description:
          'Most connections at once; then the one that was silent longest makes room for the next.',
      }),
    ),
    idleMs: Type.Optional(
      Type.Integer({
        minimum: 1000,
        maximum: 86_400_000,
        default: 600_000,
        description: 'A connection that is silent for so long is closed.',
      }),
    ),
  },
  {
    additionalProperties: false,
    description: 'The phone book for phones that speak LDAP.',
  },
)

export type LdapOptions = Static<typeof ldapOptions>

export function checkLdap(options: LdapOptions | undefined): Complaint[] {
  const base = options?.base
  if (base === undefined || (readDn(base)?.length ?? 0) > 0) return []
  return [
    {
      path: 'phonebook.ldap.base',
      problem: `'${base}' is no DN`,
      example: 'dc=example,dc=org',
    },
  ]
}
