import type { Person } from '../../../person/person.ts'
import type { Site } from '../../../person/site.ts'
import { nameText } from '../asterisk-text.ts'
import type { Fields } from '../codec.ts'
import { groupsOf, numberedGroups, ownersOf, type AnsweredFrom } from '../families/answered-from.ts'
import type { RealtimeOptions } from '../realtime-options.ts'
import type { ConfigFile, FileForm, Section } from './config-file.ts'

type UsersConf = RealtimeOptions['realtime']['usersConf']

/**
 * A section per person, as chan_sip and app_voicemail read it: `[502](lan)`, fullname, secret,
 * email, callgroup, pickupgroup, and a context that may be the person's own public number, so that
 * calls that go out carry it.
 */
export function usersConf(from: AnsweredFrom, site: Site, options: UsersConf): ConfigFile {
  return {
    name: 'users.conf',
    *sections(form) {
      for (const person of ownersOf(from.people)) {
        const section = sectionOf(person, form)
        if (section) yield section
      }
    },
  }

  function sectionOf(person: Person, form: FileForm): Section | null {
    const { extension } = person
    const secret = from.secrets.sip(person.id)
    if (extension === null || secret === undefined) return null
    const own = from.classOf(person)
    const { call, pickup } = groupsOf(person, own)
    const template = form === 'text' ? (options.template ?? null) : null
    const settings: Fields = template === null ? Object.entries(options.settings) : []
    const did = didContext(person.dids[0], options.context, site)
    return {
      name: extension,
      template,
      lines: [
        ...settings,
        ['fullname', nameText(person.name)],
        ['cid_number', extension],
        ['secret', secret],
        ['email', person.email ?? ''],
        ['callgroup', numberedGroups(call)],
        ['pickupgroup', numberedGroups(pickup)],
        ['context', did ?? own.context],
        ['hasvoicemail', own.voicemail ? 'yes' : 'no'],
        ['vmsecret', own.voicemail ? (from.secrets.voicemailPin(person.id) ?? '') : ''],
      ],
    }
  }
}

/** A public number as the name of a context; null where the class's is meant. */
function didContext(
  e164: string | undefined,
  form: UsersConf['context'],
  { callingCode, trunkPrefix, areaCode }: Site,
): string | null {
  if (e164 === undefined || form === 'class') return null
  const digits = e164.slice(1)
  if (form === 'did-international' || !digits.startsWith(callingCode)) return digits
  const national = digits.slice(callingCode.length)
  if (form === 'did-national') return trunkPrefix + national
  const isLocal = areaCode !== null && national.startsWith(areaCode)
  return isLocal ? national.slice(areaCode.length) : trunkPrefix + national
}
