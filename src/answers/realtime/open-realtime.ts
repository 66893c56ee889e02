import type { Logger } from '../../logger.ts'
import type { Site } from '../../person/site.ts'
import { Realtime } from './answer.ts'
import { EndpointList, type ListedPhones } from './endpoint-list.ts'
import { listFamilies, type FamilyOptions } from './families.ts'
import type { AnsweredFrom } from './families/answered-from.ts'
import { listFiles } from './files/list.ts'
import { fillQueues, type QueueOptions } from './queue-options.ts'
import { QueueMembers } from './queue-members.ts'

interface OpenOptions extends FamilyOptions {
  readonly queues: Readonly<Record<string, QueueOptions>>
}

/** All that Asterisk may ask: the realtime families, and the same people as configuration files. */
export function openRealtime(
  from: AnsweredFrom,
  site: Site,
  options: OpenOptions,
  log: Logger,
  phones: () => ListedPhones | undefined,
): Realtime {
  const members = new QueueMembers(from, fillQueues(options.queues, options.classes))
  const files = options.realtime.off.includes('files')
    ? []
    : listFiles(from, members, site, options.realtime)
  const families = listFamilies(from, members, options, log)
  const endpointList = options.listEverybody ? null : new EndpointList(phones)
  return new Realtime(families, files, log, endpointList)
}
