import { Type, type Static } from 'typebox'
import type { Complaint } from '../../complaint.ts'
import { configFileProperties } from './files/file-options.ts'
import { oneOf } from './one-of.ts'

/** Everything that can be asked, and so be switched off. Any other family is answered as empty. */
export const familyNames = [
  'ps_endpoints',
  'ps_auths',
  'ps_aors',
  'ps_contacts',
  'ps_domain_aliases',
  'ps_endpoint_id_ips',
  'sippeers',
  'sipregs',
  'iaxpeers',
  'iaxusers',
  'extensions',
  'voicemail',
  'queues',
  'queue_members',
  'callerid',
  'files',
] as const
export type FamilyName = (typeof familyNames)[number]

export const realtimeProperties = {
  realtime: Type.Object(
    {
      off: Type.Array(oneOf(familyNames), {
        default: [],
        description:
          'Families that are not answered, as if they were empty; what Asterisk writes there is not taken. `files` are the configuration files.',
      }),
      ...configFileProperties,
    },
    {
      additionalProperties: false,
      default: {},
      description: 'Which of the realtime families are answered.',
    },
  ),
  dialplan: Type.Object(
    {
      internal: Type.String({
        default: 'internal',
        description: 'Context in which extensions and aliases of people are answered.',
      }),
      trunk: Type.String({
        default: 'from-trunk',
        description: 'Context in which public numbers are answered, in every usual spelling.',
      }),
      domains: Type.Record(Type.String(), Type.String(), {
        default: {},
        description:
          'Several companies on one Asterisk: domain -> context in which `501` means `501@domain`. Give the same domain to `domainAliases`.',
      }),
    },
    {
      additionalProperties: false,
      default: {},
      description: 'Dialplan contexts that `switch => Realtime` asks for.',
    },
  ),
  listEverybody: Type.Boolean({
    default: true,
    description:
      'Whether Asterisk 22 gets the list of everybody when it starts, which takes minutes with tens of thousands of people. With `false` it starts at once, and is told of each phone that registers instead: that needs `asterisk` and there the class `command`.',
  }),
  domainAliases: Type.Record(Type.String(), Type.String(), {
    default: {},
    description:
      'Rows of ps_domain_aliases: the domain that phones use -> the domain that is meant.',
  }),
  trunks: Type.Record(Type.String(), Type.Array(Type.String(), { minItems: 1 }), {
    default: {},
    description:
      'Rows of ps_endpoint_id_ips: endpoint of pjsip.conf -> addresses or networks that its calls come from.',
  }),
}

const realtimeSchema = Type.Object(realtimeProperties)
export type RealtimeOptions = Static<typeof realtimeSchema>

/** The companies whose extensions are written `501@company`. */
export function companyDomains({
  dialplan,
  domainAliases,
}: Pick<RealtimeOptions, 'dialplan' | 'domainAliases'>): ReadonlySet<string> {
  return new Set([...Object.values(domainAliases), ...Object.keys(dialplan.domains)])
}

/** Two meanings of one context would answer a number of one company with a person of another. */
export function checkRealtime({ dialplan }: Pick<RealtimeOptions, 'dialplan'>): Complaint[] {
  const taken = new Set([dialplan.internal, dialplan.trunk])
  return Object.entries(dialplan.domains).flatMap(([domain, context]) => {
    const path = `dialplan.domains.${domain}`
    const problem = `the context '${context}' is taken; every domain needs one of its own`
    if (taken.has(context)) return [{ path, problem, example: `internal-${domain}` }]
    taken.add(context)
    return []
  })
}
