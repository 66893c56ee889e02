import { Type } from 'typebox'
import type { Logger } from '../../logger.ts'
import type { Site } from '../../person/site.ts'
import type { Family } from './family.ts'
import type { AnsweredFrom } from './families/answered-from.ts'
import { configured } from './families/configured.ts'
import { extensions, type DialplanContexts } from './families/extensions.ts'
import { psAors } from './families/ps-aors.ts'
import { psAuths } from './families/ps-auths.ts'
import { psContacts } from './families/ps-contacts.ts'
import { psEndpoints } from './families/ps-endpoints.ts'
import { sippeers, sipregs } from './families/sippeers.ts'
import { voicemail } from './families/voicemail.ts'

export const realtimeProperties = {
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
    },
    {
      additionalProperties: false,
      default: {},
      description: 'Dialplan contexts that `switch => Realtime` asks for.',
    },
  ),
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

export interface RealtimeOptions {
  readonly dialplan: DialplanContexts
  readonly domainAliases: Readonly<Record<string, string>>
  readonly trunks: Readonly<Record<string, readonly string[]>>
}

/** Every table that is answered; any other is answered as empty. */
export function listFamilies(
  from: AnsweredFrom,
  site: Site,
  options: RealtimeOptions,
  log: Logger,
): readonly Family[] {
  return [
    psEndpoints(from),
    psAuths(from),
    psAors(from),
    psContacts(from.contacts, log),
    configured('ps_domain_aliases', domainAliasRows(options.domainAliases)),
    configured('ps_endpoint_id_ips', trunkRows(options.trunks)),
    sippeers(from),
    sipregs(from),
    extensions(from, site, options.dialplan),
    voicemail(from, log),
  ]
}

function domainAliasRows(aliases: RealtimeOptions['domainAliases']) {
  return Object.entries(aliases).map(([id, domain]) => ({ id, domain }))
}

function trunkRows(trunks: RealtimeOptions['trunks']) {
  return Object.entries(trunks).map(([endpoint, addresses]) => ({
    id: endpoint,
    endpoint,
    match: addresses.join(','),
  }))
}
