import type { Family } from '../family.ts'
import { KeptAnswers } from '../kept-answers.ts'
import { PersonRows, type AnsweredFrom } from './answered-from.ts'

/**
 * Name and secret that a phone registers with. An incomplete row makes Asterisk answer the phone
 * with 500, so there is none without a secret.
 */
export function psAuths(from: AnsweredFrom): Family {
  const rows = new PersonRows(from, ({ id, extension }) => {
    const secret = from.secrets.sip(id)
    if (extension === null || secret === undefined) return null
    return [
      ['id', extension],
      ['auth_type', 'userpass'],
      ['username', extension],
      ['password', secret],
    ]
  })
  return {
    name: 'ps_auths',
    columns: new Set(['id', 'auth_type', 'username', 'password']),
    exact: { id: (value) => rows.byExtension(value) },
    all: () => rows.all(),
    kept: new KeptAnswers('id', from.people, from.secrets),
  }
}
