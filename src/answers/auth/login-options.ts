import { Type, type Static } from 'typebox'
import type { Complaint } from '../../complaint.ts'

const groups = (what: string) =>
  Type.Array(
    Type.String({ minLength: 1, examples: ['CN=Telephony,OU=Groups,DC=example,DC=org'] }),
    {
      default: [],
      description: `Groups of the directory, by DN or by name, whose members ${what}.`,
    },
  )

const loginRoles = Type.Object(
  {
    administrator: groups('may do everything'),
    helpDesk: groups('may see everything but secrets, and enable, disable and reset people'),
    reader: groups('may see everything but secrets'),
  },
  {
    additionalProperties: false,
    default: {},
    description: 'Who may do what; the first that fits. Everybody else sees to himself only.',
  },
)

export const loginProperties = {
  login: Type.Object(
    {
      mode: Type.Union(
        [Type.Literal('none'), Type.Literal('ldap'), Type.Literal('ldap-then-pin')],
        {
          default: 'ldap',
          description:
            'What people sign in with: ldap: the password of the directory; none: the PIN, no directory is asked; ldap-then-pin: the password, and the PIN of whoever has no password to be asked for.',
        },
      ),
      pinWhenUnreachable: Type.Boolean({
        default: false,
        description:
          'With ldap-then-pin: whether the PIN serves while the directory does not answer. A wrong password never leads to the PIN.',
      }),
      deadlineMs: Type.Integer({
        default: 4000,
        minimum: 200,
        description: 'The longest that a directory is waited for when somebody signs in.',
      }),
      refusalMs: Type.Integer({
        default: 800,
        minimum: 0,
        maximum: 10_000,
        description:
          'Refusals are answered after this time or a multiple of it, so that their time tells nothing.',
      }),
      failuresPerAccount: Type.Integer({
        default: 5,
        minimum: 1,
        description:
          'Wrong passwords of one person within the window; more are refused unasked. Keep it below the lock-out of the directory.',
      }),
      failuresPerAddress: Type.Integer({
        default: 30,
        minimum: 1,
        description: 'Wrong passwords from one address within the window.',
      }),
      windowMinutes: Type.Integer({
        default: 15,
        minimum: 1,
        description: 'In how many minutes those failures are forgotten, one after the other.',
      }),
      idleMinutes: Type.Integer({
        default: 60,
        minimum: 1,
        description: 'A session that nobody uses ends after this time.',
      }),
      longestHours: Type.Integer({
        default: 12,
        minimum: 1,
        description: 'Every session ends after this time.',
      }),
      proxies: Type.Array(Type.String({ examples: ['10.0.0.5'] }), {
        default: ['127.0.0.1', '::1'],
        description:
          'Reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses or networks.',
      }),
      systems: Type.Array(Type.String({ examples: ['127.0.0.1'] }), {
        default: [],
        description:
          'Servers that may ask /auth/check without a token, directly and not through a proxy: addresses or networks.',
      }),
      roles: loginRoles,
    },
    { additionalProperties: false, default: {}, description: 'How people sign in.' },
  ),
}

/** Options of a source that concern signing in. */
export const sourceLoginProperties = {
  loginDomains: Type.Optional(
    Type.Array(Type.String({ pattern: '^[^\\\\/@\\s]+$', examples: ['EXAMPLE', 'example.org'] }), {
      minItems: 1,
      description:
        'Domains that people of this source may write with their name (user@domain, DOMAIN\\user, user/domain); default: those of its base.',
    }),
  ),
}

const loginOptions = Type.Object(loginProperties)
export type LoginOptions = Static<typeof loginOptions>['login']

/** What of a source says which domains are its own. */
export interface DomainOptions {
  readonly loginDomains?: readonly string[]
  readonly domain?: string
  readonly base?: string
}

/** In small letters: `example.org`, and `example` as the short form of Windows. */
export function domainsOf({ loginDomains, domain, base = '' }: DomainOptions): readonly string[] {
  if (loginDomains) return loginDomains.map((each) => each.toLowerCase())
  const parts = Array.from(base.matchAll(/(?:^|,)\s*dc\s*=\s*([^,]+)/gi), ([, dc = '']) =>
    dc.trim().toLowerCase(),
  )
  const [short] = parts
  const found = [domain?.replace(/\.$/, '').toLowerCase(), parts.join('.'), short]
  return [...new Set(found)].filter((each) => each !== undefined).filter((each) => each !== '')
}

export function checkLogin(
  { mode, pinWhenUnreachable, proxies, systems }: LoginOptions,
  isNetwork: (text: string) => boolean,
): Complaint[] {
  const complaints: Complaint[] = []
  if (pinWhenUnreachable && mode !== 'ldap-then-pin') {
    const problem = `has no meaning with mode "${mode}"`
    complaints.push({ path: 'login.pinWhenUnreachable', problem, example: 'mode: ldap-then-pin' })
  }
  for (const [name, texts] of Object.entries({ proxies, systems })) {
    for (const [index, text] of texts.entries()) {
      if (isNetwork(text)) continue
      const problem = `'${text}' is neither an address nor a network`
      complaints.push({ path: `login.${name}[${index}]`, problem, example: '10.0.0.0/8' })
    }
  }
  return complaints
}
