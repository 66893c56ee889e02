import type { Person } from '../../../person/person.ts'
import { credential, usualRealm } from '../digests.ts'
import type { Fields } from '../codec.ts'
import type { Family } from '../family.ts'
import { KeptAnswers } from '../kept-answers.ts'
import { PersonRows, type AnsweredFrom } from './answered-from.ts'

/**
 * Name and secret that a phone registers with, or digests of them, so that the secret itself need
 * not leave. An incomplete row makes Asterisk answer the phone with 500, so there is none without
 * a secret. `auth_type=digest` came with Asterisk 22 (res_pjsip/config_auth.c).
 */
export function psAuths(from: AnsweredFrom): Family & { readonly name: 'ps_auths' } {
  const rows = new PersonRows(from, (person) => authFields(person, from))
  return {
    name: 'ps_auths',
    columns,
    exact: { id: (value) => rows.byExtension(value) },
    all: () => rows.all(),
    kept: new KeptAnswers('id', from.people, from.secrets),
  }
}

export function authFields(
  person: Person,
  { secrets, classOf }: Pick<AnsweredFrom, 'secrets' | 'classOf'>,
): Fields | null {
  const { id, extension } = person
  const secret = secrets.sip(id)
  if (extension === null || secret === undefined) return null
  const { auth, realm } = classOf(person)
  const named = realm ?? usualRealm
  const user = userOf(extension)
  const md5 = credential('md5', user, named, secret)
  const who: Fields = [
    ['id', extension],
    ['auth_type', auth],
    ['username', user],
  ]
  switch (auth) {
    case 'userpass':
      return [...who, ['password', secret], ['realm', realm ?? '']]
    case 'md5':
      return [...who, ['md5_cred', md5], ['realm', named]]
    case 'digest': {
      const sha256 = credential('sha256', user, named, secret)
      return [
        ...who,
        ['password_digest', `MD5:${md5},SHA-256:${sha256}`],
        // Without these Asterisk expects a digest for its own defaults only and refuses the row.
        ['supported_algorithms_uas', 'SHA-256,MD5'],
        ['supported_algorithms_uac', 'SHA-256,MD5'],
        ['realm', named],
      ]
    }
  }
}

/** `501@tenant.example` is a phone that calls itself 501, as the others do. */
function userOf(extension: string): string {
  const at = extension.indexOf('@')
  return at === -1 ? extension : extension.slice(0, at)
}

const columns = new Set([
  'id',
  'auth_type',
  'username',
  'password',
  'md5_cred',
  'password_digest',
  'supported_algorithms_uas',
  'supported_algorithms_uac',
  'realm',
])
