import { readConfigFile, valuesOf } from './config-file.ts'
import { ok, warn, type Finding } from './finding.ts'
import { may, type Subject } from './subject.ts'

/** From here on the list of everybody costs more than a second at each start of Asterisk. */
const mostListed = 2_000
/** Seconds for ten thousand people, measured with Asterisk 22. */
const secondsForTenThousand = 5

/**
 * Whether busy lamps, queues and `qualify` know of the phones: Asterisk has the list of everybody, or
 * Peerage wakes each phone by a console command.
 */
export async function checkWaking(subject: Subject): Promise<readonly Finding[]> {
  if (!may(subject, 'PJSIPShowEndpoints')) return [] // nothing of it runs, as is said elsewhere
  const { expected, service, user } = subject
  const settings = (await readConfigFile(subject.ami, 'sorcery.conf'))?.settings('res_pjsip') ?? []
  const people = ['endpoint', 'auth', 'aor'].flatMap((object) => valuesOf(settings, object))
  if (people.some((wizard) => /\ballow_unqualified_fetch *= *no\b/.test(wizard))) {
    const detail = 'Asterisk asks for no list at all, so nobody can make phones known to it'
    const remedy =
      'take allow_unqualified_fetch=no out of sorcery.conf, restart Asterisk; listEverybody: false does it'
    return [warn('waking', detail, remedy)]
  }
  if (expected.isListed) return [checkList(service?.people ?? 0, user)]
  if (!valuesOf(settings, 'contact').some((wizard) => wizard.startsWith('realtime'))) {
    const detail =
      'Asterisk keeps registrations itself, so Peerage does not know which phones to wake'
    const remedy = 'contact = realtime,ps_contacts in sorcery.conf, or listEverybody: true'
    return [warn('waking', detail, remedy)]
  }
  if (!may(subject, 'Command')) {
    const detail = 'phones are not woken: no busy lamps, no members of queues, no qualify'
    const remedy = `write = system,command in manager.conf [${user}], or listEverybody: true`
    return [warn('waking', detail, remedy)]
  }
  return [ok('waking', 'each phone that registers is made known to Asterisk')]
}

function checkList(people: number, user: string): Finding {
  if (people <= mostListed) return ok('waking', 'not needed: Asterisk gets the list of everybody')
  const seconds = Math.round((people / 10_000) * secondsForTenThousand)
  const detail = `Asterisk gets the list of ${people} people, which takes it ${seconds} s or more at each start`
  const remedy = `listEverybody: false in peerage.yaml, and write = system,command in manager.conf [${user}]`
  return warn('waking', detail, remedy)
}
