import type { Member } from '../people/member.ts'
import { disabledBy, plainStanding, type Standing } from '../people/standing.ts'
import { memberOf } from './plan.ts'

export const decisions = ['disable', 'enable', 'unmanage', 'manage'] as const
/**
 * What an administrator decides about a person, against or beside the directory. `disable`: no
 * telephone, whatever the directory says. `enable`: takes that back; if he is still not let in
 * because of the directory, he is let in all the same. `unmanage`: he stays as he is, also when he
 * vanishes. `manage`: everything as the directory says again.
 */
export type Decision = (typeof decisions)[number]

export function decideAbout(before: Member, decision: Decision, run: number): Member {
  const was = before.standing ?? plainStanding(before.person.disabled)
  return memberOf(before.person, decided(was, decision), before, run)
}

function decided(was: Standing, decision: Decision): Standing {
  switch (decision) {
    case 'disable':
      return { ...was, decided: 'disabled' }
    case 'enable': {
      const without: Standing = { ...was, decided: null }
      return disabledBy(without) === null ? without : { ...was, decided: 'enabled' }
    }
    case 'unmanage':
      return { ...was, managed: false }
    case 'manage':
      return { ...was, decided: null, managed: true }
  }
}
