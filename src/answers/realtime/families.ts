import type { Logger } from '../../logger.ts'
import type { ClassOptions } from './class-options.ts'
import type { Family } from './family.ts'
import type { AnsweredFrom } from './families/answered-from.ts'
import { callerid } from './families/callerid.ts'
import { configured } from './families/configured.ts'
import { extensions } from './families/extensions.ts'
import { iaxpeers } from './families/iaxpeers.ts'
import { psAors } from './families/ps-aors.ts'
import { psAuths } from './families/ps-auths.ts'
import { psContacts } from './families/ps-contacts.ts'
import { psEndpoints } from './families/ps-endpoints.ts'
import { queueMembers, queues } from './families/queues.ts'
import { sippeers, sipregs } from './families/sippeers.ts'
import { voicemail } from './families/voicemail.ts'
import type { QueueMembers } from './queue-members.ts'
import type { FamilyName, RealtimeOptions } from './realtime-options.ts'

export interface FamilyOptions extends RealtimeOptions {
  readonly classes: Readonly<Record<string, ClassOptions>>
}

/** Every table that is answered; any other is answered as empty. */
export function listFamilies(
  from: AnsweredFrom,
  members: QueueMembers,
  options: FamilyOptions,
  log: Logger,
): readonly Family[] {
  const all = [
    psEndpoints(
      from,
      Object.values(options.classes).some(({ mwi }) => mwi === 'notify'),
    ),
    psAuths(from),
    psAors(from),
    psContacts(from, log),
    configured('ps_domain_aliases', domainAliasRows(options.domainAliases)),
    configured('ps_endpoint_id_ips', trunkRows(options.trunks)),
    sippeers(from),
    sipregs(from),
    iaxpeers('iaxpeers', from),
    iaxpeers('iaxusers', from),
    extensions(from, members, options),
    voicemail(from, log),
    queues(members),
    queueMembers(members, from, log),
    callerid(from.calls),
  ] satisfies readonly (Family & { readonly name: FamilyName })[]
  return all.filter(({ name }) => !options.realtime.off.includes(name))
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
