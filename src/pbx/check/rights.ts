import { readAbilities } from '../actions.ts'
import type { AmiAnswer } from '../ami/message.ts'
import type { AsteriskOptions } from '../options.ts'
import { fail, ok, warn, type Finding } from './finding.ts'

/** What goes beyond what Peerage does, by an action that needs just this class. */
const excess: Readonly<Record<string, string>> = {
  originate: 'originate',
  updateconfig: 'config',
  userevent: 'user',
  agi: 'agi',
}

/** What manager.conf lets our account do. `fail` when nothing else can be looked at. */
export function checkRights(
  listed: AmiAnswer,
  { technology, ami: { user } }: AsteriskOptions,
  isListed: boolean,
): Finding[] {
  const hasSip = technology === 'sip' || technology === 'both' || listed.has('sippeers')
  const wanted = isListed && !hasSip ? 'system' : 'system,command'
  if (!listed.has('modulecheck')) {
    return [
      fail(
        'rights',
        `the AMI user '${user}' may not do what takes the class system`,
        `write = ${wanted} in manager.conf [${user}], then: asterisk -rx 'manager reload'`,
      ),
    ]
  }
  // That neither of the two is there is said where the modules are looked at.
  const hasChannel = listed.has('pjsipshowendpoints') || listed.has('sippeers')
  const problem = hasChannel ? readAbilities(listed, technology, user).problem : null
  const more = Object.entries(excess).flatMap(([action, name]) => (listed.has(action) ? name : []))
  return [
    ...(problem === null ? [] : [warn('rights', `Asterisk ${problem}`, 'see docs/asterisk.md')]),
    ...(more.length === 0
      ? [ok('rights', listed.has('command') ? 'system, command' : 'system')]
      : [
          warn(
            'rights',
            `the AMI user '${user}' may do more than Peerage needs (${more.join(', ')})`,
            `write = ${wanted} in manager.conf [${user}]`,
          ),
        ]),
  ]
}
