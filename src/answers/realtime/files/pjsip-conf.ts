import type { Fields } from '../codec.ts'
import { ownersOf, type AnsweredFrom } from '../families/answered-from.ts'
import { aorFields } from '../families/ps-aors.ts'
import { authFields } from '../families/ps-auths.ts'
import { endpointFields } from '../families/ps-endpoints.ts'
import type { ConfigFile, Section } from './config-file.ts'

/** Endpoint, auth and AOR of everybody: the very columns of the realtime families. */
export function pjsipConf(from: AnsweredFrom): ConfigFile {
  return {
    name: 'pjsip.conf',
    *sections() {
      for (const person of ownersOf(from.people)) {
        const endpoint = endpointFields(person, from)
        const auth = authFields(person, from)
        const aor = aorFields(person, from)
        if (!endpoint || !auth || !aor) continue
        yield toSection('endpoint', endpoint)
        yield toSection('auth', auth)
        yield toSection('aor', aor)
      }
    },
  }
}

function toSection(type: string, fields: Fields): Section {
  const name = fields.find(([field]) => field === 'id')?.[1] ?? ''
  return { name, lines: [['type', type], ...fields.filter(([field]) => field !== 'id')] }
}
