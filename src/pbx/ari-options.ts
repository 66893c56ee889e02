import { Type, type Static } from 'typebox'
import type { Complaint } from '../complaint.ts'
import { isLoopback } from '../loopback.ts'

export const ariOptions = Type.Object(
  {
    url: Type.String({
      default: 'http://127.0.0.1:8088',
      description: 'Where its HTTP server listens: `bindaddr` and `bindport` in http.conf.',
    }),
    user: Type.String({ description: 'Name of a section in ari.conf.' }),
    password: Type.Optional(Type.String({ description: '`password` of that section.' })),
    passwordFile: Type.Optional(
      Type.String({ description: 'File that holds the password instead.' }),
    ),
    application: Type.String({
      default: 'peerage',
      pattern: '^[A-Za-z0-9_-]{1,80}$',
      description:
        'Name that the dialplan gives to Stasis(). Two Peerages on one Asterisk need two names.',
    }),
    budgetMs: Type.Integer({
      default: 1000,
      minimum: 10,
      maximum: 60_000,
      description: 'How long a call may be held; then it goes on as it is.',
    }),
  },
  {
    additionalProperties: false,
    description: 'Its REST interface (ARI): for calls in Stasis(), and for calls by a click.',
  },
)

export type AriOptions = Static<typeof ariOptions>

/** As they may stand in a section's name and in a password of ari.conf. */
const oneLine = /^[^\p{Cc}]{1,200}$/u

export function checkAri({ url, user, password }: AriOptions, path: string): Complaint[] {
  const complaints: Complaint[] = []
  const parsed = URL.parse(url)
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.href !== `${parsed.origin}/`) {
    const problem = 'is not the address of an HTTP server: no path, and no user or password in it'
    complaints.push({ path: `${path}.url`, problem, example: 'http://127.0.0.1:8088' })
  } else if (parsed.protocol === 'http:' && !isLoopback(parsed.hostname)) {
    // Who has the password of this user can make any call.
    const problem = 'would send the password in clear text to another machine'
    complaints.push({ path: `${path}.url`, problem, example: 'https://pbx1.example.org:8089' })
  }
  if (!oneLine.test(user) || user.includes(':')) {
    const problem = 'is not the name of a section in ari.conf'
    complaints.push({ path: `${path}.user`, problem, example: 'peerage' })
  }
  if (password === undefined || !oneLine.test(password)) {
    const problem = 'is missing, or no single line; expected the `password` of the user in ari.conf'
    const example = 'passwordFile: /run/secrets/ari'
    complaints.push({ path: `${path}.password`, problem, example })
  }
  return complaints
}
