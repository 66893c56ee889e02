import type { Site } from '../../../person/site.ts'
import type { AnsweredFrom } from '../families/answered-from.ts'
import type { QueueMembers } from '../queue-members.ts'
import type { RealtimeOptions } from '../realtime-options.ts'
import type { ConfigFile } from './config-file.ts'
import { pjsipConf } from './pjsip-conf.ts'
import { queuesConf } from './queues-conf.ts'
import { usersConf } from './users-conf.ts'
import { voicemailConf } from './voicemail-conf.ts'

/** Every configuration file that can be asked for; any other is answered as empty. */
export function listFiles(
  from: AnsweredFrom,
  members: QueueMembers,
  site: Site,
  options: RealtimeOptions['realtime'],
): readonly ConfigFile[] {
  return [
    usersConf(from, site, options.usersConf),
    pjsipConf(from),
    voicemailConf(from),
    queuesConf(members),
  ]
}
