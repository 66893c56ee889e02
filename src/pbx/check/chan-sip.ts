import { isTrue, readConfigFile, valueOf } from './config-file.ts'
import { fail, ok, unlessAny, warn, type Finding } from './finding.ts'
import { may, type Subject } from './subject.ts'

/** sip.conf: whether peers are remembered, and registrations handed over. */
export async function checkChanSip(subject: Subject): Promise<readonly Finding[]> {
  const file = await readConfigFile(subject.ami, 'sip.conf', { Category: 'general' })
  const settings = file?.settings('general') ?? []
  const found: Finding[] = []
  const isCached = isTrue(valueOf(settings, 'rtcachefriends'))
  if (isCached && !may(subject, 'Command')) {
    found.push(
      fail(
        'caches',
        'rtcachefriends = yes, and nobody can make chan_sip forget a peer',
        `write = system,command in manager.conf [${subject.user}], or rtcachefriends = no`,
      ),
    )
  }
  if (!isCached) {
    found.push(
      warn(
        'caches',
        'rtcachefriends = no: 6 questions for each REGISTER, and no busy lamps',
        'rtcachefriends = yes in sip.conf, now that Peerage can tell what changed',
      ),
    )
  }
  const update = valueOf(settings, 'rtupdate')
  if (update !== undefined && !isTrue(update)) {
    const detail = 'rtupdate = no: registrations are not handed to Peerage'
    found.push(fail('sip', detail, 'rtupdate = yes in sip.conf'))
  }
  return unlessAny(found, ok('caches', 'peers are remembered, and forgotten when Peerage says so'))
}
