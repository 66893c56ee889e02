import { memberFields, queueFields } from '../families/queues.ts'
import type { QueueMembers } from '../queue-members.ts'
import type { ConfigFile } from './config-file.ts'

/** Every queue with its members: `member = PJSIP/501,0,Zoë Müller,PJSIP/501`. */
export function queuesConf(members: QueueMembers): ConfigFile {
  return {
    name: 'queues.conf',
    *sections() {
      for (const [name, options] of members.queues()) {
        const settings = queueFields(name, options).filter(([field]) => field !== 'name')
        const lines = members.of(name).flatMap((member) => {
          const column = new Map(memberFields(member, options))
          if (column.size === 0) return []
          const parts = [
            column.get('interface') ?? '',
            String(options.penalty),
            column.get('membername') ?? '',
            column.get('state_interface') ?? '',
          ]
          return [['member', parts.join(',').replace(/,+$/, '')] as const]
        })
        yield { name, lines: [...settings, ...lines] }
      }
    },
  }
}
